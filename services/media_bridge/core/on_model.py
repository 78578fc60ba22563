"""What the model does: opens, speaks, calls tools, ends or fails a response, refuses."""

import re
from collections.abc import Iterator

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core import on_recital, on_tool, reopening
from services.media_bridge.core.costs import cost_usd
from services.media_bridge.core.guards.claim_guard import MOST_CORRECTIONS
from services.media_bridge.core.guards.claims.claim import Judged
from services.media_bridge.core.hearing.hazard import asks_about_danger
from services.media_bridge.core.phases import ModelState, Phase
from services.media_bridge.core.speaking import announcing, disclosure
from services.media_bridge.core.speaking.announcements import GRACE_MS
from services.media_bridge.core.speaking.phrases import WRONG_CLAIM
from services.media_bridge.core.speaking.response_queue import MOST_FAILURES, WantedResponse
from services.media_bridge.core.state import CallState
from services.media_bridge.core.timers import Timer
from shared.domain.outcomes import EndReason, EscalationReason, Failure

# From our request to response.created: nothing has to be thought of for that, and so long a caller
# who has said something hears nothing.
START_MS = 4_000
# From one sign of life of a response to the next. Sound comes faster than it is played, the
# longest call of a tool is written in 3 s, and so long a caller hears nothing.
STALLED_MS = 6_000
_NO_USE_TO_RETRY = frozenset({"insufficient_quota", "invalid_api_key"})
# Errors that come in place of the response we wait for, though they name no request.
_IN_PLACE_OF_A_RESPONSE = frozenset(
    {"rate_limit_exceeded", "server_error", "insufficient_quota", "invalid_api_key"}
)
_SHORTER = re.compile(r"of (\d+) ?ms is already shorter", re.IGNORECASE)


def opened(call: CallState) -> Iterator[do.Command]:
    """The model's socket is open: configure its session, if the caller is known to be there."""
    if call.phases.model is ModelState.UNOPENED:
        call.phases.model_becomes(ModelState.OPENED)
        yield from start_session(call)


def start_session(call: CallState) -> Iterator[do.Command]:
    """Nothing is sent to the model before the token was redeemed."""
    if call.phases.model is not ModelState.OPENED or call.setup is None:
        return
    call.phases.model_becomes(ModelState.STARTING)
    setup = call.setup
    yield do.OpenSession(setup.instructions, setup.tools, setup.model, setup.voice, setup.keywords)


def ready(call: CallState, at_ms: int) -> Iterator[do.Command]:
    """The session is configured: the model may be spoken to."""
    if call.phases.model is not ModelState.STARTING:
        return
    call.phases.model_becomes(ModelState.READY)
    call.timers.clear(Timer.MODEL)
    if call.phases.reopened:
        yield do.Measure("ModelReopened", 1)
        yield from reopening.resume(call, at_ms)
        return
    if call.setup is not None and call.setup.disclosure_clip is not None:
        yield do.TellSpoken(call.setup.disclosure_clip.text)
    yield from disclosure.listen(call)


def lost(call: CallState, event: ev.ModelLost) -> Iterator[do.Command]:
    """The model is gone. Before the token is good that is only noted; a second time it is old."""
    if call.phases.model is ModelState.LOST:
        return
    call.phases.model_becomes(ModelState.LOST)
    if event.for_good:
        reopening.give_up(call)
    if call.phase is Phase.LIVE:
        yield from reopening.reopen(call, event.at_ms, Failure.MODEL_LOST)
    elif call.phase is Phase.ENDING:
        yield from call.goodbye_unsaid()


def stalled(call: CallState, at_ms: int) -> Iterator[do.Command]:
    """A response, or our request for one, shows no sign of life any more."""
    if not call.responses.busy:
        return  # what was waited for ended meanwhile
    if call.phase is Phase.ENDING:
        yield from call.goodbye_unsaid()
    else:
        yield from reopening.reopen(call, at_ms, Failure.MODEL_STALLED)


def started(call: CallState, event: ev.ResponseStarted) -> Iterator[do.Command]:
    """A response begins: the server's own or ours. One nobody may hear now is cancelled."""
    call.timers.set(Timer.STALLED, event.at_ms + STALLED_MS)
    call.guards.loose_ends.response_began(event.response_id)
    call.announcements.started(event.response_id, event.request_id)
    wanted = call.responses.started(event.response_id, event.request_id)
    if not wanted or not call.announcements.speaks(event.response_id):
        yield from call.audio_out.drop(event.response_id)
        yield do.CancelResponse(call.responses.number("c"), event.response_id)
        return
    sentence = call.responses.recites(event.response_id)
    if sentence is not None:
        call.audio_out.recitals.begin(event.response_id, sentence)


def asked_for(call: CallState, at_ms: int) -> None:
    """A response was asked for: it begins soon, or the caller is sent to a human."""
    call.timers.set(Timer.STALLED, at_ms + START_MS)


def alive(call: CallState, at_ms: int, response_id: str) -> None:
    """The response under way showed a sign of life. What a past one still sends is none."""
    if response_id == call.responses.active:
        call.timers.set(Timer.STALLED, at_ms + STALLED_MS)


def audio(call: CallState, event: ev.AgentAudio) -> list[do.Command]:
    """A piece of the agent's sound: played, or held while it may not be heard."""
    alive(call, event.at_ms, event.response_id)
    if event.payload:
        call.responses.bore(event.response_id)
    return call.audio_out.audio(event, hold=call.holds_reply)


def said(call: CallState, event: ev.AgentSaid) -> Iterator[do.Command]:
    """The words of an item came, mostly while its sound is still playing."""
    alive(call, event.at_ms, event.response_id)
    if call.audio_out.misreads(event):
        yield from on_recital.misread(call, event)
        return
    yield from call.audio_out.said(event, hold=call.holds_reply)
    if call.audio_out.recitals.get(event.response_id) is None:
        yield from _judge(call, event)
    # After that: a question that was just cut is not heard, and nobody will answer it.
    words = call.audio_out.words(event.item_id)
    yield from on_tool.agent_said(call, event, words)
    if asks_about_danger(words):
        call.hearing.hazards.was_asked = True


def _judge(call: CallState, event: ev.AgentSaid) -> Iterator[do.Command]:
    """Hold the model's own words against what tools returned."""
    running = frozenset(use.name for use in call.tool_calls.open)
    whole, heard = call.audio_out.whole(event.item_id), call.audio_out.words(event.item_id)
    wrong, unsure = call.guards.claims.judge(
        event.item_id, whole, event.odds, event.at_ms, heard=heard, running=running
    )
    if unsure:
        yield do.Measure("UnsureClaims", len(unsure))
        yield from call.transcript.flag(event.item_id, (each.kind.value for each in unsure))
    if wrong:
        yield do.Measure("UnbackedFigures", 1)
        yield from _correct(call, event, wrong)


def _correct(call: CallState, event: ev.AgentSaid, wrong: list[Judged]) -> Iterator[do.Command]:
    """Stop a claim that no tool bears out and have the right one said; a model that persists is
    broken, and a person takes over."""
    at_ms, guard = event.at_ms, call.guards.claims
    if call.closing is not None and call.closing.reason is not EndReason.GOODBYE:
        return  # a person comes next, or nobody listens
    if guard.corrections >= MOST_CORRECTIONS:
        yield from call.hand_over(at_ms, EscalationReason.UNBACKED_FIGURES)
        return
    guard.corrections += 1
    guard.cut.add(event.response_id)
    if call.audio_out.under_way(event.item_id) or call.responses.active == event.response_id:
        yield from call.interrupt(at_ms)
    said = ", ".join(dict.fromkeys(each.said for each in wrong))
    right = "; ".join(dict.fromkeys(each.right for each in wrong))
    yield do.TellModel(WRONG_CLAIM.format(said=said, right=right))
    call.responses.want()
    call.bound_closing(at_ms)


def ended(call: CallState, event: ev.ResponseEnded) -> Iterator[do.Command]:
    """A response is over: well, cancelled, failed, or with nothing in it."""
    if event.usage is not None and call.setup is not None:
        yield do.Measure("EstimatedModelCostUsd", cost_usd(call.setup.model, event.usage))
    is_active = event.response_id == call.responses.active
    empty = call.responses.silent and is_active
    asked = call.responses.ended(event.response_id)
    if not call.responses.busy:
        call.timers.clear(Timer.STALLED)
    yield from call.audio_out.response_ended(event.response_id)
    if event.status in ("failed", "incomplete"):
        yield from _failed(call, event, asked, Failure.RESPONSE_FAILED)
        return
    if event.status == "completed" and empty:
        yield from _empty(call, event, asked)
        return
    if event.status == "completed" and is_active:
        call.responses.failures = 0
    current = call.announcements.current
    if current is not None and current.clip is None and current.response_id == event.response_id:
        yield from _announcement_ended(call, event)


def _empty(
    call: CallState, event: ev.ResponseEnded, asked: WantedResponse | None
) -> Iterator[do.Command]:
    """Neither sound nor the call of a tool: the caller would wait for nothing.

    It is asked for again in a moment, unless something else makes the model speak anyhow.
    """
    current = call.announcements.current
    announcement = current is not None and current.response_id == event.response_id
    if not announcement and (
        call.responses.speaking or call.tool_calls.busy or not call.responses.free
    ):
        return
    if call.phase is Phase.ENDING and asked is None:
        return  # the server's reply to a caller who takes leave
    yield from _failed(call, event, asked, Failure.RESPONSE_EMPTY)


def _failed(
    call: CallState, event: ev.ResponseEnded, asked: WantedResponse | None, failure: Failure
) -> Iterator[do.Command]:
    if event.reason == "session_expired" and call.phase is Phase.LIVE:
        call.responses.again(asked if asked is not None else WantedResponse(urgent=True))
        yield from reopening.reopen(call, event.at_ms, Failure.MODEL_LOST)
        return
    call.responses.failures += 1
    if call.responses.failures > MOST_FAILURES or event.reason in _NO_USE_TO_RETRY:
        if call.phase is Phase.ENDING:
            yield from call.goodbye_unsaid()
        else:
            yield from call.model_failed(event.at_ms, failure)
        return
    current = call.announcements.current
    if current is not None and current.clip is None:
        yield from announcing.start(call, event.at_ms, current)
    else:
        call.responses.again(asked if asked is not None else WantedResponse())


def _announcement_ended(call: CallState, event: ev.ResponseEnded) -> Iterator[do.Command]:
    current = call.announcements.current
    if current is None:
        return
    if event.status != "completed":
        yield from announcing.again(call, event.at_ms, current)
        return
    current.said = True
    remaining_ms = call.audio_out.playback.remaining_ms
    call.timers.set(Timer.CLIP, event.at_ms + remaining_ms + GRACE_MS)
    yield from announcement_heard(call, event.at_ms)


def announcement_heard(call: CallState, at_ms: int) -> Iterator[do.Command]:
    """The model has said the sentence; once it was played, the call goes on."""
    current = call.announcements.current
    if current is not None and current.said and call.audio_out.playback.idle:
        yield from announcing.done(call, at_ms)


def refused(call: CallState, event: ev.ModelRefused) -> Iterator[do.Command]:
    """The session goes on after an error; only some mean anything to us."""
    if call.phases.model is ModelState.STARTING and call.live:
        # The session is not as we asked for it, and no other answer to that will come.
        yield from call.model_failed(event.at_ms, Failure.MODEL_NOT_READY)
        return
    if event.code == "conversation_already_has_active_response" and call.responses.active:
        if call.responses.refused(event.request_id):
            _announcement_refused(call)
        return
    nameless = event.request_id is None and event.code in _IN_PLACE_OF_A_RESPONSE
    if call.responses.requested and (nameless or event.request_id == call.responses.requested):
        # Our request was refused for another reason, or because of a response that nobody told us
        # of: as if it had failed.
        call.responses.refused(event.request_id)
        _announcement_refused(call)
        call.responses.failures += 1
        if call.responses.failures > MOST_FAILURES:
            yield from call.model_failed(event.at_ms, Failure.RESPONSE_REFUSED)
        return
    shorter = _SHORTER.search(event.message)
    if shorter is not None:
        length_ms = int(shorter.group(1))
        yield from call.audio_out.truncations.refused(event.request_id, length_ms)


def _announcement_refused(call: CallState) -> None:
    current = call.announcements.current
    if current is not None and current.clip is None:
        current.request_id = None
