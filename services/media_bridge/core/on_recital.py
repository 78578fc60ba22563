"""What the model reads word for word: heard as far as it agrees, stopped where it does not."""

from collections.abc import Iterator

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.phases import Phase
from services.media_bridge.core.speaking import announcing
from services.media_bridge.core.speaking.response_queue import MOST_FAILURES, WantedResponse
from services.media_bridge.core.state import CallState
from shared.domain.outcomes import Failure


def recited(call: CallState, event: ev.Recited) -> Iterator[do.Command]:
    """The words of a recital, as they come: its sound is heard as far as they agree."""
    if event.letters is not None:
        yield from call.audio_out.recited(event.response_id, event.letters, hold=call.holds_reply)
    elif call.audio_out.recitals.get(event.response_id) is not None:
        yield from misread(call, event)


def misread(call: CallState, event: ev.Recited | ev.AgentSaid) -> Iterator[do.Command]:
    """The model says something else than it was to read: once more, then a person."""
    at_ms, response_id = event.at_ms, event.response_id
    call.audio_out.misread(response_id)
    if isinstance(event, ev.AgentSaid):
        yield from call.audio_out.said(event)
    sentence = call.responses.recites(response_id)
    if sentence is None:
        return
    yield from call.cut(at_ms)
    yield do.CancelResponse(call.responses.number("c"), response_id)
    call.responses.abandon()
    call.responses.failures += 1
    current = call.announcements.current
    if current is not None and current.response_id == response_id:
        yield from announcing.again(call, at_ms, current)
    elif call.responses.failures <= MOST_FAILURES:
        call.responses.again(WantedResponse(sentence=sentence, urgent=True))
    elif call.phase is Phase.ENDING:
        yield from call.goodbye_unsaid()
    else:
        yield from call.model_failed(at_ms, Failure.RESPONSE_FAILED)
