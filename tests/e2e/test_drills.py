"""A tenth of the drills with every run; `make drills` plays all, docs/reliability.md has them."""

import pytest

from tests.drills.faults import ALWAYS, DRILLS, Drill
from tests.drills.playing import Heard, Result, alarms, play

CHOSEN = tuple(drill for drill in DRILLS if drill.name in ALWAYS)
pytestmark = [pytest.mark.stack, pytest.mark.alone]


@pytest.mark.parametrize("drill", CHOSEN, ids=lambda drill: drill.name)
def test_the_promise_is_kept(drill: Drill) -> None:
    assert play(drill).faults() == []


def test_what_a_drill_wants_counted_has_an_alarm() -> None:
    for metric in {drill.metric for drill in DRILLS} - {"", "ModelReopened"}:  # that one is mended
        assert alarms([metric]), metric


def broken(**changes: object) -> list[str]:
    drill = next(drill for drill in DRILLS if drill.becomes == "a person" and drill.metric)
    heard = Heard(longest_ms=3_900, rung_ms=11_900)
    kept = {"jobs": 1, "locks": 2, "metrics": {drill.metric: 1}, "became": "a person"}
    given = {"heard": heard, "outcome": "booked", "failure": "-", **kept, **changes}
    return Result(drill, **given).faults()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, None),
        ({"heard": Heard(longest_ms=4_100)}, "4.1 s of silence"),
        ({"heard": Heard(rung_ms=12_100)}, "rung after 12.1 s"),
        ({"became": "nobody"}, "nobody instead of a person"),
        ({"locks": 1}, "1 jobs hold 1 hours"),
        ({"jobs": 2, "locks": 4}, "2 jobs hold 4 hours"),
        ({"metrics": {}}, "ModelSessionFailed was not counted"),
    ],
)
def test_a_promise_that_was_broken_is_told(changes: dict[str, object], said: str | None) -> None:
    assert broken(**changes) == ([] if said is None else [said])
