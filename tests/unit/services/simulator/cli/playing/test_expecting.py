"""The judge: every kind of expectation can fail, and says why."""

from typing import Any

import pytest

from services.simulator.cli.playing.expecting import Evidence, Verdict, verdicts
from services.simulator.phone.calls import CallRecord, StreamRecord, Text
from services.simulator.phone.media.playback import Played
from services.simulator.scenarios.scenario import Scenario
from shared import schema

CALLER = "+15551230000"
CALL = {"pk": "CALL#CA1", "sk": "META", "outcome": "booked", "hazard": None}
JOB = {
    "pk": "JOB#1",
    "sk": "META",
    "deposit": 20600,
    "deposit_paid": True,
    "window": {"start": "2025-08-28T21:00:00-04:00"},
    "notes": ["Gate code 1234", "one dog"],
}
CUT = {"seq": 4, "role": "assistant", "cut": True, "item_id": "item_a", "heard_ms": 490}


def scenario(**expect: Any) -> Scenario:
    return Scenario.model_validate(
        {
            "name": "sample",
            "title": "A sample",
            "business": "coolcare_hvac",
            "at": "2025-08-28T19:12:00-04:00",
            "from": CALLER,
            "voice": "af_heart",
            "line": [{"hears": "help", "says": ["Hello"]}],
            "expect": {"outcome": "booked", **expect},
        }
    )


def evidence(**changes: Any) -> Evidence:
    call = CallRecord("CA1", CALLER, "+19375550100", "AC1")
    log = [
        Played("mark", 0, 0, 1000, "g1:item_a:1000"),
        Played("clear", 500, 500, 1000, utterance_ms=500, returned=("g1:item_a:1000",)),
    ]
    call.streams.append(StreamRecord("MZ1", "ws://127.0.0.1/media", {}, log))
    call.warnings += changes.pop("warnings", [])
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in schema.TABLES}
    rows |= {"calls": [CALL], "jobs": [JOB, {"pk": "SLOT#a#b", "sk": "2025-08-29T01Z"}]}
    rows |= {"agent_turns": [CUT]}
    rows |= changes.pop("rows", {})
    given: dict[str, Any] = {
        "texts": [Text("SM1", CALLER, "+19375550100", "CoolCare: pay $206 at http://x")],
        "spoken": ["I'm the AI assistant, this call is recorded.", "Tonight it is $248."],
        "stored": {"logs": "a line"},
    }
    return Evidence(call, rows, **{**given, **changes})


def failing(expected: Scenario, seen: Evidence) -> list[Verdict]:
    return [verdict for verdict in verdicts(expected, seen) if not verdict.holds]


GOOD: list[dict[str, Any]] = [
    {"rows": {"jobs": 1, "calls": 1}},
    {"job": {"deposit": 20600, "deposit_paid": True, "window.start": "^2025-08-28T21"}},
    {"job": {"notes": "(?=.*1234)(?=.*dog)"}},
    {"text": [{"to": CALLER, "says": "206"}], "untold": ["+19375550190"]},
    {"kept": ["^SLOT#a"]},
    {"spoken_in_order": ["AI.*recorded", r"\$248"], "never_spoken": ["sorry"]},
    {"spoken_in_order": ["AI", "recorded"]},
    {"never_stored": ["4242"], "cut_turns": 1},
]


@pytest.mark.parametrize("expect", GOOD)
def test_what_came_true_holds(expect: dict[str, Any]) -> None:
    assert failing(scenario(**expect), evidence()) == []


BAD: list[dict[str, Any]] = [
    {"outcome": "quote_only"},
    {"outcome": "book"},
    {"hazard": "gas_leak"},
    {"rows": {"jobs": 2}},
    {"job": {"deposit": 20601}},
    {"job": {"deposit_paid": 1}},
    {"job": {"window.end": "23"}},
    {"call": {"escalation.result": "answered"}},
    {"text": [{"to": "+19375550190", "says": "206"}]},
    {"text": [{"to": CALLER, "says": "207"}]},
    {"untold": [CALLER]},
    {"kept": ["^OPTOUT#"]},
    {"spoken_in_order": [r"\$248", "AI"]},
    {"never_spoken": ["tonight"]},
    {"never_stored": ["a line"]},
    {"cut_turns": 0},
]


@pytest.mark.parametrize("expect", BAD)
def test_what_did_not_come_true_fails_and_says_why(expect: dict[str, Any]) -> None:
    failed = failing(scenario(**expect), evidence())
    assert len(failed) == 1
    assert failed[0].why_not


@pytest.mark.parametrize("claimed", [479, 521, None])
def test_a_cut_turn_must_tell_what_the_phone_played(claimed: int | None) -> None:
    turn = {**CUT, "heard_ms": claimed}
    assert len(failing(scenario(), evidence(rows={"agent_turns": [turn]}))) == 1


def test_a_cut_nobody_played_is_no_cut() -> None:
    turn = {**CUT, "item_id": "item_b"}
    assert len(failing(scenario(), evidence(rows={"agent_turns": [turn]}))) == 1


def test_a_warning_of_the_phone_network_fails_any_call() -> None:
    failed = failing(scenario(), evidence(warnings=["31924: unknown event 'pause'"]))
    assert [verdict.why_not for verdict in failed] == ["31924: unknown event 'pause'"]
