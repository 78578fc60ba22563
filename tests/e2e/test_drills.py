"""A tenth of the drills with every run; `make drills` plays all, docs/reliability.md has them."""

import re

import pytest

from tests.drills.__main__ import PAGE, written
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


def test_the_page_has_a_row_for_every_drill_and_names_only_tests_that_there_are() -> None:
    page = PAGE.read_text("utf-8")
    for drill in DRILLS:
        assert f"\n| {drill.name} | " in page, drill.name
    tests = "".join(file.read_text("utf-8") for file in PAGE.parents[1].glob("tests/**/*.py"))
    for name in re.findall(r"`(test_\w+)`", page):
        assert f"def {name}(" in tests, name


def test_one_drill_is_written_beside_the_others() -> None:
    page = PAGE.read_text("utf-8")
    drill = DRILLS[3]
    played = Result(drill, Heard(longest_ms=1_500), "a person", "booked", "-", 1, 2)

    changed = written(page, [played]).splitlines()
    (row,) = set(changed) - set(page.splitlines())
    assert row.startswith(f"| {drill.name} | 1.5 s |")
    assert len(changed) == len(page.splitlines())


def broken(**changes: object) -> list[str]:
    drill = next(drill for drill in DRILLS if drill.becomes == "a person" and drill.code)
    heard = Heard(longest_ms=3_900, rung_ms=11_900)
    kept = {"jobs": 1, "locks": 2, "metrics": {drill.metric: 1}, "became": "a person"}
    kept["logs"] = (f"it broke ({drill.code})",)
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
        ({"logs": ()}, "503 is not in the log"),
    ],
)
def test_a_promise_that_was_broken_is_told(changes: dict[str, object], said: str | None) -> None:
    assert broken(**changes) == ([] if said is None else [said])
