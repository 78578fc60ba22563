"""What the caller does: speaks, is understood, presses keys."""

from collections.abc import Iterator

from services.media_bridge.core import commands as do
from services.media_bridge.core import dangers, on_tool, spanish
from services.media_bridge.core import events as ev
from services.media_bridge.core.hearing.dtmf import KeypadEntry
from services.media_bridge.core.hearing.hazard import heard_danger, withdraws
from services.media_bridge.core.speaking.phrases import (
    CALLER_WENT_ON,
    CARD_READ_OUT,
    KEYED,
    NO_TEXTS,
    NOT_RECORDED_ANY_MORE,
    ON_THE_LINE,
)
from services.media_bridge.core.state import CallState
from services.media_bridge.core.timers import Timer
from shared.domain.hazards.language import speaks_spanish
from shared.domain.hazards.question import states_problem
from shared.domain.models import Language, RecordingDrop
from shared.domain.moments import CallMoment
from shared.domain.outcomes import CallStage, EndReason, EscalationReason
from shared.domain.spoken.callers import kinds_in
from shared.domain.spoken.objection import objects_to_recording
from shared.domain.spoken.opt_out import wants_no_texts
from shared.domain.spoken.whether_ai import asks_whether_ai

# -- turns ---------------------------------------------------------------------------------


def spoke(call: CallState, event: ev.CallerSpoke) -> Iterator[do.Command]:
    """The caller began to speak: whatever the agent is saying stops.

    Server VAD with interrupt_response cancels a response in the conversation by itself: cancelling
    it here too would be refused, or worse, cancel the next one. It leaves a recital alone.
    """
    call.ending.silences = 0
    call.responses.caller_spoke()
    call.audio_out.first_sounds.caller_spoke()
    call.hearing.hazards.spoken_over = call.announcements.guidance
    yield from call.cut(event.at_ms)
    if call.responses.reciting and call.responses.active is not None:
        yield do.CancelResponse(call.responses.number("c"), call.responses.active)
    _began(call, event.at_ms, event.item_id)


def _began(call: CallState, at_ms: int, item_id: str) -> None:
    call.transcript.caller_began(at_ms, item_id)
    call.hearing.cards.began(item_id)


def stopped(call: CallState, event: ev.CallerStopped) -> None:
    """The caller's turn is over: it is answered, and the answer heard once its words are here."""
    call.responses.caller_stopped()
    if call.live:
        call.responses.answer_caller()
    call.audio_out.first_sounds.caller_stopped(event.at_ms)
    call.guards.read_back.caller_stopped(event.item_id)
    _began(call, event.at_ms, event.item_id)
    await_words(call, event.at_ms, event.item_id)


# -- words ---------------------------------------------------------------------------------


def await_words(call: CallState, at_ms: int, item_id: str) -> None:
    """An utterance is over: the reply waits for its words."""
    if call.hearing.awaited.stopped(item_id, at_ms):
        _watch_words(call)


def _watch_words(call: CallState) -> None:
    next_ms = call.hearing.awaited.next_ms
    if next_ms is None:
        call.timers.clear(Timer.WORDS)
    else:
        call.timers.set(Timer.WORDS, next_ms)


def words_late(call: CallState, now_ms: int) -> Iterator[do.Command]:
    """Some utterance was not transcribed in time: let the reply be heard."""
    yield from _let_go(call, now_ms, call.hearing.awaited.overdue(now_ms))


def _let_go(call: CallState, at_ms: int, items: list[str]) -> Iterator[do.Command]:
    """The reply is held for these words no more; what waited for the last of them goes on."""
    for item_id in items:
        call.hearing.awaited.let_go(item_id)
    _watch_words(call)
    if call.hearing.awaited.any:
        return
    if not call.holds_reply:
        yield from call.audio_out.release(at_ms)
    yield from on_tool.words_came(call)


def unheard(call: CallState, event: ev.CallerUnheard) -> Iterator[do.Command]:
    """The words of an utterance will never come."""
    if not call.hearing.awaited.settle(event.item_id):
        return
    call.guards.read_back.caller_said(event.item_id, "")
    call.hearing.cards.said(event.item_id, "")
    yield call.transcript.caller_said(event.at_ms, event.item_id, "")
    yield from _let_go(call, event.at_ms, [event.item_id])


def said(call: CallState, event: ev.CallerSaid) -> Iterator[do.Command]:
    """The words of an utterance came: look for card numbers and danger before anything else."""
    if not call.hearing.awaited.settle(event.item_id):
        return
    call.hearing.awaited.came(event.item_id, event.at_ms)
    parts = _parts_of_card(call, event)
    text = call.hearing.cards.text(event.item_id)
    yield call.transcript.caller_said(event.at_ms, event.item_id, text)
    asked = call.guards.read_back.asked(event.item_id)
    by_code = call.guards.read_back.asked_about_danger(event.item_id)
    call.guards.read_back.caller_said(event.item_id, text)
    call.guards.claims.caller_said(text)
    yield from _went_on(call, text)
    if parts:
        yield from _card(call, event.at_ms, event.item_id, parts)
    if not call.hearing.objected and objects_to_recording(text):
        yield from _objection(call, event.at_ms)
    yield from _who(call, event.at_ms, text)
    yield from _no_texts(call, event.at_ms, text)
    hazard = heard_danger(text, asked, event.hazard, is_asked=by_code)
    hazard = call.hearing.hazards.hears(text, hazard)
    if hazard is not None and hazard.language is Language.SPANISH:
        yield from spanish.heard(call, event.at_ms)
    if hazard is not None and call.hearing.hazards.is_new(hazard):
        yield from dangers.raised(call, event.at_ms, hazard)
    elif hazard is None and call.hearing.hazards.spoken_over and withdraws(text):
        yield from dangers.withdrawn(call, event.at_ms, call.hearing.hazards.spoken_over)
    elif hazard is None and speaks_spanish(text):
        yield from spanish.meet(call, event.at_ms, text)
    elif hazard is None and call.hearing.hazards.qualifies(text, asked, is_asked=by_code):
        yield do.NoteCall(event.at_ms, stage=CallStage.QUALIFIED)
    elif hazard is None and states_problem(text) and dangers.asks_first(call) and _unsaid(call):
        yield from dangers.ask(call, event.at_ms, said=text)
    elif hazard is None and asks_whether_ai(text) and call.live and _unsaid(call):
        yield from call.interrupt(event.at_ms)
        call.say(CallMoment.AN_AI)
    yield from _let_go(call, event.at_ms, [event.item_id])


def _unsaid(call: CallState) -> bool:
    """Nothing of the model's answer was heard yet: nobody is cut off."""
    return call.audio_out.playback.idle


def _went_on(call: CallState, text: str) -> Iterator[do.Command]:
    """The caller spoke over our goodbye: only another goodbye lets it stand."""
    if call.ending.talked_out_of(text) and call.model_ready:
        call.ending.reopened_by_caller()
        call.reopen()
        yield do.TellModel(CALLER_WENT_ON)
        call.responses.answer_caller()


def _who(call: CallState, at_ms: int, text: str) -> Iterator[do.Command]:
    """They say who is on the line: it is kept, and the model told what that asks of it."""
    new = sorted(kinds_in(text) - set(call.hearing.kinds))
    if not new:
        return
    call.hearing.kinds = (*call.hearing.kinds, *new)
    yield do.NoteCall(at_ms, caller_kinds=call.hearing.kinds)
    if call.model_ready:
        for kind in new:
            yield do.TellModel(ON_THE_LINE[kind])


def _no_texts(call: CallState, at_ms: int, text: str) -> Iterator[do.Command]:
    """They want no texts: it is kept of their number, and the model told."""
    if call.hearing.no_texts or not wants_no_texts(text):
        return
    call.hearing.no_texts = True
    yield do.NoteCall(at_ms, no_texts=True)
    if call.model_ready:
        yield do.TellModel(NO_TEXTS)


# -- the recording -------------------------------------------------------------------------


def _objection(call: CallState, at_ms: int) -> Iterator[do.Command]:
    """The caller does not want to be recorded: it stops, and they choose how to go on."""
    call.hearing.objected = True
    if call.setup is None or not call.setup.recorded:
        return
    yield do.NoteCall(at_ms, recording_dropped=RecordingDrop.OBJECTION)
    call.ask_anew()
    yield from call.interrupt(at_ms)
    if not call.model_ready:
        return
    yield do.TellModel(NOT_RECORDED_ANY_MORE)
    if call.live:
        call.say(CallMoment.RECORDING_OFF)


# -- a card number -------------------------------------------------------------------------


def _parts_of_card(call: CallState, event: ev.CallerSaid) -> tuple[str, ...]:
    """Every item and tool call that holds a part of the card number these words completed."""
    if event.masked:
        call.hearing.cards.sealed(event.item_id, event.text)
        return event.card_items
    found = call.hearing.cards.said(event.item_id, event.text)
    return _all_parts(call, event.item_id, found)


def _all_parts(call: CallState, last: str, found: tuple[str, ...]) -> tuple[str, ...]:
    """`found`, and whatever repeated the digits: the agent, or what it gave to a tool."""
    if not found:
        return ()
    return tuple(dict.fromkeys((*found, last, *call.transcript.echoes(found))))


def _card(call: CallState, at_ms: int, last: str, parts: tuple[str, ...]) -> Iterator[do.Command]:
    """Stop, forget the number everywhere, and say that it is not wanted.

    Only `parts` held digits of it; the turn of `last`, which completed it, is written already.
    """
    cards = call.hearing.cards
    cards.completed(last)
    call.ask_anew()
    yield from call.interrupt(at_ms)
    yield from _card_is_on_the_recording(at_ms)
    earlier = [item_id for item_id in parts if item_id != last]
    yield from call.transcript.mask_again(earlier, cards.text)
    if not call.model_ready:
        return
    known = [item_id for item_id in parts if call.transcript.in_conversation(item_id)]
    for item_id in cards.forget(known):
        retold = item_id in call.transcript.retold
        yield do.ForgetItem(call.responses.number("f"), item_id, retold)
    yield from _no_cards(call)


def _card_is_on_the_recording(at_ms: int) -> Iterator[do.Command]:
    yield do.NoteCall(at_ms, recording_dropped=RecordingDrop.CARD)
    # Last: a journal finds the masked items behind it.
    yield do.Measure("CardNumbersMasked", 1)


def _no_cards(call: CallState) -> Iterator[do.Command]:
    yield do.TellModel(CARD_READ_OUT)
    if call.live:
        call.say(CallMoment.NO_CARDS)


# -- keys ----------------------------------------------------------------------------------


def pressed(call: CallState, event: ev.KeyPressed) -> Iterator[do.Command]:
    """A key: a part of a number, the wish for a person, or the rest of a card number."""
    call.ending.silences = 0
    call.timers.clear(Timer.QUIET)
    cards = call.hearing.cards
    keyed, found = cards.pressed(event.digit, event.at_ms)
    last = cards.last_keyed
    parts = event.card_items or _all_parts(call, last, found)
    if parts and parts != (last,):
        # It was begun before, in speech or with other keys.
        cards.swallow_keys()
        yield from _card(call, event.at_ms, last, parts)
    elif keyed.kind == "card":
        cards.completed(last)
        yield from call.interrupt(event.at_ms)
        yield from _card_is_on_the_recording(event.at_ms)
        if call.model_ready:
            yield from _no_cards(call)
    else:
        yield from _complete(call, event.at_ms, keyed)
    if keyed.kind in ("waiting", "card"):
        call.timers.set(Timer.KEYS, event.at_ms + cards.key_pause_ms)
    else:
        call.timers.clear(Timer.KEYS)


def keys_paused(call: CallState, now_ms: int) -> Iterator[do.Command]:
    """No key for a while: what was keyed is complete."""
    yield from _complete(call, now_ms, call.hearing.cards.keys_paused())


def _complete(call: CallState, at_ms: int, keyed: KeypadEntry) -> Iterator[do.Command]:
    """A person was asked for, or a number is complete: tell it to the model."""
    if keyed.kind == "person":
        # Who presses it again is in a hurry: the hand-over under way does not begin anew.
        if call.closing is None or call.closing.reason is not EndReason.HANDED_OVER:
            yield from call.hand_over(at_ms, EscalationReason.CALLER_PRESSED_0)
    elif keyed.kind == "number":
        item_id = call.transcript.keyed(call.hearing.cards.last_keyed, keyed.digits)
        if call.model_ready:  # else it is told with all the rest
            yield do.TellModel(KEYED.format(keys=keyed.digits), item_id)
        call.responses.want()
