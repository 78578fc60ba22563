"""<Dial>: who is rung, who accepts, and what the action is told."""

from services.simulator.scenarios.scenario import OnCall
from services.simulator.speech.textline import decode
from tests.unit.services.simulator.phone.phone_bench import (
    ON_CALL,
    Bench,
    ScriptedPhone,
    response,
)

DIAL = f'<Dial action="/dialled" timeout="5"><Number url="/whisper">{ON_CALL}</Number></Dial>'

WHISPER = '<Gather numDigits="1" action="/accept" timeout="3"><Say>Press 1</Say></Gather><Hangup/>'


def test_whoever_accepts_is_connected() -> None:
    bench = Bench(
        {
            "/incoming": response(DIAL),
            "/whisper": response(WHISPER),
            "/accept": response(""),
            "/dialled": response("<Hangup/>"),
        }
    )
    phone = ScriptedPhone()
    call = bench.call(phone, OnCall(answers="accepts", says="Dana here"))
    assert decode(bytes(phone.heard)) == "Dana here"
    assert call.dials[0].bridged
    whisper, dialled = bench.form("/whisper"), bench.form("/dialled")
    assert whisper["ParentCallSid"] == call.sid
    assert whisper["CallSid"] == dialled["DialCallSid"] == call.dials[0].sid
    assert (dialled["DialCallStatus"], dialled["DialBridged"]) == ("completed", "true")
    assert call.warnings == []


def test_an_answer_without_pressing_1_connects_nobody() -> None:
    bench = Bench(
        {
            "/incoming": response(DIAL),
            "/whisper": response(WHISPER),
            "/dialled": response("<Say>Nobody</Say>"),
        }
    )
    call = bench.call(ScriptedPhone(), OnCall(answers="declines"))
    dialled = bench.form("/dialled")
    assert (dialled["DialCallStatus"], dialled["DialBridged"]) == ("completed", "false")
    assert "/accept" not in bench.paths
    assert call.said == ["Nobody"]


def test_a_phone_that_rings_on_is_no_answer() -> None:
    bench = Bench({"/incoming": response(DIAL), "/dialled": response("<Hangup/>")})
    bench.call(ScriptedPhone())
    assert bench.form("/dialled")["DialCallStatus"] == "no-answer"


def test_a_caller_who_leaves_while_it_rings_is_told_to_the_action() -> None:
    # It rings for three real seconds, and the caller leaves after a twentieth of one.
    rings_on = DIAL.replace('timeout="5"', 'timeout="600"')
    bench = Bench({"/incoming": response(rings_on), "/dialled": response("<Say>Too late</Say>")})
    call = bench.call(ScriptedPhone(patience=10))
    assert call.ended_by == "caller"
    form = bench.form("/dialled")
    assert (form["DialCallStatus"], form["CallStatus"]) == ("canceled", "completed")
    assert call.said == []
