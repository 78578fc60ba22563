"""The smoke call's phone: it has no ears, and tells sound from silence."""

import pytest

from services.simulator.smoke.phone import SmokePhone, first_sound, last_sound, sounds
from services.simulator.speech.sound import BYTES_PER_MS, FRAME, SILENCE, silence
from services.simulator.speech.textline import encode

LOUD = b"\x05" * FRAME  # mu-law near full scale


def said(audio: bytes) -> list[bytes]:
    return [audio[start : start + FRAME] for start in range(0, len(audio), FRAME)]


def conversation(agent: bytes) -> tuple[bytes, int]:
    """What the phone sent while the agent played `agent`, and when it hung up."""
    phone, sent = SmokePhone(LOUD * 10), b""
    frames = said(agent) + [SILENCE] * 6000
    for number, frame in enumerate(frames, 1):
        tick = phone.tick(frame)
        sent += tick.audio
        if tick.hangs_up:
            return sent, number * 20
    raise AssertionError("it never hung up")


@pytest.mark.parametrize("frame", [LOUD, encode("Hello")[:FRAME]])
def test_speech_and_words_as_data_are_sound(frame: bytes) -> None:
    assert sounds(frame)
    assert not sounds(SILENCE)
    assert not sounds(b"\x7e" * FRAME)


def test_it_speaks_once_the_agent_has_finished_and_leaves_once_it_was_answered() -> None:
    agent = silence(200) + LOUD * 50 + silence(3000) + LOUD * 20 + silence(3000)
    sent, hung_up = conversation(agent)

    assert first_sound(sent) == 200 + 1000 + 1200
    assert last_sound(sent) == 2400 + 200
    assert hung_up == 4200 + 400 + 1200


def test_a_pause_inside_a_sentence_is_not_its_end() -> None:
    sent, _ = conversation(LOUD * 20 + silence(1000) + LOUD * 20)
    assert first_sound(sent) == 400 + 1000 + 400 + 1200


def test_it_leaves_a_line_where_nobody_speaks() -> None:
    sent, hung_up = conversation(b"")
    assert (first_sound(sent), hung_up) == (None, 20_000)


def test_it_leaves_an_agent_that_never_stops() -> None:
    _, hung_up = conversation(LOUD * 6000)
    assert hung_up == 90_000


def test_times_are_counted_in_media() -> None:
    assert first_sound(silence(40) + LOUD) == 40
    assert first_sound(silence(40) + LOUD + silence(40), 60) is None
    assert last_sound(silence(40)) is None
    assert last_sound(LOUD + silence(40)) == FRAME // BYTES_PER_MS
