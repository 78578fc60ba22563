"""The list of calls: readable columns, whatever a row holds."""

import json
from zoneinfo import ZoneInfo

from services.operator.told.fit import Mask
from services.operator.told.listing import as_json, columns, length, table, wanted

OHIO = ZoneInfo("America/New_York")
ROW = {
    "call_sid": "CA" + "1" * 32,
    "caller": "+15551230000",
    "started_at": "2025-08-28T23:12:26Z",
    "ended_at": "2025-08-28T23:14:31Z",
    "outcome": "transferred",
    "hazard": "gas_leak",
    "escalation": {"result": "voicemail"},
}


def test_a_call_is_shown_on_the_business_s_clock_with_its_number_masked() -> None:
    assert columns(ROW, OHIO, Mask()) == (
        "2025-08-28 19:12:26", "CA" + "1" * 32, "…0000", "2:05", "transferred", "-", "gas_leak",
        "voicemail", "voicemail",
    )  # fmt: skip


def test_a_broken_row_is_shown_all_the_same() -> None:
    broken = {"started_at": "yesterday\x1b[2J", "escalation": "?", "outcome": 7}
    shown = columns(broken, OHIO, Mask())
    assert shown[0] == "yesterday"
    assert shown[2:5] == ("withheld", "-", "7")


def test_a_call_without_an_end_is_open() -> None:
    assert length({"started_at": "2025-08-28T23:12:26Z"}) == "open"
    assert length({}) == "-"


def test_the_columns_stand_under_their_heads() -> None:
    head, line = table([columns(ROW, OHIO, Mask())])
    assert head.index("outcome") == line.index("transferred")


def test_only_danger_or_only_what_broke_can_be_asked_for() -> None:
    assert wanted(ROW, hazard=True, failed=False)
    assert not wanted(ROW, hazard=False, failed=True)
    assert wanted({**ROW, "failure": "model_lost"}, hazard=True, failed=True)
    assert wanted({"outcome": "failed"}, hazard=False, failed=True)


def test_as_json_nothing_is_unmasked_either() -> None:
    (shown,) = json.loads(as_json([ROW], Mask()))
    assert shown["caller"] == "…0000"
    assert shown["call_sid"] == ROW["call_sid"]
    assert shown["started_at"] == ROW["started_at"]
