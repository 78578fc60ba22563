"""Stored rows, as people read them."""

import json
from zoneinfo import ZoneInfo

from services.call_page.rows import Row, events_of, record

OHIO = ZoneInfo("America/New_York")
TURNS: list[Row] = [
    {"role": "assistant", "text": "Hello.", "item_id": "i1", "latency_ms": 700},
    {"role": "user", "text": "Hi"},
    {"role": "assistant", "text": "We fix anything for $99", "item_id": "i2", "cut": True,
     "heard": "", "unsure": "promise"},
    {"role": "assistant", "text": "Tonight at nine?", "item_id": "i3", "cut": True,
     "heard": "Tonight"},
    {"role": "tool", "tool": "get_pricing_quote", "took_ms": 8,
     "result": json.dumps({"service_call": 165, "range": "$300-$800"})},
]  # fmt: skip


def test_turns_say_what_was_heard_and_what_was_not() -> None:
    played = {"i1": (40, 900), "i3": (5000, 600)}
    events = list(events_of(TURNS, lambda _: 1, played=played, fixed=frozenset({"Hello."})))
    lanes = [(event.lane, event.unheard, event.cut) for event in events]
    assert lanes == [
        ("agent", False, False), ("caller", False, False), ("guard", False, False),
        ("agent", True, False), ("agent", False, True), ("tool", False, False),
    ]  # fmt: skip
    assert (events[0].at_ms, events[0].lasts_ms, events[0].fixed) == (40, 900, True)
    assert events[0].detail == "answered after 0.70 s"
    assert events[4].detail == "cut off; heard: Tonight"
    assert events[5].text == "get pricing quote – service call $165, range $300-$800"


def test_a_refusal_is_said_as_one() -> None:
    turn = {"role": "tool", "tool": "book_appointment", "result": '{"error": "taken"}'}
    assert next(events_of([turn], lambda _: 0)).text == "book appointment – refused: taken"


def test_a_row_is_in_dollars_and_local_times_without_keys() -> None:
    row = {"pk": "JOB#1", "sk": "META", "deposit": 20600, "deposit_paid": True, "notes": [],
           "window": {"start": "2025-08-28T21:00:00-04:00"},
           "created_at": "2025-08-28T23:12:05Z"}  # fmt: skip
    assert record("jobs", row, OHIO).fields == [
        ("deposit", "$206.00"), ("deposit paid", "yes"),
        ("window", "start Thu, Aug 28, 2025, 9:00 PM EDT"),
        ("created at", "Thu, Aug 28, 2025, 7:12 PM EDT"),
    ]  # fmt: skip
