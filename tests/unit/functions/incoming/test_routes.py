"""A webhook that comes again changes nothing, whichever it is and whatever came in between.

Rows, texts, follow-ups and metrics after deliveries with repeats are compared with those after
the same deliveries, each made once and at the time it first came.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from functions.incoming import routes
from shared.domain.models import Escalation, Outcome
from tests.unit.functions.incoming.phone_company import (
    CALL,
    CALLER,
    HANDOFF,
    NOW,
    NUMBER,
    OFFICE,
    ON_CALL,
    Phone,
    rings,
)

B = "b=coolcare_hvac"


Step = tuple[str, dict[str, str]]


RECORDED = {"RecordingUrl": f"https://api.twilio.com/RE{'1' * 32}", "RecordingDuration": "12"}


LOST = {"From": NUMBER, "To": CALLER, "ErrorCode": "30003"}


CHILD = {"CallSid": "CAchild", "To": ON_CALL}


RECORDING_OF = {"RecordingSid": "RE" + "3" * 32, "From": "", "To": ""}
STEPS: dict[str, Step] = {
    "incoming": ("/incoming", {"CallStatus": "ringing"}),
    "incoming, unknown": ("/incoming", {"To": "+19375559999"}),
    "stream ended": ("/after-stream", {"StreamSid": "MZ1"}),
    "stream ended, caller gone": ("/after-stream", {"CallStatus": "completed"}),
    "rang out": (f"/handoff?n=1&{B}", {"DialCallStatus": "no-answer"}),
    "rang out, caller gone": (
        f"/handoff?n=1&{B}",
        {"DialCallStatus": "canceled", "CallStatus": "completed"},
    ),
    "talked": (f"/handoff?n=1&{B}", {"DialCallStatus": "completed", "DialBridged": "true"}),
    "a mailbox": (f"/handoff?n=1&{B}", {"DialCallStatus": "completed", "DialBridged": "false"}),
    "whisper": (f"/whisper?call={CALL}&n=1&{B}", CHILD),
    "accepted": (f"/whisper-accept?call={CALL}&{B}", {"Digits": "1", **CHILD}),
    "another key": (f"/whisper-accept?call={CALL}&{B}", {"Digits": "2", **CHILD}),
    "alert taken": (f"/alert-accept?call={CALL}&{B}", {"Digits": "1", **CHILD}),
    "voicemail": (f"/voicemail?{B}", RECORDED),
    "voicemail, caller gone": (f"/voicemail?{B}", {**RECORDED, "CallStatus": "completed"}),
    "voicemail of nothing": (f"/voicemail?{B}", {}),
    "ringing": ("/call-status", {"CallStatus": "ringing"}),
    "over": ("/call-status", {"CallStatus": "completed"}),
    "over, busy": ("/call-status", {"CallStatus": "no-answer"}),
    "leg over": ("/call-status", {"CallStatus": "completed", "ParentCallSid": CALL, **CHILD}),
    "text sent": ("/sms-status", {**LOST, "MessageSid": "SM1", "MessageStatus": "sent"}),
    "text lost": ("/sms-status", {**LOST, "MessageSid": "SM1", "MessageStatus": "undelivered"}),
    "text failed": ("/sms-status", {**LOST, "MessageSid": "SM1", "MessageStatus": "failed"}),
    "another text lost": ("/sms-status", {**LOST, "MessageSid": "SM2", "MessageStatus": "failed"}),
    "opted out": (
        "/sms-status",
        {**LOST, "MessageSid": "SM3", "MessageStatus": "failed", "ErrorCode": "21610"},
    ),
    "texted": ("/sms", {"From": CALLER, "Body": "Can we do Friday?", "MessageSid": "SM9"}),
    "stream started": ("/stream-status", {"StreamEvent": "stream-started"}),
    "stream broke": ("/stream-status", {"StreamEvent": "stream-error", "StreamError": "reset"}),
    "recording began": (
        f"/recording-status?{B}",
        {**RECORDING_OF, "RecordingStatus": "in-progress"},
    ),
    "recording done": (f"/recording-status?{B}", {**RECORDING_OF, "RecordingStatus": "completed"}),
    "stream stopped": ("/stream-status", {"StreamEvent": "stream-stopped"}),
}


ASKED: dict[str, Any] = {"reason": "asked", "asked_at": NOW}


ROWS: dict[str, dict[str, Any] | None] = {
    "no row": None,
    "live": {"stream_sid": "MZ1"},
    "live, a second refused": {"stream_sid": "MZ9", "refused_stream": "MZ1"},
    "ended well": {"ended_at": NOW, "end_reason": "goodbye", "outcome": "completed"},
    "asked for a person": {"ended_at": NOW, "escalation": ASKED},
    "asked, and still on": {"escalation": ASKED},
    "model lost": {"ended_at": NOW, "failure": "model_lost", "escalation": ASKED},
    "nobody came": {"ended_at": NOW, "escalation": {**ASKED, "result": "nobody"}},
    "left a message": {"ended_at": NOW, "escalation": {**ASKED, "result": "voicemail"}},
    "was answered": {"ended_at": NOW, "escalation": {**ASKED, "result": "answered"}},
    "danger": {"hazard": "gas_leak", "quoted_at": NOW},
}


def played(row: str, steps: Iterable[tuple[int, str]], *, network: int | None = None) -> Phone:
    """A phone after these steps, each at so many seconds; `network` is Twilio's refusal."""
    phone = Phone()
    phone.world.texts.fail_all = network
    fields = ROWS[row]
    if fields is not None:
        phone.has_row(**fields)
    for at, name in steps:
        phone.now = NOW + timedelta(seconds=at)
        path, changes = STEPS[name]
        assert phone.post(path, **changes).status in (200, 204)
        _follow_up(phone)
    return phone


def _follow_up(phone: Phone) -> None:
    """The schedule sends what waits, unless the network is down: nothing is left to tell by."""
    if phone.world.texts.fail_all is None:
        phone.world.follow_ups.rows.clear()


def left(phone: Phone) -> dict[str, object]:
    """Everything a webhook may change. A recording is named by whichever report of it first finds
    a row: that one is left out."""
    world = phone.world
    rows = world.calls.rows.items()
    return {
        "calls": {sid: row.model_copy(update={"recording_sid": None}) for sid, row in rows},
        "jobs": (world.jobs.rows, world.customers.rows, world.payments.rows),
        "texts": world.texts.sent,
        "waiting": world.follow_ups.rows,
        "metrics": Counter(world.metrics.counted),
    }


def once(names: list[str]) -> list[tuple[int, str]]:
    """Each of them where it first came."""
    first: dict[str, int] = {}
    for at, name in enumerate(names):
        first.setdefault(name, at)
    return [(at, name) for name, at in first.items()]


def test_every_webhook_is_among_the_steps() -> None:
    source = Path(routes.__file__).read_text("utf-8")
    known = set(re.findall(r'@app\.post\("(/[^"]+)"\)', source))
    assert {path.split("?")[0] for path, _ in STEPS.values()} == known and len(known) >= 9


@pytest.mark.parametrize("network", [None, 30_001])
@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("name", STEPS)
def test_a_webhook_delivered_three_times_is_as_one_delivered_once(
    name: str, row: str, network: int | None
) -> None:
    again = played(row, [(0, name), (1, name), (3600, name)], network=network)
    assert left(again) == left(played(row, [(0, name)], network=network))


@settings(deadline=None, max_examples=150)
@given(
    row=st.sampled_from(sorted(ROWS)),
    names=st.lists(st.sampled_from(sorted(STEPS)), min_size=2, max_size=14),
    network=st.sampled_from([None, 30_001]),
)
@example("no row", ["recording began", "a mailbox", "recording began"], None)
@example("asked for a person", ["over", "over"], None)
@example("asked for a person", ["rang out", "over", "voicemail", "over", "rang out"], None)
@example("no row", ["over", "rang out", "over"], None)
@example("no row", ["stream ended", "over", "stream ended", "voicemail", "voicemail"], None)
@example("live", ["stream ended, caller gone", "stream ended", "over", "stream ended"], None)
@example("asked for a person", ["voicemail", "over", "voicemail", "rang out", "over"], 30_001)
def test_in_any_order_a_repeated_webhook_changes_nothing(
    row: str, names: list[str], network: int | None
) -> None:
    assert left(played(row, enumerate(names), network=network)) == left(
        played(row, once(names), network=network)
    )


@settings(deadline=None, max_examples=100)
@given(
    row=st.sampled_from(["no row", "live", "asked for a person", "nobody came", "model lost"]),
    names=st.lists(st.sampled_from(sorted(STEPS)), max_size=14),
)
def test_whatever_comes_nobody_is_texted_or_counted_twice(row: str, names: list[str]) -> None:
    phone = played(row, enumerate(names))
    for number in (OFFICE, ON_CALL):
        assert max(Counter(phone.world.texts.to(number)).values(), default=0) <= 1
    counted = Counter(name for name, _, _ in phone.world.metrics.counted)
    assert counted["EscalationFailed"] <= 1 and counted["CallsEndedAbnormally"] <= 1
    assert counted["SmsFailed"] <= 3


@pytest.mark.parametrize(
    "names",
    [
        ["rang out", "voicemail", "over"],
        ["rang out", "over", "voicemail"],
        ["voicemail", "rang out", "over"],
        ["voicemail", "over", "rang out"],
        ["over", "voicemail", "rang out"],
        ["over", "rang out", "voicemail"],
    ],
)
def test_a_message_left_is_told_and_counted_once_in_any_order(names: list[str]) -> None:
    phone = played("asked for a person", enumerate([*names, *names, *reversed(names)]))
    for number in (OFFICE, ON_CALL):
        assert sum("left a voicemail" in body for body in phone.world.texts.to(number)) == 1
    assert phone.world.metrics.total("EscalationFailed") == 1
    assert phone.row().outcome is Outcome.MESSAGE_TAKEN


def test_nobody_came_is_told_though_the_end_was_reported_before_it(phone: Phone) -> None:
    for _ in range(2):
        phone.post("/call-status", CallStatus="completed")
        phone.post(f"/handoff?n=1&{B}", DialCallStatus="no-answer")
    assert [text.to for text in phone.world.texts.sent] == [OFFICE, ON_CALL]
    assert phone.world.metrics.total("EscalationFailed") == 1


def test_a_report_that_broke_half_way_is_finished_by_the_next(phone: Phone) -> None:
    asked = Escalation.model_validate(ASKED)
    phone.has_row(escalation=asked)
    phone.world.jobs.down = True
    assert phone.post("/call-status", CallStatus="completed").status == 500
    phone.world.jobs.down = False
    assert phone.post("/call-status", CallStatus="completed").status == 204
    assert phone.row().ended_at is not None
    assert [text.to for text in phone.world.texts.sent] == [OFFICE, ON_CALL]


def test_a_message_is_texted_though_nobody_knows_whether_it_was_before(phone: Phone) -> None:
    phone.world.calls.down = phone.world.follow_ups.down = True
    phone.post(f"/voicemail?{B}", **RECORDED)
    assert "/voicemail/" in phone.world.texts.to(OFFICE)[0]


@pytest.mark.parametrize(
    "route",
    ["/after-stream", "/handoff?n=1", "/voicemail", "/whisper", "/whisper-accept", "/alert-accept"],
)
def test_a_business_that_is_none_of_ours_is_answered_politely(phone: Phone, route: str) -> None:
    answer = phone.post(route, To="+19375559999", From="+19375558888")
    assert (answer.status, answer.verbs[-1]) == (200, "Hangup")
    assert not phone.world.calls.rows


def test_a_bug_of_ours_still_reaches_a_person(phone: Phone) -> None:
    phone.broken = True
    assert rings(phone.post("/after-stream"))
    assert "Record" in phone.post(HANDOFF, DialCallStatus="busy").verbs
    assert phone.post(f"/whisper?call={CALL}&b=coolcare_hvac").verbs == ["Hangup"]
    assert phone.post("/call-status", CallStatus="completed").status == 500
    assert phone.emf.getvalue().count('"WebhooksBroken":1') == 4
    phone.environ["STREAM_TOKEN_SECRET"] = ""
    assert rings(phone.post("/incoming"))
