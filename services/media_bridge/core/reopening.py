"""A model that is lost is opened again, and told what its call has come to.

A session is a socket of its own (a leg); one that was left feeds nothing any more, whatever its
server still sends. So nothing here asks which session an event is of. What the core knows outlives
sessions: what was read back and confirmed, quoted, offered and booked, and every turn. The new
session is told of that in its own items: the caller's words as theirs, tools as calls that were
answered, under new ids.

    READY ──lost, mute──▶ LOST ──ReopenModel──▶ UNOPENED ─ … ─▶ READY
      │                                                           │
      what was half said stops;                    history, the caller's last sound,
      a clip says that it takes a moment           what was wanted is asked for anew
"""

from collections.abc import Iterator
from typing import Final

from services.media_bridge.core import commands as do
from services.media_bridge.core import meanwhile
from services.media_bridge.core.hearing.caller_turn import OVERDUE_MS
from services.media_bridge.core.phases import ModelState
from services.media_bridge.core.speaking import disclosure
from services.media_bridge.core.speaking.phrases import ON_THE_LINE, RESUMED, STILL_RUNNING
from services.media_bridge.core.state import CallState
from services.media_bridge.core.timers import Timer
from shared.domain.outcomes import Failure

MOST_REOPENED: Final = 2
# From the loss to a session that can be spoken to; the caller hears a clip meanwhile.
READY_MS: Final = 4_000
# Before the second try: whatever refused the first may have passed.
PAUSE_MS: Final = 700
# Of long calls the newest turns are told: what was decided before stands in the tools' answers.
MOST_TURNS: Final = 60
_TO_THE_LINE = (do.ClearPlayback, do.NoteTurn, do.Measure)


def reopen(call: CallState, at_ms: int, failure: Failure) -> Iterator[do.Command]:
    """The session is of no more use: open another one, or leave the caller to a person."""
    if call.phases.model is not ModelState.LOST:
        call.phases.model_becomes(ModelState.LOST)
    if call.phases.reopened >= MOST_REOPENED:
        yield from call.model_failed(at_ms, failure)
        return
    yield do.Measure("ModelSessionFailed", 1)
    yield from _leave(call, at_ms)
    call.phases.model_becomes(ModelState.UNOPENED)
    first = call.phases.reopened == 1
    if first:  # the second try has what is left of the first one's time
        call.timers.set(Timer.MODEL, at_ms + READY_MS)
    yield do.ReopenModel(0 if first else PAUSE_MS)


def give_up(call: CallState) -> None:
    """Another session would meet the same: none is opened any more."""
    call.phases.reopened = MOST_REOPENED


def _leave(call: CallState, at_ms: int) -> Iterator[do.Command]:
    """Keep what the next session needs, and stop what this one was only half through with."""
    responses, hearing = call.responses, call.hearing
    half_said = responses.busy
    current = call.announcements.current
    if current is not None and current.clip is None and not current.said:
        current.request_id, current.response_id = None, None
    if half_said:
        commands = call.audio_out.cut(responses.active)
        yield from (one for one in commands if isinstance(one, _TO_THE_LINE))
    responses.session_lost()
    call.tool_calls.session_lost()
    if hearing.awaited.any:
        responses.caller_spoke()
    hearing.awaited.session_lost()
    hearing.audio.session_lost()
    for timer in (Timer.WORDS, Timer.STALLED, Timer.TURN):
        call.timers.clear(timer)
    if half_said and not responses.speaking and not call.holds_reply and call.audio_out.idle:
        yield from meanwhile.say(call, at_ms)


def resume(call: CallState, at_ms: int) -> Iterator[do.Command]:
    """The new session is ready: tell it all, let it hear what was not understood, and go on."""
    turns = [t for t in call.transcript.told() if not (t.item_id or "").startswith(meanwhile.CLIP)]
    for turn in turns[-MOST_TURNS:]:
        yield from _recall(call, turn)
    for kind in call.hearing.kinds:
        yield do.TellModel(ON_THE_LINE[kind])
    yield do.TellModel(RESUMED)
    for use in call.tool_calls.open:
        yield do.TellModel(STILL_RUNNING.format(tool=use.name))
    yield from disclosure.listen(call)
    if call.responses.speaking:
        # Its VAD tells of the turn in what it was just sent, or there is nothing left of it.
        call.hearing.turn.heard_anew(at_ms - OVERDUE_MS)
        call.timers.set(Timer.TURN, at_ms)


def _recall(call: CallState, turn: do.NoteTurn) -> Iterator[do.Command]:
    if turn.role == "tool":
        call_id = call.responses.number("h")
        yield do.RecallTool(call_id, turn.tool or "", turn.arguments)
        yield do.AnswerTool(call_id, turn.result or "")
        return
    item_id, words = turn.item_id or "", turn.text if turn.heard is None else turn.heard
    if turn.role == "system":
        yield do.TellModel(turn.text, item_id)
    elif words:
        call.transcript.retold.add(item_id)
        yield (do.TellHeard if turn.role == "user" else do.TellSpoken)(words, item_id)
