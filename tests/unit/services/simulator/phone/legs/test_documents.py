"""What cannot be followed is asked of the number's fallback, of whichever leg and at any stage."""

from twilio.request_validator import RequestValidator

from services.simulator.scenarios.scenario import OnCall
from tests.unit.services.simulator.phone.phone_bench import (
    ON_CALL,
    Bench,
    ScriptedPhone,
    response,
)

HOLD = response("<Say>Please hold</Say><Hangup/>")
DIAL = f'<Dial action="/dialled"><Number url="/whisper#tt=900">{ON_CALL}</Number></Dial>'


def test_the_fallback_learns_what_failed_and_why_and_its_request_is_signed() -> None:
    bench = Bench({"/fallback": HOLD})
    call = bench.call(ScriptedPhone())

    asked = bench.form("/fallback")
    assert (asked["ErrorCode"], asked["ErrorUrl"]) == ("11200", f"{bench.url}/incoming")
    assert (asked["CallSid"], call.said) == (call.sid, ["Please hold"])
    address, signature = next(each for each in bench.signatures if each[0].startswith("/fallback"))
    assert RequestValidator("token").validate(bench.url + address, {}, signature)


def test_a_document_that_is_no_twiml_is_asked_of_the_fallback_with_its_own_code() -> None:
    bench = Bench({"/incoming": "<Response><Say>half", "/fallback": HOLD})
    call = bench.call(ScriptedPhone())

    assert bench.form("/fallback")["ErrorCode"] == "12100"
    assert call.said == ["Please hold"]


def test_a_webhook_in_the_middle_of_a_call_is_asked_of_the_fallback_too() -> None:
    bench = Bench({"/incoming": response(DIAL), "/fallback": HOLD})
    call = bench.call(ScriptedPhone())

    assert bench.form("/fallback")["ErrorUrl"] == f"{bench.url}/dialled"
    assert call.said == ["Please hold"]


def test_so_is_what_a_person_who_is_rung_was_to_hear() -> None:
    accept = '<Gather numDigits="1" action="/join" timeout="3"><Say>Press 1</Say></Gather><Hangup/>'
    bench = Bench({
        "/incoming": response(DIAL),
        "/fallback": response(accept),
        "/join": response(""),
        "/dialled": response("<Hangup/>"),
    })  # fmt: skip
    call = bench.call(ScriptedPhone(), OnCall(answers="accepts"))

    asked = bench.form("/fallback")
    assert asked["ErrorUrl"] == f"{bench.url}/whisper#tt=900"
    assert asked["ParentCallSid"] == call.sid
    assert call.dials[0].bridged and call.dials[0].whispered == "Press 1"


def test_where_the_fallback_fails_too_there_is_nothing_to_follow() -> None:
    bench = Bench({"/fallback": "no TwiML"})
    call = bench.call(ScriptedPhone())

    assert call.said == ["We are sorry. An application error has occurred. Goodbye."]
    assert [warning.split(":")[0] for warning in call.warnings] == ["11200", "12100"]
