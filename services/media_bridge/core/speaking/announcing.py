"""How an announcement is begun, begun again and done with: see `announcements`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from services.media_bridge.core import commands as do
from services.media_bridge.core.speaking import disclosure
from services.media_bridge.core.speaking.announcements import (
    DISCLOSURE,
    GRACE_MS,
    MOST_ATTEMPTS,
    Announcement,
)
from services.media_bridge.core.speaking.phrases import AFTER_GUIDANCE, IN_SPANISH
from services.media_bridge.core.speaking.playback import BYTES_PER_MS, byte_length
from services.media_bridge.core.timers import Timer
from shared.domain.models import Language
from shared.domain.outcomes import CallStage

if TYPE_CHECKING:
    from services.media_bridge.core.state import CallState


def may_stop(call: "CallState") -> bool:
    """Enough of the current announcement was heard."""
    current = call.announcements.current
    if current is None:
        return False
    items = call.audio_out.items(current.response_id) if current.response_id else []
    heard = call.audio_out.heard(items if current.clip is None else [current.item_id])
    return current.may_stop(heard.text)


def announce(call: "CallState", at_ms: int, announcement: Announcement) -> Iterator[do.Command]:
    """Have a sentence said word for word, after those that are due before it."""
    if call.announcements.add(announcement):
        yield from start(call, at_ms, announcement)


def again(call: "CallState", at_ms: int, announcement: Announcement) -> Iterator[do.Command]:
    """The sentence was cut short: once more, but not for ever."""
    if announcement.kind == DISCLOSURE:
        yield from disclosure.again(call, at_ms, announcement)
    elif announcement.attempts < MOST_ATTEMPTS and not may_stop(call):
        yield from start(call, at_ms, announcement)
    else:
        yield from done(call, at_ms)


def start(call: "CallState", at_ms: int, announcement: Announcement) -> Iterator[do.Command]:
    """Begin to say the sentence, by its clip or by the model."""
    announcement.attempts += 1
    if announcement.clip is None:
        announcement.request_id, announcement.response_id, announcement.said = None, None, False
        call.responses.recite(announcement.text, urgent=True)
        return
    yield from call.audio_out.play_clip(
        at_ms, announcement.item_id, announcement.text, announcement.clip
    )
    length_ms = byte_length(announcement.clip) // BYTES_PER_MS
    call.timers.set(Timer.CLIP, at_ms + length_ms + GRACE_MS)


def done(call: "CallState", at_ms: int) -> Iterator[do.Command]:
    """The current announcement is over: go on with the next, or with the call."""
    said = call.announcements.current
    if said is None:
        return
    if said.kind == DISCLOSURE and not disclosure.was_heard(call, said):
        yield from disclosure.again(call, at_ms, said)
        return
    call.timers.clear(Timer.CLIP)
    following = call.announcements.done()
    yield from call.audio_out.finished()
    if said.kind == DISCLOSURE:
        call.announcements.disclosed = True
        yield do.NoteCall(at_ms, stage=CallStage.DISCLOSED, disclosed=said.text)
    elif said.clip is None and call.model_ready:
        yield do.TellModel(after_guidance(call, said.text))
        call.responses.want()
    if following is not None:
        yield from start(call, at_ms, following)
    elif not call.holds_reply:
        yield from call.audio_out.release(at_ms)
    yield from disclosure.listen(call)


def after_guidance(call: "CallState", guidance: str) -> str:
    """What the model is told once the caller was told what to do."""
    spanish = call.wordings.language is Language.SPANISH
    return AFTER_GUIDANCE.format(guidance=guidance) + (IN_SPANISH if spanish else "")
