"""The office of a deployed stage works with the settings and keys of the stage's own function."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from services.operator.where.office import office_of
from services.operator.where.trouble import CannotTell
from services.simulator.stack.aws import make_tables
from shared.domain.errors import PortError
from shared.published import POINTER, BusinessFile, write_pointer
from shared.schema import TTL
from tests.examples import BUSINESSES, NOW, a_customer, a_job

REGION = "us-east-1"
STORE = "callwright-dev-businesses-123456789012"
HERE = {"AWS_REGION": REGION, "BUSINESSES_DIR": str(BUSINESSES)}


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.Session(region_name=REGION)


def deployed(session: Any) -> None:
    """Tables, a secret and the function of stage dev."""
    make_tables(session.client("dynamodb"), "callwright-dev-")
    session.client("s3").create_bucket(Bucket=STORE)
    vault = session.client("secretsmanager")
    text = json.dumps({"current": "key"})
    arn = vault.create_secret(Name="callwright/dev/stripe-api-key", SecretString=text)["ARN"]
    role = session.client("iam").create_role(RoleName="any", AssumeRolePolicyDocument="{}")
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as file:
        file.writestr("handler.py", "")
    variables = {
        "STAGE": "dev",
        "TABLE_PREFIX": "callwright-dev-",
        "PUBLIC_BASE_URL": "https://voice.example.com",
        "CUSTOMER_DAYS": "30",
        "STRIPE_API_KEY_SECRET_ARN": arn,
    }
    session.client("lambda").create_function(
        FunctionName="callwright-dev-follow-up",
        Runtime="python3.13",
        Role=role["Role"]["Arn"],
        Handler="handler.lambda_handler",
        Code={"ZipFile": code.getvalue()},
        Environment={"Variables": variables},
    )


def test_a_deployed_stage_is_worked_on_as_its_own_function_would(session: Any) -> None:
    deployed(session)

    office = office_of("dev", HERE, lambda: NOW)

    assert office.public_url() == "https://voice.example.com"
    assert office.ports.jobs.book(a_job(), a_customer()) is True
    assert office.ports.jobs.get("job1") == a_job()
    rows = session.client("dynamodb").scan(TableName="callwright-dev-jobs")["Items"]
    kept = {row["pk"]["S"].partition("#")[0] for row in rows if TTL in row}
    assert {"JOB", "SLOT"} <= kept  # for as long as the stage keeps them
    assert "coolcare_hvac" in office.businesses
    assert office.at(NOW).now == office.at(NOW).real


def test_what_was_published_is_what_the_office_works_by(session: Any) -> None:
    deployed(session)
    text = (BUSINESSES / "coolcare_hvac.toml").read_text("utf-8")
    more = text.replace('crews = ["crew-1"]', 'crews = ["crew-1", "ana"]')
    for wanted, files in (
        (("crew-1", "ana"), BusinessFile("coolcare_hvac", more)),
        (("crew-1", "ana"), BusinessFile("coolcare_hvac", "broken", before=more)),
        (("crew-1",), BusinessFile("coolcare_hvac", "broken")),
    ):
        pointer = write_pointer({"coolcare_hvac": files})
        session.client("s3").put_object(Bucket=STORE, Key=POINTER, Body=pointer)
        office = office_of("dev", HERE, lambda: NOW)
        assert office.businesses["coolcare_hvac"].crews == wanted


def test_a_secret_that_is_not_to_be_had_is_told_when_it_is_needed(session: Any) -> None:
    deployed(session)
    office = office_of("dev", HERE, lambda: NOW)
    with pytest.raises(PortError):
        office.ports.texts.send("+15551230000", "hello", sender="+19375550100")


def test_a_stage_that_is_not_deployed_is_said_so(session: Any) -> None:
    with pytest.raises(CannotTell, match="is the stage deployed"):
        office_of("dev", HERE, lambda: NOW)


def test_without_a_local_stack_it_is_said_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(CannotTell, match="make up"):
        office_of("local", {"LOCAL_STACK_FILE": str(tmp_path / "none.json")}, lambda: NOW)
