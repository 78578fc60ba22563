"""A call to a business with two trades and twelve technicians, through real sockets and tables."""

from pathlib import Path

import pytest

from services.simulator.scenarios import scenario as scenarios
from tests.e2e.playing import SPEED, played, text
from tests.examples import EVERGREEN

SCENARIOS = Path(__file__).parent / "scenarios"


@pytest.mark.stack
def test_the_job_s_trade_decides_question_price_and_crew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUSINESSES_DIR", str(EVERGREEN.parent))
    report, shown = played(scenarios.load("two_trades", SCENARIOS), text(), speed=SPEED)
    assert report.passed, shown
