"""The function on its schedule, over real tables; Twilio and Stripe are on loopback."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from functions.follow_up import handler
from services.simulator.stack.aws import make_tables
from shared.adapters.dynamo.follow_ups import DynamoFollowUps
from shared.adapters.dynamo.jobs import DynamoJobs
from shared.businesses import all_businesses
from shared.logs import FunctionBroke
from tests.examples import ON_CALL, a_customer, a_follow_up, a_job
from tests.twilio_rest import serving

ENVIRON = {
    "STAGE": "local",
    "TABLE_PREFIX": "callwright-local-",
    "PUBLIC_BASE_URL": "https://voice.example.com/",
    "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001",
    "TWILIO_AUTH_TOKEN": "token",
    "STRIPE_API_KEY": "sk_test_1",
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
}
PREFIX = "callwright-local-"
LONG_AGO = datetime(2025, 8, 28, tzinfo=UTC)


class Context:
    """What Lambda passes; `left_ms` is how long the run may still take."""

    def __init__(self, left_ms: int = 100_000) -> None:
        self._left_ms = left_ms

    def get_remaining_time_in_millis(self) -> int:
        return self._left_ms


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_REGION", raising=False)
    handler._opened.cache_clear()
    handler._secrets.cache_clear()
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        make_tables(client, PREFIX)
        yield client
    handler._opened.cache_clear()
    handler._secrets.cache_clear()


def test_a_text_that_failed_is_sent_by_the_schedule(
    client: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    follow_ups = DynamoFollowUps(client, PREFIX)
    follow_ups.leave(a_follow_up(to=ON_CALL, body="A gas leak.", due_at=LONG_AGO))
    with mock_aws(config={"core": {"passthrough": {"urls": [".*127.0.0.1.*"]}}}), serving() as rest:
        monkeypatch.setenv("TWILIO_API_BASE", f"http://127.0.0.1:{rest.server_port}")
        assert handler.lambda_handler({}, Context()) == {"done": 1}
        (asked,) = rest.asked

    path, _, form = asked
    assert path.endswith("/Accounts/AC00000000000000000000000000000001/Messages.json")
    assert (form["To"], form["Body"]) == ([ON_CALL], ["A gas leak."])
    assert form["StatusCallback"] == ["https://voice.example.com/sms-status"]
    assert follow_ups.waiting("text:job1:caller") is False
    emf = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["SmsSent"] for line in emf] == [1]


def test_a_run_that_has_no_time_leaves_all_as_it_is(client: Any) -> None:
    follow_ups = DynamoFollowUps(client, PREFIX)
    follow_ups.leave(a_follow_up(due_at=LONG_AGO))

    assert handler.lambda_handler({}, Context(left_ms=1_000)) == {"left": 1}
    assert follow_ups.waiting("text:job1:caller") is True


def test_at_night_every_business_s_hours_are_checked(
    client: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    DynamoJobs(client, PREFIX).book(a_job(start=start), a_customer())
    event = {"work": "check_slots"}
    right = dict.fromkeys(all_businesses(), 0)

    assert handler.lambda_handler(event, Context()) == right
    lock = {
        "pk": {"S": "SLOT#coolcare_hvac#crew-1"},
        "sk": {"S": f"{start + timedelta(hours=1):%Y-%m-%dT%HZ}"},
    }
    client.delete_item(TableName=f"{PREFIX}jobs", Key=lock)
    assert handler.lambda_handler(event, Context()) == {**right, "coolcare_hvac": 1}
    assert '"SlotInvariantViolation":1' in capsys.readouterr().out


def test_a_run_without_its_keys_uses_up_no_attempt(
    client: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    follow_ups = DynamoFollowUps(client, PREFIX)
    follow_ups.leave(a_follow_up(due_at=LONG_AGO))
    monkeypatch.delenv("STRIPE_API_KEY")

    with pytest.raises(FunctionBroke, match="SecretUnavailable"):
        handler.lambda_handler({}, Context())
    (logged,) = [record for record in caplog.records if record.message == "function broke"]
    assert "STRIPE_API_KEY" in vars(logged)["why"]
    (due,) = follow_ups.due(datetime.now(UTC))
    assert due.attempts == 0
