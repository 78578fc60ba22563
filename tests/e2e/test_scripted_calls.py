"""Every scripted call through the real bridge, functions, sockets and tables.

The specification's call is played with voice too, the others as text, faster than life;
`make e2e-voice` plays them all with voice.
"""

import wave
from pathlib import Path

import pytest

from services.simulator.scenarios import scenario as scenarios
from tests.e2e.playing import SPEED, played, played_in_turn, text, voice

VOICE_SPEED = 2.0  # as fast as two cores hear and speak at once

OTHERS = [name for name in scenarios.names() if name != "spec"]
# These come after the specification's call and leave its visit alone, all but the last.
IN_TURN = ("spec", "stranger", "wrong_code", "asks_by_code", "where_is_technician", "moves_visit")


@pytest.mark.stack
def test_the_calls_about_a_visit_of_before_end_as_their_scenarios_expect() -> None:
    for report, shown in played_in_turn(IN_TURN, text(), speed=SPEED):
        assert report.passed, shown


@pytest.mark.stack
@pytest.mark.parametrize("name", [name for name in scenarios.names() if name not in IN_TURN])
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
