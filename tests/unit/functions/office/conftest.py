"""The office's surroundings, over tables that moto answers for."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from services.simulator.stack.aws import make_tables
from tests.unit.functions.office.visitor import Browser, Shop


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        make_tables(client, "office-")
        yield Shop(client)


@pytest.fixture
def browser(shop: Shop) -> Browser:
    """A device that is locked."""
    return Browser(shop)


@pytest.fixture
def office(browser: Browser) -> Browser:
    """A device that is unlocked."""
    browser.unlocks()
    return browser
