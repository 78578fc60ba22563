"""What a smoke call must show, of itself and of the rows it leaves."""

from typing import Any

from services.simulator.phone.calls import CallRecord, StreamRecord, Text
from services.simulator.phone.webhooks import Exchange
from services.simulator.smoke.checks import CallRows, SmokeStep, call_steps, quiet_steps, row_steps
from services.simulator.speech.sound import FRAME, silence

LOUD = b"\x05" * FRAME  # mu-law near full scale

SID = "CA" + "0" * 32


def a_call(**changes: Any) -> CallRecord:
    base = "https://calls.example.com"
    body = '<Response><Connect action="/after-stream"><Stream url="wss://m.example/media"/></Connect></Response>'
    answered = Exchange(f"{base}/incoming", {}, 200, body, "text/xml", 40)
    callbacks = [
        Exchange(f"{base}{path}", {}, 200, "", "text/xml", 9)
        for path in ("/after-stream", "/call-status")
    ]
    call = CallRecord(SID, "+15005550006", "+19375550100", "AC1", ended_by="caller")
    call.exchanges = [answered, *callbacks]
    call.streams = [StreamRecord("MZ1", "wss://m.example/media", {})]
    call.agent_audio = silence(300) + LOUD * 20 + silence(3000) + LOUD * 20
    call.caller_audio = silence(2000) + LOUD * 20 + silence(1500)
    for name, value in changes.items():
        setattr(call, name, value)
    return call


def failed(steps: list[SmokeStep]) -> list[str]:
    return [step.what for step in steps if not step.ok]


def test_a_good_call_shows_every_step_with_its_time() -> None:
    steps = call_steps(a_call(), {"stream-started": 90})

    assert failed(steps) == []
    took = {step.what: step.ms for step in steps}
    assert (took["answered"], took["stream opened"], took["first sound heard"]) == (40, 90, 300)
    assert took["agent answered"] == 300 + 400 + 3000 - 2400


def test_what_went_wrong_is_named() -> None:
    refused = Exchange("https://c.example/incoming", {}, 403, "no", "text/plain", 5)
    silent = a_call(agent_audio=silence(9000), exchanges=[refused], streams=[], ended_by="error")

    assert failed(call_steps(silent, {})) == [
        "answered", "stream opened", "first sound heard", "agent answered", "call ended",
        "/after-stream heard", "/call-status heard",
    ]  # fmt: skip


def test_an_agent_that_only_plays_its_disclosure_has_not_answered() -> None:
    mute = a_call(agent_audio=silence(300) + LOUD * 20)
    assert failed(call_steps(mute, {"stream-started": 90})) == ["agent answered"]


GOOD = CallRows({"synthetic": True, "outcome": "booked"}, [{"synthetic": True}], [], [], [])


def test_rows_that_are_not_marked_or_stay_held_are_named() -> None:
    job = {"job_id": "j1", "synthetic": False, "status": "scheduled"}
    left = CallRows({"outcome": "booked"}, [{"text": "hi"}], [job], ["2025-08-29T01Z"], ["x"])

    assert failed(row_steps(GOOD)) == []
    assert failed(row_steps(left)) == [
        "call row", "turns", "jobs", "no window held", "nothing to follow up",
    ]  # fmt: skip
    assert failed(row_steps(CallRows(None, [], [], [], []))) == ["call row", "turns"]


def test_a_text_or_a_metric_that_moved_is_named() -> None:
    text = Text("SM1", "+19375550190", "+19375550100", "a job")
    assert failed(quiet_steps([text], {"Bookings": [0, 1]})) == ["no text sent", "no metric moved"]
    assert failed(quiet_steps([], {"ActiveCalls": [0, 0]})) == []
