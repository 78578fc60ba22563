"""A call about something that has a person of its own, who is not there at night."""

from pathlib import Path

import pytest

from services.simulator.scenarios import scenario as scenarios
from tests.e2e.playing import SPEED, played, text

SCENARIOS = Path(__file__).parent / "scenarios"
FILES = Path(__file__).parents[2] / "shared" / "businesses"
BILLING = """
[topics.billing]
label = "billing"
words = ["invoice", "charged twice"]
numbers = ["+19375550193"]
"""


@pytest.mark.stack
def test_the_office_is_to_call_back_by_the_promised_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = (FILES / "coolcare_hvac.toml").read_text("utf-8")
    own = own.replace("[policy]\n", "[policy]\ncall_back_within_hours = 2\n")
    (tmp_path / "coolcare_hvac.toml").write_text(own + BILLING, "utf-8")
    monkeypatch.setenv("BUSINESSES_DIR", str(tmp_path))
    report, shown = played(scenarios.load("billing_at_night", SCENARIOS), text(), speed=SPEED)
    assert report.passed, shown
