"""Fixed sentences become telephone sound, bit for bit as G.711 says."""

import warnings
from array import array
from bisect import bisect_right
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.media_bridge.speech.mulaw import BadSound, encode, mu_law_of, resampled
from tests.unit.services.media_bridge.speech.sounds import tone, wav


def _decision_values() -> list[int]:
    """G.711 table 2a, of 14-bit samples: 0, 1, then 15 steps of 2, 16 of 4, 16 of 8 … 16 of 256."""
    values = [0, 1]
    for segment in range(8):
        steps = 15 if segment == 0 else 16
        values += [values[-1] + (2 << segment) * n for n in range(1, steps + 1)]
    return values


def test_every_sample_is_encoded_as_g711_defines() -> None:
    bounds = _decision_values()
    assert (len(bounds), bounds[-1]) == (129, 8159)
    for sample in range(-32768, 32768):
        interval = min(bisect_right(bounds, abs(sample) / 4) - 1, 127)
        assert encode(sample) == (0x7F if sample < 0 else 0xFF) - interval


def test_every_14_bit_sample_is_encoded_as_the_standard_library_did() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        audioop = pytest.importorskip("audioop", reason="gone since Python 3.13")
    samples = array("h", range(-32768, 32768, 4))

    assert bytes(map(encode, samples)) == audioop.lin2ulaw(samples.tobytes(), 2)


def test_the_corners_of_g711() -> None:
    assert [encode(s) for s in (0, -1, 32767, -32768)] == [0xFF, 0x7F, 0x80, 0x00]


def test_telephone_sound_is_taken_as_it_is() -> None:
    data = bytes(range(256)) * 3

    assert mu_law_of(wav(data, kind=7, bits=8)) == data


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFFFFF])
def test_a_streamed_file_that_does_not_know_its_length_is_read_to_its_end(size: int) -> None:
    data = bytes(range(200))

    assert mu_law_of(wav(data, kind=7, bits=8, size=size)) == data


def test_an_odd_last_byte_is_no_sample() -> None:
    assert len(mu_law_of(wav(b"\x01\x02\x03"))) == 1


def test_two_channels_become_one() -> None:
    stereo = array(
        "h", (n for pair in zip(range(0, 800, 8), range(0, 800, 8), strict=True) for n in pair)
    )

    assert mu_law_of(wav(stereo.tobytes(), channels=2)) == bytes(map(encode, range(0, 800, 8)))


@pytest.mark.parametrize("rate", [11025, 16000, 22050, 24000, 44100, 48000])
def test_a_tone_survives_any_usual_rate(rate: int) -> None:
    out = resampled(tone(440, rate), rate)
    wanted = tone(440, 8000)

    assert abs(len(out) - len(wanted)) <= 1
    middle = range(200, len(wanted) - 200)
    assert max(abs(out[n] - wanted[n]) for n in middle) < 200  # of 8000


@pytest.mark.parametrize("hertz", [5000, 7000, 11_000])
def test_what_a_telephone_cannot_carry_is_gone_and_not_folded_down(hertz: int) -> None:
    out = resampled(tone(hertz, 24_000), 24_000)

    assert max(abs(s) for s in out[200:-200]) < 80  # of 8000: 40 dB down


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"{}",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"RIFF\x00\x00\x00\x00WAVEfmt \x04\x00\x00\x00abcd",
        b"RIFF\x00\x00\x00\x00WAVEdata\x00\x00\x00\x00",
        wav(b"1234", kind=3, bits=32),
        wav(b"1234", bits=8),
        wav(b"1234", channels=6),
        wav(b"1234", rate=0),
        wav(b"1234", rate=400_000_000),
    ],
)
def test_what_cannot_be_played_is_refused(file: bytes) -> None:
    with pytest.raises(BadSound):
        mu_law_of(file)


@given(st.binary(max_size=200))
def test_no_bytes_do_worse_than_being_refused(data: bytes) -> None:
    for file in (data, b"RIFF0000WAVE" + data, wav(data)):
        with suppress(BadSound):
            mu_law_of(file)
