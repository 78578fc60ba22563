"""What the caller does: speaks, is understood, presses keys."""

from collections.abc import Iterator

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core import tool_side
from services.media_bridge.core.call import Call, Phase
from services.media_bridge.core.danger import asks_about_danger, denies_danger, heard_danger
from services.media_bridge.core.farewell import says_only_goodbye
from services.media_bridge.core.keys import PAUSE_MS, Keyed
from services.media_bridge.core.recital import Recital
from services.media_bridge.core.wording import (
    AFTER_GUIDANCE,
    CALLER_WENT_ON,
    CARD_READ_OUT,
    KEYED,
    NO_CARDS,
    say_exactly,
)
from shared.domain.models import Hazard

# The reply waits so long for the caller's words, because a danger in them is answered first.
# Counted from the end of the utterance; most replies take as long to begin anyhow.
WORDS_MS = 1_200
# Words that come too late this often running are waited for no more, until some come in time.
MOST_LATE = 2
MOST_REOPENED = 2
# Endings that the caller can talk us out of.
REOPENED = frozenset({"goodbye", "silence"})


def spoke(call: Call, event: ev.CallerSpoke) -> Iterator[do.Command]:
    """The caller began to speak: whatever the agent is saying stops.

    Server VAD with interrupt_response cancels the response by itself: cancelling it here too
    would be refused, or worse, cancel the next one.
    """
    call.silences = 0
    call.gate.caller_spoke()
    call.voice.caller_stopped(None)
    yield from call.cut(event.at_ms)
    _began(call, event.at_ms, event.item_id)


def _began(call: Call, at_ms: int, item_id: str) -> None:
    call.notebook.caller_began(at_ms, item_id)
    call.cards.began(item_id)


def stopped(call: Call, event: ev.CallerStopped) -> None:
    call.gate.caller_stopped(event.at_ms)
    call.voice.caller_stopped(event.at_ms)
    call.readback.caller_stopped(event.item_id)
    _began(call, event.at_ms, event.item_id)
    await_words(call, event.at_ms, event.item_id)


def await_words(call: Call, at_ms: int, item_id: str) -> None:
    """An utterance is over: the reply waits for its words."""
    call.stopped_at[item_id] = at_ms
    if call.late_words < MOST_LATE and item_id not in call.told:
        call.untold[item_id] = at_ms + WORDS_MS
        call.alarms.set("words", min(call.untold.values()))


def words_late(call: Call, now_ms: int) -> Iterator[do.Command]:
    """Some utterance was not transcribed in time: let the reply be heard."""
    late = [item_id for item_id, until in call.untold.items() if until <= now_ms]
    call.late_words += len(late)
    yield from _told(call, now_ms, late)


def _told(call: Call, at_ms: int, items: list[str]) -> Iterator[do.Command]:
    for item_id in items:
        call.untold.pop(item_id, None)
    if call.untold:
        call.alarms.set("words", min(call.untold.values()))
        return
    call.alarms.clear("words")
    if not call.holds_voice:
        yield from call.voice.release(at_ms)
    yield from tool_side.words_came(call)


def unheard(call: Call, event: ev.CallerUnheard) -> Iterator[do.Command]:
    if event.item_id in call.told:
        return
    call.told.append(event.item_id)
    call.readback.caller_said(event.item_id, "")
    call.cards.said(event.item_id, "")
    yield call.notebook.caller_said(event.at_ms, event.item_id, "")
    yield from _told(call, event.at_ms, [event.item_id])


def said(call: Call, event: ev.CallerSaid) -> Iterator[do.Command]:
    """The words of an utterance came: look for card numbers and danger before anything else."""
    if event.item_id in call.told:
        return
    call.told.append(event.item_id)
    if event.at_ms <= call.stopped_at.pop(event.item_id, event.at_ms) + WORDS_MS:
        call.late_words = 0
    parts = _parts_of_card(call, event)
    text = call.cards.text(event.item_id)
    yield call.notebook.caller_said(event.at_ms, event.item_id, text)
    asked = call.readback.asked(event.item_id)
    call.readback.caller_said(event.item_id, text)
    call.figures.caller_said(text)
    yield from _went_on(call, event.at_ms, text)
    if parts:
        yield from _card(call, event.at_ms, event.item_id, parts)
    hazard = heard_danger(text, asked)
    if hazard is None:
        yield from _safe(call, event.at_ms, text, asked)
    elif hazard.category.value not in call.hazards:
        yield from _danger(call, event.at_ms, hazard)
    yield from _told(call, event.at_ms, [event.item_id])


def _went_on(call: Call, at_ms: int, text: str) -> Iterator[do.Command]:
    """The caller spoke over our goodbye: only another goodbye lets it stand."""
    ending = call.farewell
    if ending is None or ending.reason not in REOPENED or says_only_goodbye(text):
        return
    if call.reopened < MOST_REOPENED and call.model_ready:
        call.reopened += 1
        call.reopen()
        yield do.TellModel(CALLER_WENT_ON)


def _safe(call: Call, at_ms: int, text: str, asked: str) -> Iterator[do.Command]:
    """An answer to the question about danger that denies it: the caller is one we can book."""
    if not call.qualified and asks_about_danger(asked) and denies_danger(text):
        call.qualified = True
        yield do.NoteCall(at_ms, stage="qualified")


def _danger(call: Call, at_ms: int, hazard: Hazard) -> Iterator[do.Command]:
    """Tell the caller what to do before anything else is heard, and on-call at once."""
    category = hazard.category.value
    call.hazards.add(category)
    yield from call.interrupt(at_ms)
    terms = call.terms
    text = terms.guidance.get(category, hazard.guidance) if terms else hazard.guidance
    clip = terms.guidance_clips.get(category) if terms else None
    recital = Recital(category, clip.text if clip else text, clip.audio if clip else None)
    yield from call.recite(at_ms, recital)
    yield do.NoteCall(at_ms, hazard=category)
    yield do.AlertHazard(category)
    if clip is not None and call.model_ready:
        yield do.TellSpoken(clip.text)
        yield do.TellModel(AFTER_GUIDANCE.format(guidance=clip.text))
        if call.phase is Phase.LIVE:
            call.gate.want()
    call.bound_farewell(at_ms)


def _parts_of_card(call: Call, event: ev.CallerSaid) -> tuple[str, ...]:
    """Every item and tool call that holds a part of the card number these words completed."""
    if event.masked:
        call.cards.sealed(event.item_id, event.text)
        return event.card_items
    found = call.cards.said(event.item_id, event.text)
    return _all_parts(call, event.item_id, found)


def _all_parts(call: Call, last: str, found: tuple[str, ...]) -> tuple[str, ...]:
    """`found`, and whatever repeated the digits: the agent, or what it gave to a tool."""
    if not found:
        return ()
    return tuple(dict.fromkeys((*found, last, *call.notebook.echoes(found))))


def _card(call: Call, at_ms: int, last: str, parts: tuple[str, ...]) -> Iterator[do.Command]:
    """Stop, forget the number everywhere, and say that it is not wanted.

    Only `parts` held digits of it; the turn of `last`, which completed it, is written already.
    """
    call.cards.completed(last)
    yield from call.interrupt(at_ms)
    yield do.Measure("CardNumbersMasked", 1)
    earlier = [item_id for item_id in parts if item_id != last]
    yield from call.notebook.mask_again(earlier, call.cards.text)
    if not call.model_ready:
        return
    for item_id in parts:
        if call.notebook.in_conversation(item_id) and item_id not in call.forgotten:
            call.forgotten.add(item_id)
            yield do.ForgetItem(call.gate.number("f"), item_id)
    yield from _no_cards(call)


def _no_cards(call: Call) -> Iterator[do.Command]:
    yield do.TellModel(CARD_READ_OUT)
    if call.phase is Phase.LIVE:
        call.gate.want(say_exactly(NO_CARDS))


def pressed(call: Call, event: ev.KeyPressed) -> Iterator[do.Command]:
    call.silences = 0
    call.alarms.clear("quiet")
    keyed = call.keys.pressed(event.digit, event.at_ms)
    found = call.cards.keyed(event.digit, event.at_ms, PAUSE_MS)
    last = call.cards.last_keyed
    parts = event.card_items or _all_parts(call, last, found)
    if parts and parts != (last,):
        # It was begun before, in speech or with other keys.
        call.keys.swallow()
        yield from _card(call, event.at_ms, last, parts)
    elif keyed.kind == "card":
        call.cards.completed(last)
        yield from call.interrupt(event.at_ms)
        yield do.Measure("CardNumbersMasked", 1)
        if call.model_ready:
            yield from _no_cards(call)
    else:
        yield from _complete(call, event.at_ms, keyed)
    if keyed.kind in ("waiting", "card"):
        call.alarms.set("keys", event.at_ms + call.keys.pause_ms)
    else:
        call.alarms.clear("keys")


def keys_paused(call: Call, now_ms: int) -> Iterator[do.Command]:
    yield from _complete(call, now_ms, call.keys.paused())


def _complete(call: Call, at_ms: int, keyed: Keyed) -> Iterator[do.Command]:
    """A person was asked for, or a number is complete: tell it to the model."""
    if keyed.kind == "person":
        yield from call.hand_over(at_ms, "caller_pressed_0")
    elif keyed.kind == "number" and call.model_ready:
        item_id = call.notebook.keyed(call.cards.last_keyed, keyed.digits)
        yield do.TellModel(KEYED.format(keys=keyed.digits), item_id)
        call.gate.want()
