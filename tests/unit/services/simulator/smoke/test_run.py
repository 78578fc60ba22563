"""The smoke call: a phone without ears, what its call must show, and where a stage is."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from services.simulator.cli.main import main
from services.simulator.phone.calls import CallRecord, StreamRecord, Text
from services.simulator.phone.webhooks import Exchange
from services.simulator.smoke.checks import Left, SmokeStep, call_steps, quiet_steps, row_steps
from services.simulator.smoke.phone import SmokePhone, first_sound, last_sound, sounds
from services.simulator.smoke.run import report
from services.simulator.smoke.target import NoTarget, at_stage, at_url, number_of
from services.simulator.speech.sound import BYTES_PER_MS, FRAME, SILENCE, silence
from services.simulator.speech.textline import encode
from services.simulator.stack.aws import make_tables

LOUD = b"\x05" * FRAME  # mu-law near full scale
SID = "CA" + "0" * 32


def said(audio: bytes) -> list[bytes]:
    return [audio[start : start + FRAME] for start in range(0, len(audio), FRAME)]


def conversation(agent: bytes) -> tuple[bytes, int]:
    """What the phone sent while the agent played `agent`, and when it hung up."""
    phone, sent = SmokePhone(LOUD * 10), b""
    frames = said(agent) + [SILENCE] * 6000
    for number, frame in enumerate(frames, 1):
        tick = phone.tick(frame)
        sent += tick.audio
        if tick.hangs_up:
            return sent, number * 20
    raise AssertionError("it never hung up")


@pytest.mark.parametrize("frame", [LOUD, encode("Hello")[:FRAME]])
def test_speech_and_words_as_data_are_sound(frame: bytes) -> None:
    assert sounds(frame)
    assert not sounds(SILENCE)
    assert not sounds(b"\x7e" * FRAME)


def test_it_speaks_once_the_agent_has_finished_and_leaves_once_it_was_answered() -> None:
    agent = silence(200) + LOUD * 50 + silence(3000) + LOUD * 20 + silence(3000)
    sent, hung_up = conversation(agent)

    assert first_sound(sent) == 200 + 1000 + 1200
    assert last_sound(sent) == 2400 + 200
    assert hung_up == 4200 + 400 + 1200


def test_a_pause_inside_a_sentence_is_not_its_end() -> None:
    sent, _ = conversation(LOUD * 20 + silence(1000) + LOUD * 20)
    assert first_sound(sent) == 400 + 1000 + 400 + 1200


def test_it_leaves_a_line_where_nobody_speaks() -> None:
    sent, hung_up = conversation(b"")
    assert (first_sound(sent), hung_up) == (None, 20_000)


def test_it_leaves_an_agent_that_never_stops() -> None:
    _, hung_up = conversation(LOUD * 6000)
    assert hung_up == 90_000


def a_call(**changes: Any) -> CallRecord:
    base = "https://calls.example.com"
    body = '<Response><Connect action="/after-stream"><Stream url="wss://m.example/media"/></Connect></Response>'
    answered = Exchange(f"{base}/incoming", {}, 200, body, "text/xml", 40)
    told = [
        Exchange(f"{base}{path}", {}, 200, "", "text/xml", 9)
        for path in ("/after-stream", "/call-status")
    ]
    call = CallRecord(SID, "+15005550006", "+19375550100", "AC1", ended_by="caller")
    call.exchanges = [answered, *told]
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


GOOD = Left({"synthetic": True, "outcome": "booked"}, [{"synthetic": True}], [], [], [])


def test_rows_that_are_not_marked_or_stay_held_are_named() -> None:
    job = {"job_id": "j1", "synthetic": False, "status": "scheduled"}
    left = Left({"outcome": "booked"}, [{"text": "hi"}], [job], ["2025-08-29T01Z"], ["x"])

    assert failed(row_steps(GOOD)) == []
    assert failed(row_steps(left)) == [
        "call row", "turns", "jobs", "no window held", "nothing to follow up",
    ]  # fmt: skip
    assert failed(row_steps(Left(None, [], [], [], []))) == ["call row", "turns"]


def test_a_text_or_a_metric_that_moved_is_named() -> None:
    text = Text("SM1", "+19375550190", "+19375550100", "a job")
    assert failed(quiet_steps([text], {"Bookings": [0, 1]})) == ["no text sent", "no metric moved"]
    assert failed(quiet_steps([], {"ActiveCalls": [0, 0]})) == []


def test_the_report_says_each_step_and_the_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert report([SmokeStep("answered", True, "200", 12)], print) is True
    assert report([SmokeStep("answered", False, "403", 12)], print) is False
    said = capsys.readouterr().out
    assert "ok      answered" in said
    assert "12 ms  403" in said
    assert said.endswith("FAILED: answered\n")


# -- where a stage is ----------------------------------------------------------------------


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.Session(region_name="us-east-1")


def test_the_rows_of_a_call_are_found_by_its_keys(session: Any) -> None:
    from services.simulator.smoke.target import Rows

    client = session.client("dynamodb")
    make_tables(client, "callwright-dev-")
    rows: dict[str, list[dict[str, Any]]] = {
        "calls": [{"pk": f"CALL#{SID}", "sk": "META", "synthetic": True, "outcome": "booked"}],
        "agent_turns": [{"pk": f"CALL#{SID}", "sk": "T#000001", "synthetic": True}],
        "jobs": [
            {"pk": f"CALL#{SID}", "sk": "JOB#j1", "job_id": "j1"},
            {
                "pk": "JOB#j1", "sk": "META", "job_id": "j1", "synthetic": True,
                "status": "released", "business_id": "b", "crew": "c",
            },
            {"pk": "SLOT#b#c", "sk": "2025-08-29T01Z", "job_id": "j1"},
            {"pk": "SLOT#b#c", "sk": "2025-08-29T05Z", "job_id": "other"},
            {"pk": "FOLLOWUP#deposit:j1", "sk": "FOLLOWUP"},
        ],
    }  # fmt: skip
    resource = session.resource("dynamodb")
    for table, items in rows.items():
        for item in items:
            resource.Table(f"callwright-dev-{table}").put_item(Item=item)

    left = Rows(client, "callwright-dev-").of(SID)

    assert left.call == rows["calls"][0]
    assert left.turns == rows["agent_turns"]
    assert left.jobs == [rows["jobs"][1]]
    assert left.held == ["2025-08-29T01Z"]
    assert left.follow_ups == ["FOLLOWUP#deposit:j1"]
    assert not left.is_settled


class Deployed:
    """A session whose clients answer from botocore's stubs."""

    def __init__(self, **answers: tuple[str, dict[str, Any] | None]) -> None:
        self._answers = answers

    def client(self, name: str) -> Any:
        client = boto3.client(name, region_name="us-east-1")
        stub = Stubber(client)
        operation, answer = self._answers.get(name, ("", None))
        if answer is None:
            stub.add_client_error(operation, "ValidationError", "Stack does not exist")
        elif answer:
            stub.add_response(operation, answer)
        stub.activate()
        return client


def a_stage(outputs: dict[str, str] | None, secret: str = '{"current": "token"}') -> Deployed:
    stack = {
        "StackName": "callwright-dev-api",
        "CreationTime": datetime(2026, 1, 1, tzinfo=UTC),
        "StackStatus": "CREATE_COMPLETE",
        "Outputs": [{"OutputKey": k, "OutputValue": v} for k, v in (outputs or {}).items()],
    }
    variables = {"Variables": {"TWILIO_ACCOUNT_SID": "AC1"}}
    return Deployed(
        cloudformation=("describe_stacks", None if outputs is None else {"Stacks": [stack]}),
        **{"lambda": ("get_function_configuration", {"Environment": variables})},
        secretsmanager=("get_secret_value", {"SecretString": secret}),
        dynamodb=("", {}),
    )


def test_a_stage_is_found_by_its_outputs_its_function_and_its_secret() -> None:
    stage = a_stage({"PublicBaseUrl": "https://x.example"})
    target = at_stage("dev", "coolcare_hvac", stage)
    found = (target.public_url, target.number, target.account_sid, target.auth_token)
    assert found == ("https://x.example", "+19375550100", "AC1", "token")
    assert target.read is not None


@pytest.mark.parametrize(
    ("stage", "why"),
    [
        (a_stage(None), "ValidationError"),
        (a_stage({"Other": "x"}), "PublicBaseUrl"),
        (a_stage({"PublicBaseUrl": "https://x.example"}, "{}"), "make secrets"),
    ],
)
def test_a_stage_that_is_not_ready_says_what_is_missing(stage: Deployed, why: str) -> None:
    with pytest.raises(NoTarget, match=why):
        at_stage("dev", "coolcare_hvac", stage)


def test_a_deployment_by_address_takes_its_keys_from_the_environment() -> None:
    keys = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "secret"}
    target = at_url("https://calls.example.com/", "coolcare_hvac", keys)
    assert (target.public_url, target.number) == ("https://calls.example.com", "+19375550100")
    with pytest.raises(NoTarget, match="TWILIO_AUTH_TOKEN"):
        at_url("https://calls.example.com", "coolcare_hvac", {})


def test_a_number_is_read_from_the_business_s_own_file(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(f"numbers = {json.dumps(['+15552223333'])}")
    assert number_of("mine", tmp_path) == "+15552223333"
    with pytest.raises(NoTarget, match="mine"):
        number_of("nosuch", tmp_path)


def test_the_command_needs_to_know_where(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["smoke"])
    assert main(["smoke", "--base-url", "https://x.example", "--business", "nosuch"]) == 2
    assert "TWILIO_ACCOUNT_SID" in capsys.readouterr().err


def test_times_are_counted_in_media() -> None:
    assert first_sound(silence(40) + LOUD) == 40
    assert first_sound(silence(40) + LOUD + silence(40), 60) is None
    assert last_sound(silence(40)) is None
    assert last_sound(LOUD + silence(40)) == FRAME // BYTES_PER_MS
