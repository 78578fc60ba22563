"""Where a stage is, and the rows of one call in it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from services.simulator.smoke.number import NoTarget, number_of
from services.simulator.smoke.target import DeployedRows, at_stage, at_url, region_of
from services.simulator.stack.aws import make_tables

SID = "CA" + "0" * 32


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.Session(region_name="us-east-1")


def test_the_rows_of_a_call_are_found_by_its_keys(session: Any) -> None:
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

    left = DeployedRows(client, "callwright-dev-").of(SID)

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


OWNED, EXAMPLE = 'numbers = ["+19375550234"]', 'numbers = ["+19375550100"]'


def test_the_first_business_that_is_no_example_is_rung(tmp_path: Path) -> None:
    (tmp_path / "a_example.toml").write_text(EXAMPLE)
    assert number_of(None, tmp_path) == "+19375550100"
    (tmp_path / "mine.toml").write_text(OWNED)
    assert number_of(None, tmp_path) == "+19375550234"


def test_without_any_business_there_is_nobody_to_ring(tmp_path: Path) -> None:
    with pytest.raises(NoTarget, match="no business file"):
        number_of(None, tmp_path)


def test_of_a_deployment_no_example_is_rung(tmp_path: Path) -> None:
    (tmp_path / "a_example.toml").write_text(EXAMPLE)
    with pytest.raises(NoTarget, match="all businesses are examples"):
        number_of(None, tmp_path, deployed=True)
    (tmp_path / "mine.toml").write_text(OWNED)
    assert number_of(None, tmp_path, deployed=True) == "+19375550234"


def test_rows_that_cannot_be_read_say_nothing_of_the_call() -> None:
    """Whoever may place the call need not be allowed to read tables: nothing is rolled back."""
    client = boto3.client("dynamodb", region_name="us-east-1")
    stub = Stubber(client)
    stub.add_client_error("query", "AccessDeniedException")
    stub.activate()
    with pytest.raises(NoTarget, match="rows: AWS said AccessDeniedException"):
        DeployedRows(client, "callwright-dev-").of("CA1")


def test_a_stage_is_looked_for_in_its_own_region(tmp_path: Path) -> None:
    mine = tmp_path / "cdk.json"
    mine.write_text('{"context": {"stages": {"dev": {"region": "us-west-2"}, "prod": {}}}}')
    assert region_of("dev", mine) == "us-west-2"
    assert region_of("prod", mine) is None
    with pytest.raises(NoTarget, match=r"no stage .live.*; there is dev, prod"):
        region_of("live", mine)
