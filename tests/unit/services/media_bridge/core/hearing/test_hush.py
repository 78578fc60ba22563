"""Whether the caller's line is quiet, by its mu-law codes."""

from base64 import b64encode

import pytest

from services.media_bridge.core.hearing.hush import Hush

FRAME = 160


def frames_until_quiet(*frames: bytes, most: int = 400) -> int | None:
    hush = Hush()
    for number in range(most):
        if hush.heard(b64encode(frames[number % len(frames)]).decode()):
            return number + 1
    return None


@pytest.mark.parametrize(
    "frame",
    [
        b"\xff" * FRAME,  # digital silence, plus
        b"\x7f" * FRAME,  # and minus zero
        b"\xf4\x76\xe9\x6d" * 40,  # the noise of an open line, within 372 of 32,124
        b"\xff" * 156 + b"\x10\x90\x20\xa0",  # with a click
    ],
)
def test_a_second_and_a_half_of_near_silence_is_quiet(frame: bytes) -> None:
    assert frames_until_quiet(frame) == 75


@pytest.mark.parametrize(
    "frame",
    [
        b"\x20\xa0" * 80,
        b"\x5f\xdf" * 80,  # soft speech, the first codes beyond near silence
        b"\xff" * 140 + b"\x20\xa0" * 10,
        b"\x01CW\x02\x00\x00\x12\x34" + b"\x7e" * 152,  # the words of text mode
    ],
)
def test_speech_and_noise_are_not(frame: bytes) -> None:
    assert frames_until_quiet(frame) is None


def test_quiet_is_counted_without_a_break() -> None:
    quiet, loud = [b"\xff" * FRAME] * 70, [b"\x20\xa0" * 80]

    assert frames_until_quiet(*quiet, *loud) is None


def test_other_frames_than_of_20_ms_count_by_their_length() -> None:
    assert frames_until_quiet(b"\xff" * FRAME * 5) == 15


@pytest.mark.parametrize("payload", ["", "=", "no base64!", "ÿÿ"])
def test_what_is_no_sound_tells_nothing(payload: str) -> None:
    hush = Hush()

    assert not any(hush.heard(payload) for _ in range(400))
