"""<Record>: the voicemail box."""

from services.simulator.caller.sending import CallerTick
from services.simulator.speech.textline import decode
from tests.unit.services.simulator.phone.phone_bench import (
    Bench,
    ScriptedPhone,
    response,
    says,
)


def test_a_voicemail_is_recorded_and_its_address_posted() -> None:
    body = '<Record action="/voicemail" timeout="2" maxLength="60"/>'
    bench = Bench({"/incoming": response(body), "/voicemail": response("<Hangup/>")})
    silent_beep = [CallerTick()] * 25
    call = bench.call(ScriptedPhone(*silent_beep, *says("Please call me back")))
    form = bench.form("/voicemail")
    assert form["RecordingUrl"] == call.recordings[0]
    assert bench.network is not None
    recorded = bench.network.recordings.audio[form["RecordingSid"]]
    assert decode(recorded) == "Please call me back"


def test_an_empty_voicemail_asks_no_action() -> None:
    body = '<Record action="/voicemail" timeout="1"/><Say>Goodbye</Say>'
    bench = Bench({"/incoming": response(body)})
    assert bench.call(ScriptedPhone()).said == ["Goodbye"]
    assert "/voicemail" not in bench.paths
