"""TwiML followed verb by verb: keys that are gathered, and documents in a circle."""

from services.simulator.caller.sending import CallerTick
from tests.unit.services.simulator.phone.phone_bench import (
    Bench,
    ScriptedPhone,
    response,
)


def test_keys_are_gathered_and_posted() -> None:
    bench = Bench(
        {
            "/incoming": response('<Gather numDigits="2" action="/keys"><Say>Keys</Say></Gather>'),
            "/keys": response("<Hangup/>"),
        }
    )
    bench.call(ScriptedPhone(CallerTick(keys="4"), CallerTick(keys="2")))
    assert bench.form("/keys")["Digits"] == "42"


def test_nobody_presses_anything_and_the_next_verb_follows() -> None:
    body = '<Gather action="/keys" timeout="1"/><Say>Goodbye</Say>'
    bench = Bench({"/incoming": response(body)})
    assert bench.call(ScriptedPhone()).said == ["Goodbye"]
    assert "/keys" not in bench.paths


def test_documents_that_go_round_in_a_circle_end() -> None:
    bench = Bench({"/incoming": response("<Redirect>/incoming</Redirect>")})
    call = bench.call(ScriptedPhone(patience=100_000))
    assert any("circle" in warning for warning in call.warnings)
