"""Mu-law and WAV files, against the standard's figures."""

import wave
from array import array
from pathlib import Path

import pytest

from services.simulator.speech.sound import (
    CODES,
    FRAME,
    SAMPLES,
    decode,
    encode,
    frames,
    silence,
    write_stereo,
)


@pytest.mark.parametrize(
    ("code", "sample"),
    [(0xFF, 0), (0x7F, 0), (0x80, 32124), (0x00, -32124), (0xF0, 120), (0x70, -120), (0xFE, 8)],
)
def test_the_standards_own_values(code: int, sample: int) -> None:
    assert SAMPLES[code] == sample


def test_every_code_survives_the_round_trip() -> None:
    for code in range(256):
        assert SAMPLES[CODES[SAMPLES[code]]] == SAMPLES[code]


def test_no_sample_is_off_by_more_than_half_a_step() -> None:
    for sample in range(-32124, 32125, 7):
        assert abs(SAMPLES[CODES[sample]] - sample) <= max(4, abs(sample) // 16 + 4)


def test_encode_undoes_decode() -> None:
    audio = bytes(range(256)).replace(b"\x7f", b"\xff")
    assert encode(decode(audio)) == audio


def test_the_last_frame_is_filled_up_with_silence() -> None:
    assert [len(frame) for frame in frames(b"\x20" * 200)] == [FRAME, FRAME]
    assert list(frames(b"\x20" * 200))[1].endswith(silence(15))


def test_a_stereo_file_has_the_caller_left_and_the_agent_right(tmp_path: Path) -> None:
    write_stereo(tmp_path / "call.wav", b"\x80\x80", b"\x00")

    with wave.open(str(tmp_path / "call.wav")) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, 8000, 2)
        assert array("h", file.readframes(2)).tolist() == [32124, -32124, 32124, 0]
