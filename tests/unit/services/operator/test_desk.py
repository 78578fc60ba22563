"""Who answers, who is not taken, and who is to be called back: as an owner asks and switches."""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from services.operator import desk, office
from services.operator.where.office import Office
from services.operator.where.rows import StageRows
from services.operator.where.trouble import CannotTell
from services.simulator.stack.aws import make_tables
from shared.actions import callbacks
from shared.actions.office_devices import Device
from shared.adapters.dynamo.blocks import DynamoBlocks
from shared.adapters.dynamo.calls import DynamoCalls
from shared.adapters.dynamo.devices import DynamoDevices
from shared.adapters.dynamo.switches import DynamoSwitches
from shared.businesses import all_businesses
from shared.domain.call_time import CallTime
from tests.examples import NOW, OFFICE, SARAH, a_call
from tests.fakes import FakeWorld

SID = f"CA{1:032x}"
NOT_TAKEN = "+15551230666"


class Owner:
    def __init__(self, client: Any) -> None:
        make_tables(client, "own-")
        world = FakeWorld()
        world.calls = DynamoCalls(client, "own-")  # type: ignore[assignment]
        self.ports, self.now = world.ports, NOW
        self.business = all_businesses()["coolcare_hvac"]
        self.office = Office(
            businesses={self.business.id: self.business},
            ports=self.ports,
            blocks=DynamoBlocks(client, "own-"),
            switches=DynamoSwitches(client, "own-"),
            outbox=world.outbox,
            devices=DynamoDevices(client, "own-"),
            rows=StageRows(client, "own-"),
            public_url=lambda: "https://voice.example.com",
        )

    def asks(self, *words: str) -> list[str]:
        parser = argparse.ArgumentParser()
        desk.add(parser.add_subparsers(required=True))
        return list(
            office.run(parser.parse_args([*words, "--stage", "local"]), self.office, self.now)
        )

    def promised(self) -> None:
        self.ports.calls.open(a_call(SID))
        at = CallTime(NOW, NOW)
        callbacks.ask(self.ports, self.business, SID, phone=SARAH, urgency="urgent", at=at)


@pytest.fixture
def owner(monkeypatch: pytest.MonkeyPatch) -> Iterator[Owner]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    with mock_aws():
        yield Owner(boto3.client("dynamodb", region_name="us-east-1"))


def test_the_file_s_mode_is_told_and_another_switched(owner: Owner) -> None:
    assert owner.asks("mode") == ["coolcare_hvac: ai (by its file)"]
    owner.asks("mode", "--business", "coolcare_hvac", "--to", "people")
    assert owner.asks("mode") == ["coolcare_hvac: people (switched)"]


def test_a_mode_needs_its_business(owner: Owner) -> None:
    with pytest.raises(CannotTell, match="say which business"):
        owner.asks("mode", "--to", "people")


def test_a_number_is_blocked_and_not_any_more(owner: Owner) -> None:
    assert owner.asks("blocklist", "list") == ["no number is blocked"]
    owner.asks("blocklist", "add", NOT_TAKEN)
    assert owner.asks("blocklist", "list", "--unmasked") == [NOT_TAKEN]
    assert NOT_TAKEN not in owner.asks("blocklist", "list")[0]
    owner.asks("blocklist", "remove", NOT_TAKEN)
    assert owner.asks("blocklist", "list") == ["no number is blocked"]


def test_staff_is_not_blocked_and_a_number_is_needed(owner: Owner) -> None:
    with pytest.raises(CannotTell, match="of its staff"):
        owner.asks("blocklist", "add", OFFICE)
    with pytest.raises(CannotTell, match="which number"):
        owner.asks("blocklist", "add")


def test_a_call_back_is_listed_late_and_then_done(owner: Owner) -> None:
    assert owner.asks("callbacks") == ["nobody is to be called back"]
    owner.promised()
    assert owner.asks("callbacks")[1].endswith("open")
    owner.now = NOW + timedelta(hours=2)
    assert owner.asks("callbacks")[1].endswith("LATE")
    assert owner.asks("callbacks", "--done", SID) == [f"{SID}: done, late"]
    assert owner.asks("callbacks") == ["nobody is to be called back"]
    assert owner.asks("callbacks", "--all")[1].endswith("done, late")


def test_a_call_that_is_not_known_is_told(owner: Owner) -> None:
    with pytest.raises(CannotTell, match="there is no call"):
        owner.asks("callbacks", "--done", SID)


def test_a_link_to_the_page_is_of_each_business_or_there_is_none(owner: Owner) -> None:
    with pytest.raises(CannotTell, match="stream-token"):
        owner.asks("office")
    linked = replace(owner.ports, office_link=lambda business_id: f"https://x/{business_id}")
    owner.office = replace(owner.office, ports=linked)
    assert owner.asks("office") == ["coolcare_hvac: https://x/coolcare_hvac"]


def test_every_device_of_a_business_is_locked_by_one_command(owner: Owner) -> None:
    device = Device(business_id=owner.business.id, opened_at=NOW, seen_at=NOW, until=NOW)
    owner.office.devices.unlock("key1", device)
    assert owner.asks("office", "--lock-all") == ["coolcare_hvac: 1 device locked"]
    assert owner.asks("office", "--lock-all") == ["coolcare_hvac: 0 devices locked"]
