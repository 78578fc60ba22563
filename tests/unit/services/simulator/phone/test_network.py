"""The phone network against a server of ours in a few lines: a call from ringing to its end."""

from twilio.request_validator import RequestValidator

from services.simulator.phone.webhooks import RETRIEVAL_FAILURE
from services.simulator.speech.textline import decode
from tests.unit.services.simulator.phone.phone_bench import (
    CALLER,
    DIALED,
    Bench,
    ScriptedPhone,
    response,
)


def test_the_voice_webhook_is_signed_over_all_its_fields() -> None:
    bench = Bench({"/incoming": response("<Say>Hello</Say>")})
    call = bench.call(ScriptedPhone())
    form = bench.form("/incoming")
    assert (form["From"], form["To"], form["CallStatus"]) == (CALLER, DIALED, "ringing")
    assert form["FromCity"] == ""  # blank, and signed all the same
    path, signature = bench.signatures[0]
    assert path == "/incoming"
    assert RequestValidator("token").validate(bench.url + path, form, signature)
    assert call.warnings == []


def test_the_caller_hears_what_is_said_and_the_end_is_reported() -> None:
    phone = ScriptedPhone()
    bench = Bench({"/incoming": response("<Say>Hello there</Say><Hangup/>")})
    call = bench.call(phone)
    assert decode(bytes(phone.heard)) == "Hello there"
    assert (call.ended_by, call.status) == ("twiml", "completed")
    ended = bench.form("/call-status")
    assert ended["CallStatus"] == "completed"
    assert ended["CallSid"] == call.sid


def test_a_caller_who_hangs_up_ends_the_call() -> None:
    bench = Bench({"/incoming": response('<Pause length="60"/>')})
    assert bench.call(ScriptedPhone(patience=3)).ended_by == "caller"


def test_a_failing_webhook_is_followed_by_twilios_apology() -> None:
    bench = Bench({})
    call = bench.call(ScriptedPhone())
    assert call.warnings[0].startswith(str(RETRIEVAL_FAILURE))
    assert call.said == ["We are sorry. An application error has occurred. Goodbye."]
