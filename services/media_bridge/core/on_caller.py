"""What the caller does: speaks, is understood, presses keys."""

from collections.abc import Iterator

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core import on_tool
from services.media_bridge.core.hearing.dtmf import PAUSE_MS, KeypadEntry
from services.media_bridge.core.hearing.hazard import asks_about_danger, denies_danger, heard_danger
from services.media_bridge.core.speaking.announcements import Announcement
from services.media_bridge.core.speaking.closing import says_only_goodbye
from services.media_bridge.core.speaking.phrases import (
    AFTER_GUIDANCE,
    CALLER_WENT_ON,
    CARD_READ_OUT,
    KEYED,
    NO_CARDS,
    say_exactly,
)
from services.media_bridge.core.state import CallState, Phase
from shared.domain.models import Hazard

# The reply waits so long for the caller's words, because a danger in them is answered first.
# Counted from the end of the utterance; most replies take as long to begin anyhow.
WORDS_MS = 1_200
# Words that come too late this often running are waited for no more, until some come in time.
MOST_LATE = 2
MOST_REOPENED = 2
# Endings that the caller can talk us out of.
REOPENED = frozenset({"goodbye", "silence"})


def spoke(call: CallState, event: ev.CallerSpoke) -> Iterator[do.Command]:
    """The caller began to speak: whatever the agent is saying stops.

    Server VAD with interrupt_response cancels the response by itself: cancelling it here too
    would be refused, or worse, cancel the next one.
    """
    call.silences = 0
    call.responses.caller_spoke()
    call.voice.caller_stopped(None)
    yield from call.cut(event.at_ms)
    _began(call, event.at_ms, event.item_id)


def _began(call: CallState, at_ms: int, item_id: str) -> None:
    call.transcript.caller_began(at_ms, item_id)
    call.cards.began(item_id)


def stopped(call: CallState, event: ev.CallerStopped) -> None:
    call.responses.caller_stopped(event.at_ms)
    call.voice.caller_stopped(event.at_ms)
    call.read_back.caller_stopped(event.item_id)
    _began(call, event.at_ms, event.item_id)
    await_words(call, event.at_ms, event.item_id)


def await_words(call: CallState, at_ms: int, item_id: str) -> None:
    """An utterance is over: the reply waits for its words."""
    call.stopped_at[item_id] = at_ms
    if call.late_transcripts < MOST_LATE and item_id not in call.transcribed:
        call.awaiting_transcript[item_id] = at_ms + WORDS_MS
        call.timers.set("words", min(call.awaiting_transcript.values()))


def words_late(call: CallState, now_ms: int) -> Iterator[do.Command]:
    """Some utterance was not transcribed in time: let the reply be heard."""
    late = [item_id for item_id, until in call.awaiting_transcript.items() if until <= now_ms]
    call.late_transcripts += len(late)
    yield from _told(call, now_ms, late)


def _told(call: CallState, at_ms: int, items: list[str]) -> Iterator[do.Command]:
    for item_id in items:
        call.awaiting_transcript.pop(item_id, None)
    if call.awaiting_transcript:
        call.timers.set("words", min(call.awaiting_transcript.values()))
        return
    call.timers.clear("words")
    if not call.holds_voice:
        yield from call.voice.release(at_ms)
    yield from on_tool.words_came(call)


def unheard(call: CallState, event: ev.CallerUnheard) -> Iterator[do.Command]:
    if event.item_id in call.transcribed:
        return
    call.transcribed.append(event.item_id)
    call.read_back.caller_said(event.item_id, "")
    call.cards.said(event.item_id, "")
    yield call.transcript.caller_said(event.at_ms, event.item_id, "")
    yield from _told(call, event.at_ms, [event.item_id])


def said(call: CallState, event: ev.CallerSaid) -> Iterator[do.Command]:
    """The words of an utterance came: look for card numbers and danger before anything else."""
    if event.item_id in call.transcribed:
        return
    call.transcribed.append(event.item_id)
    if event.at_ms <= call.stopped_at.pop(event.item_id, event.at_ms) + WORDS_MS:
        call.late_transcripts = 0
    parts = _parts_of_card(call, event)
    text = call.cards.text(event.item_id)
    yield call.transcript.caller_said(event.at_ms, event.item_id, text)
    asked = call.read_back.asked(event.item_id)
    call.read_back.caller_said(event.item_id, text)
    call.figures.caller_said(text)
    yield from _went_on(call, event.at_ms, text)
    if parts:
        yield from _card(call, event.at_ms, event.item_id, parts)
    hazard = heard_danger(text, asked, event.hazard)
    if hazard is None:
        yield from _safe(call, event.at_ms, text, asked)
    elif hazard.category.value not in call.hazards:
        yield from _danger(call, event.at_ms, hazard)
    yield from _told(call, event.at_ms, [event.item_id])


def _went_on(call: CallState, at_ms: int, text: str) -> Iterator[do.Command]:
    """The caller spoke over our goodbye: only another goodbye lets it stand."""
    ending = call.closing
    if ending is None or ending.reason not in REOPENED or says_only_goodbye(text):
        return
    if call.reopened < MOST_REOPENED and call.model_ready:
        call.reopened += 1
        call.reopen()
        yield do.TellModel(CALLER_WENT_ON)


def _safe(call: CallState, at_ms: int, text: str, asked: str) -> Iterator[do.Command]:
    """An answer to the question about danger that denies it: the caller is one we can book."""
    if not call.qualified and asks_about_danger(asked) and denies_danger(text):
        call.qualified = True
        yield do.NoteCall(at_ms, stage="qualified")


def _danger(call: CallState, at_ms: int, hazard: Hazard) -> Iterator[do.Command]:
    """Tell the caller what to do before anything else is heard, and on-call at once."""
    category = hazard.category.value
    call.hazards.add(category)
    yield from call.interrupt(at_ms)
    terms = call.terms
    text = terms.guidance.get(category, hazard.guidance) if terms else hazard.guidance
    clip = terms.guidance_clips.get(category) if terms else None
    announcement = Announcement(category, clip.text if clip else text, clip.audio if clip else None)
    yield from call.recite(at_ms, announcement)
    yield do.NoteCall(at_ms, hazard=category)
    yield do.AlertHazard(category)
    if clip is not None and call.model_ready:
        yield do.TellSpoken(clip.text)
        yield do.TellModel(AFTER_GUIDANCE.format(guidance=clip.text))
        if call.phase is Phase.LIVE:
            call.responses.want()
    call.bound_farewell(at_ms)


def _parts_of_card(call: CallState, event: ev.CallerSaid) -> tuple[str, ...]:
    """Every item and tool call that holds a part of the card number these words completed."""
    if event.masked:
        call.cards.sealed(event.item_id, event.text)
        return event.card_items
    found = call.cards.said(event.item_id, event.text)
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
    call.cards.completed(last)
    yield from call.interrupt(at_ms)
    yield do.Measure("CardNumbersMasked", 1)
    earlier = [item_id for item_id in parts if item_id != last]
    yield from call.transcript.mask_again(earlier, call.cards.text)
    if not call.model_ready:
        return
    for item_id in parts:
        if call.transcript.in_conversation(item_id) and item_id not in call.forgotten:
            call.forgotten.add(item_id)
            yield do.ForgetItem(call.responses.number("f"), item_id)
    yield from _no_cards(call)


def _no_cards(call: CallState) -> Iterator[do.Command]:
    yield do.TellModel(CARD_READ_OUT)
    if call.phase is Phase.LIVE:
        call.responses.want(say_exactly(NO_CARDS))


def pressed(call: CallState, event: ev.KeyPressed) -> Iterator[do.Command]:
    call.silences = 0
    call.timers.clear("quiet")
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
        call.timers.set("keys", event.at_ms + call.keys.pause_ms)
    else:
        call.timers.clear("keys")


def keys_paused(call: CallState, now_ms: int) -> Iterator[do.Command]:
    yield from _complete(call, now_ms, call.keys.paused())


def _complete(call: CallState, at_ms: int, keyed: KeypadEntry) -> Iterator[do.Command]:
    """A person was asked for, or a number is complete: tell it to the model."""
    if keyed.kind == "person":
        yield from call.hand_over(at_ms, "caller_pressed_0")
    elif keyed.kind == "number" and call.model_ready:
        item_id = call.transcript.keyed(call.cards.last_keyed, keyed.digits)
        yield do.TellModel(KEYED.format(keys=keyed.digits), item_id)
        call.responses.want()
