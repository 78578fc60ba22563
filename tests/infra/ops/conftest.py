"""What the operator's commands talk to: AWS by MiniStack, Twilio and Stripe by stand-ins."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from infra.config import Stage
from infra.ops.vault import Vault
from tests.contracts.conftest import ministack_url
from tests.infra.ops.outside_world import Account, StripeSide, serving

__all__ = ["ministack_url"]

SID = "AC" + "1" * 32


@pytest.fixture
def stage() -> Stage:
    return Stage(name="dev", twilio_account_sid=SID, region="us-east-1")


@pytest.fixture
def aws(ministack_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A session in which everything goes to MiniStack, without any secret of ours."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.setenv("AWS_ENDPOINT_URL", ministack_url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    session = boto3.Session(region_name="us-east-1")
    yield session
    client = session.client("secretsmanager")
    for each in client.list_secrets()["SecretList"]:
        client.delete_secret(SecretId=each["Name"], ForceDeleteWithoutRecovery=True)


@pytest.fixture
def vault(aws: Any, stage: Stage) -> Vault:
    return Vault(aws.client("secretsmanager"), stage)


@pytest.fixture
def twilio() -> Iterator[tuple[Account, str]]:
    account = Account(SID, "token")
    with serving(account) as url:
        yield account, url


@pytest.fixture
def stripe() -> Iterator[tuple[StripeSide, str]]:
    side = StripeSide("sk_test_1234567890")
    with serving(side) as url:
        yield side, url


def held(session: Any, name: str) -> Any:
    """What an entry really holds."""
    client = session.client("secretsmanager")
    return json.loads(client.get_secret_value(SecretId=f"callwright/dev/{name}")["SecretString"])
