"""Every scripted call through the real bridge, functions, sockets and tables.

The specification's call is played with voice too, the others as text, faster than life;
`make e2e-voice` plays them all with voice.
"""

import wave
from pathlib import Path

import pytest

from services.simulator.scenarios import scenario as scenarios
from tests.e2e.playing import SPEED, played, text, voice

VOICE_SPEED = 2.0  # as fast as two cores hear and speak at once

OTHERS = [name for name in scenarios.names() if name != "spec"]


@pytest.mark.stack
@pytest.mark.parametrize("name", scenarios.names())
def test_the_call_ends_as_its_scenario_expects(name: str) -> None:
    report, shown = played(scenarios.load(name), text(), speed=SPEED)
    assert report.passed, shown


@pytest.mark.stack
@pytest.mark.alone
def test_the_specifications_call_in_real_sound(tmp_path: Path) -> None:
    recording = tmp_path / "call.wav"
    report, shown = played(scenarios.load("spec"), voice(), speed=VOICE_SPEED, wav=recording)
    assert report.passed, shown
    with wave.open(str(recording)) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, 8000)
        assert file.getnframes() / 8 >= report.call.duration_ms


@pytest.mark.stack
@pytest.mark.alone
@pytest.mark.all_voices
@pytest.mark.parametrize("name", OTHERS)
def test_the_call_ends_as_expected_in_real_sound_too(name: str) -> None:
    report, shown = played(scenarios.load(name), voice(), speed=VOICE_SPEED)
    assert report.passed, shown
