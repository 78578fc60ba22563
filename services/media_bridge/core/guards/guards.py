"""The guards of one call, as one part of it."""

from services.media_bridge.core.guards.claim_guard import ClaimGuard
from services.media_bridge.core.guards.loose_ends import LooseEnds
from services.media_bridge.core.guards.read_back import ReadBack
from services.media_bridge.core.speaking.agent_audio import AgentAudioOut


class Guards:
    """What holds the model to what it may say and do."""

    def __init__(self, audio_out: AgentAudioOut, read_back: ReadBack) -> None:
        # What of a booking was read back and confirmed.
        self.read_back = read_back
        # What tools returned, and what the agent says beyond it.
        self.claims = ClaimGuard()
        # Questions nobody answered, refusals nobody was told.
        self.loose_ends = LooseEnds(audio_out.spoke)
