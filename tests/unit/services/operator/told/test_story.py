"""One call's story: in order, whole, and safe to print."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.operator.told import story
from services.operator.told.fit import Mask
from services.operator.where.logs import LogLine
from services.operator.where.rows import LeftRows

AT = datetime(2025, 8, 28, 23, 12, tzinfo=UTC)
OHIO = ZoneInfo("America/New_York")
EVIL = "\x1b[2J\x1b]0;owned\x07"


def turn(seq: int, role: str, **fields: object) -> dict[str, object]:
    at = (AT + timedelta(seconds=seq)).isoformat()
    return {"seq": seq, "role": role, "at": at, **fields}


LEFT = LeftRows(
    call={
        "call_sid": "CA1", "started_at": AT.isoformat(), "business_id": "coolcare_hvac",
        "ended_at": (AT + timedelta(seconds=9)).isoformat(), "end_reason": "goodbye",
        "escalation": {
            "reason": f"{EVIL}wants Sarah", "result": "nobody",
            "asked_at": (AT + timedelta(seconds=5)).isoformat(),
        },
    },
    turns=(
        turn(3, "tool", tool="book_appointment", took_ms=12, result='{"job_id": "j1"}',
             arguments='{"customer_name": "Sarah Miller", "address": "9 Elm St"}'),
        turn(1, "user", text=f"{EVIL}I'm Sarah Miller"),
        turn(2, "assistant", text="Hello Sarah", latency_ms=640, cut=True, heard="Hel"),
        turn(4, "user", text="broken", at="never"),
    ),
    jobs=({"job_id": "j1", "created_at": (AT + timedelta(seconds=3)).isoformat(),
           "customer_name": "Sarah Miller", "estimate": 82500, "deposit": 20600,
           "window": {"start": "2025-08-29T01:00:00Z"}, "status": "scheduled"},),
    payments=({"at": (AT + timedelta(seconds=8)).isoformat(), "amount": 20600, "status": "paid",
               "job_id": "j1"},),
    waiting=({"created_at": AT.isoformat(), "kind": "text", "due_at": "x", "body": "to Sarah"},),
)  # fmt: skip


def told() -> list[str]:
    mask = story.mask_of(LEFT, off=False)
    return list(story.told([*story.moments(LEFT, mask), *story.waiting(LEFT, mask)], OHIO))


def test_everything_of_a_call_stands_in_the_order_in_which_it_happened() -> None:
    lines = told()
    assert [line.split()[0] for line in lines] == sorted(line.split()[0] for line in lines)
    kinds = [line.split()[1] for line in lines]
    assert kinds == [
        "call", "follow-up", "caller", "agent", "tool", "job", "call", "payment", "call",
    ]  # fmt: skip
    assert "19:12:02.000  agent     Hello S. [cut; heard: Hel] (640 ms)" in lines
    assert any("$825.00" in line and "$206.00 not paid" in line for line in lines)


def test_names_and_addresses_that_tools_heard_are_nowhere_in_it() -> None:
    text = "\n".join(told())
    assert "Sarah" not in text
    assert "Miller" not in text
    assert "Elm" not in text
    assert '"customer_name": "S. M."' in text


def test_no_escape_code_of_a_caller_s_is_printed() -> None:
    text = "\n".join([*told(), *story.head(LEFT.call or {}, EVIL, OHIO, Mask(off=True))])
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "owned" not in text


def test_a_row_without_a_time_is_left_out_and_the_rest_is_told() -> None:
    assert not any("broken" in line for line in told())


def test_logs_are_read_as_json_and_shown_as_they_are_where_they_are_none() -> None:
    lines = [
        LogLine(AT, "incoming", '{"level":"ERROR","message":"table slow","call_sid":"CA1","ms":7}'),
        LogLine(AT, "incoming", f"[WARNING] {EVIL}plain +15551230000"),
        LogLine(AT, "bridge", '{"_aws":{"CloudWatchMetrics":[{"Metrics":[{"Name":"CallsEnded"}]}]},'
                '"CallsEnded":1}'),
        LogLine(AT, "bridge", '{"_aws":7}'),
        LogLine(AT, "bridge", "[1, 2]"),
        LogLine(AT, "local", '{"logger":"phone network","message":"POST /incoming 200 7 ms"}'),
    ]  # fmt: skip
    found = [(each.what, each.text) for each in story.log_moments(lines, Mask())]
    assert found == [
        ("log", 'error incoming: table slow {"ms": 7}'),
        ("log", "incoming: [WARNING] plain …0000"),
        ("metric", "CallsEnded 1"),
        ("log", "bridge: [1, 2]"),
        ("webhook", "POST /incoming 200 7 ms"),
    ]


def test_a_whole_call_of_nothing_is_told_as_nothing() -> None:
    empty = LeftRows(call={}, turns=(), jobs=(), payments=(), waiting=())
    assert list(story.told(story.moments(empty, Mask()), OHIO)) == []
    assert list(story.head({}, "?", OHIO, Mask()))


def test_money_is_in_dollars() -> None:
    assert story.usd(1234567) == "$12,345.67"
    assert story.usd(None) == "no amount"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"recording_sid": "RE1", "recording": "kept"}, "call-recordings/RE1"),
        ({"recording_sid": "RE1", "recording": "kept",
          "recording_until": "2026-12-26T00:00:00Z"}, "RE1, kept until 2026-12-26"),
        ({"recording_sid": "RE1", "recording": "deleted", "recording_dropped": "card"},
         "deleted: card"),
        ({"recording_sid": "RE1", "recording": "deleted"}, "deleted: its days were over"),
    ],
)  # fmt: skip
def test_the_recording_is_told_with_where_it_is_heard(row: dict[str, str], said: str) -> None:
    (line,) = [each for each in story.head(row, "mine", OHIO, Mask()) if "recording " in each]
    assert said in line


def test_a_call_without_a_recording_says_nothing_of_one() -> None:
    assert not any("recording" in line for line in story.head({}, "mine", OHIO, Mask()))
