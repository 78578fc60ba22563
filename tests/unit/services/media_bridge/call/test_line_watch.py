"""What the line itself tells, where the model's server says nothing."""

from services.media_bridge.call.line_watch import LineWatch
from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from tests.scripted import noise, sound


def told(watch: LineWatch, frames: list[str]) -> list[ev.Event]:
    events = (watch.heard(frame, 20 * number) for number, frame in enumerate(frames, 1))
    return [event for event in events if event is not None]


def test_unasked_it_tells_nothing() -> None:
    assert told(LineWatch(), [sound(20)] * 200) == []


def test_quiet_is_told_once() -> None:
    watch = LineWatch()
    watch.begin(do.ListenForQuiet())

    assert told(watch, [noise(20)] * 10 + [sound(20)] * 200) == [ev.CallerQuiet(1_700)]


def test_speech_is_told_once_it_is_over() -> None:
    watch = LineWatch()
    watch.begin(do.ListenForSpeech())

    frames = [sound(20)] * 100 + [noise(20)] * 30 + [sound(20)] * 200
    assert told(watch, frames) == [ev.CallerUnnoticed(4_100)]


def test_a_click_is_no_speech() -> None:
    watch = LineWatch()
    watch.begin(do.ListenForSpeech())

    assert told(watch, [noise(20)] * 5 + [sound(20)] * 200) == []


def test_what_was_asked_for_last_is_listened_for() -> None:
    watch = LineWatch()
    watch.begin(do.ListenForSpeech())
    watch.begin(do.ListenForQuiet())

    assert told(watch, [sound(20)] * 100) == [ev.CallerQuiet(1_500)]
