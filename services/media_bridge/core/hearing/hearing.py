"""The machines of the caller's side, as one part of a call."""

from services.media_bridge.core.hearing.awaited_transcripts import AwaitedTranscripts
from services.media_bridge.core.hearing.caller_turn import OpenTurn
from services.media_bridge.core.hearing.card_numbers import CardNumbers
from services.media_bridge.core.hearing.hazard import HazardWatch
from services.media_bridge.core.hearing.kept_audio import KeptAudio
from shared.domain.models import CallerKind


class Hearing:
    """What is known of the caller's side."""

    def __init__(self) -> None:
        # Their sound on its way to the model.
        self.audio = KeptAudio()
        # The turn they are speaking.
        self.turn = OpenTurn()
        # Their words that are on the way.
        self.awaited = AwaitedTranscripts()
        # Card numbers in what they say and key.
        self.cards = CardNumbers()
        # Dangers in what they say.
        self.hazards = HazardWatch()
        # Who is on the line, as far as they said so.
        self.kinds: tuple[CallerKind, ...] = ()
        # In what words they spoke Spanish when they were met in it; "": they were not.
        self.met_with = ""
        # How often they spoke and the model's server did not say so.
        self.unnoticed = 0
        # That they do not want to be recorded was heard, and seen to.
        self.objected = False
        # The same of texts.
        self.no_texts = False
