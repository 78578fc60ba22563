"""The disclosure counts only when it was heard: all of it, to its end, in its own words.

What was heard is told by the marks that came back and by the media clock (`playback`), what was
said by the model's own transcript. Otherwise it is said again, three times in all; then a person
takes over, because nobody may be left talking to a machine without knowing it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from services.media_bridge.core import commands as do
from services.media_bridge.core.speaking import announcing
from services.media_bridge.core.speaking.announcements import (
    DISCLOSURE,
    MOST_ATTEMPTS,
    Announcement,
)
from services.media_bridge.core.speaking.playback import HeardOfItems
from services.media_bridge.core.speaking.same_words import same_words
from services.media_bridge.core.timers import Timer
from shared.domain.outcomes import EndReason, Failure

if TYPE_CHECKING:
    from services.media_bridge.core.state import CallState


def was_heard(call: "CallState", announcement: Announcement) -> bool:
    heard = _heard(call, announcement)
    return heard.whole and same_words(heard.text, announcement.text)


def note(call: "CallState", at_ms: int) -> Iterator[do.Command]:
    """What was heard of a disclosure that has not been heard whole; nothing once it was."""
    current = call.announcements.current
    if current is not None and current.kind == DISCLOSURE and current.attempts:
        heard = _heard(call, current)
        yield do.NoteCall(at_ms, disclosure_heard=heard.text, disclosure_heard_ms=heard.ms)


def again(call: "CallState", at_ms: int, announcement: Announcement) -> Iterator[do.Command]:
    """Not all of it was heard, or other words were: once more, or a person."""
    if call.live and announcement.attempts >= MOST_ATTEMPTS:
        yield from give_up(call, at_ms)
        return
    call.timers.clear(Timer.CLIP)
    yield from note(call, at_ms)
    if announcement.clip is not None:
        yield from call.audio_out.cut(None)  # what is left of it comes no more
    if call.live:
        yield from announcing.start(call, at_ms, announcement)
        return
    # The call is ending: whoever takes it says who they are.
    following = call.announcements.done()
    if following is not None:
        yield from announcing.start(call, at_ms, following)


def give_up(call: "CallState", at_ms: int) -> Iterator[do.Command]:
    """No AI goes on with a caller who was not told that it is one."""
    unheard = Failure.DISCLOSURE_UNHEARD
    yield from call.fail(at_ms, unheard, reason=EndReason.HANDED_OVER, failure=unheard)


def listen(call: "CallState") -> Iterator[do.Command]:
    """Let the model hear the caller: once it is ready and the disclosure has been heard."""
    audio = call.hearing.audio
    if not audio.passes and call.model_ready and call.announcements.disclosed:
        for payload in audio.let_through():
            yield do.HearAudio(payload)


def _heard(call: "CallState", announcement: Announcement) -> HeardOfItems:
    """Of the last attempt: of its clip, or of all that the model said as that response."""
    if announcement.clip is not None:
        return call.audio_out.heard([announcement.item_id])
    return call.audio_out.heard(
        call.audio_out.items(announcement.response_id) if announcement.response_id else []
    )
