"""<Start><Recording>: both sides of a call, until it is stopped, and what is reported of it."""

from services.simulator.speech.textline import decode
from tests.unit.services.simulator.phone.phone_bench import Bench, ScriptedPhone, response, says

START = (
    '<Start><Recording name="call" channels="dual" track="both" '
    'recordingStatusCallback="/recording-status?b=x" '
    'recordingStatusCallbackEvent="in-progress completed absent"/></Start>'
)
STOP = '<Stop><Recording name="call"/></Stop>'


def statuses(bench: Bench) -> list[str]:
    return [form["RecordingStatus"] for path, form in bench.forms if path == "/recording-status"]


def sound(bench: Bench) -> bytes:
    assert bench.network is not None
    (audio,) = bench.network.recordings.audio.values()
    return audio


def test_a_call_is_recorded_on_two_channels_to_its_end() -> None:
    bench = Bench({"/incoming": response(f'{START}<Say>Hello there</Say><Pause length="2"/>')})
    call = bench.call(ScriptedPhone(*says("My heat is out")))
    assert statuses(bench) == ["in-progress", "completed"]
    assert decode(sound(bench)[::2]) == "My heat is out"
    assert decode(sound(bench)[1::2]) == "Hello there"
    assert call.warnings == []


def test_what_is_said_after_the_stop_is_not_on_it() -> None:
    body = f"{START}<Say>Before</Say>{STOP}<Say>Afterwards</Say>"
    bench = Bench({"/incoming": response(body)})
    bench.call(ScriptedPhone())
    assert decode(sound(bench)[1::2]) == "Before"


def test_its_reports_name_the_call_and_none_of_its_numbers() -> None:
    bench = Bench({"/incoming": response(f"{START}<Say>Hi</Say>")})
    call = bench.call(ScriptedPhone())
    report = next(form for path, form in bench.forms if path == "/recording-status")
    assert report["CallSid"] == call.sid
    assert not {"From", "To", "Caller", "Called"} & report.keys()


def test_a_recording_of_nothing_is_absent() -> None:
    bench = Bench({"/incoming": response(f"{START}{STOP}<Say>Hi</Say>")})
    bench.call(ScriptedPhone())
    assert statuses(bench) == ["in-progress", "absent"]
    assert bench.network is not None
    assert bench.network.recordings.audio == {}
