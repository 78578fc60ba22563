"""Who is owed an answer and hears nothing is told, from a clip, that somebody is there."""

from collections.abc import Iterator
from typing import Final

from services.media_bridge.core import commands as do
from services.media_bridge.core.state import CallState
from services.media_bridge.core.timers import Timer

# So long nobody wonders; a person on the phone says something, too, before a look-up takes longer.
UNHEARD_MS: Final = 3_500
CLIP: Final = "clip-waiting-"  # how the names of their items begin


def watch(call: CallState, now_ms: int) -> None:
    """Somebody is owed something: look again when they have heard nothing for too long."""
    hears = not call.audio_out.idle or call.announcements.by_clip
    if hears or not call.live or call.responses.speaking or call.timers.running(Timer.KEYS):
        call.timers.clear(Timer.UNHEARD)
    elif not call.timers.running(Timer.UNHEARD):
        call.timers.set(Timer.UNHEARD, now_ms + UNHEARD_MS)


def say(call: CallState, at_ms: int) -> Iterator[do.Command]:
    """Play the next of the clips there are for that, each once in a call."""
    clips = call.setup.waiting_clips if call.setup is not None else ()
    sounds = call.audio_out.first_sounds
    if sounds.clips_played < len(clips):
        clip = clips[sounds.clips_played]
        sounds.clips_played += 1
        item_id = f"{CLIP}{sounds.clips_played}"
        with sounds.left_alone():  # it answers nothing
            played = list(call.audio_out.play_clip(at_ms, item_id, clip.text, clip.audio))
        yield from played
