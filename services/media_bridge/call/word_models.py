"""What models read in words before the session is told of them.

Their verdicts go on the event: so a journal replays whatever the weights have become, and the
session loads none.
"""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from services.media_bridge.core import events as ev
from services.media_bridge.core.guards.claims.claim import Odds
from services.media_bridge.core.session import CallSession


@dataclass(frozen=True, slots=True)
class WordModels:
    """Both take a millisecond or so a sentence; without them nothing is read."""

    # The verdict on a caller's words and what they answer, None for none.
    danger_in: Callable[[str, str], str | None] = lambda _text, _asked: None
    # What the agent's words may claim, by sentence, and the caller's last words before them.
    claims_in: Callable[[str, str], tuple[Odds, ...]] = lambda _text, _caller: ()

    def read(self, event: ev.Event, session: CallSession) -> ev.Event:
        """`event` with what was read in its words; the same where it has none."""
        if isinstance(event, ev.CallerSaid):
            asked = session.asked(event.item_id)
            return replace(event, hazard=self.danger_in(event.text, asked))
        if isinstance(event, ev.AgentSaid) and not session.recites(event.response_id):
            return replace(event, odds=self.claims_in(event.text, session.callers_words))
        return event


NO_MODELS = WordModels()
