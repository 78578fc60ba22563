"""The smoke call, and how its steps are told."""

import pytest

from services.simulator.smoke.checks import SmokeStep
from services.simulator.smoke.ringing import report


def test_the_report_says_each_step_and_the_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert report([SmokeStep("answered", True, "200", 12)], print) is True
    assert report([SmokeStep("answered", False, "403", 12)], print) is False
    said = capsys.readouterr().out
    assert "ok      answered" in said
    assert "12 ms  403" in said
    assert said.endswith("FAILED: answered\n")
