"""A caller in danger on the whole stack: who is asked to take it, and who does."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from services.simulator.phone.calls import CallRecord
from shared.actions.alerts.raising import ANSWER_WITHIN, hazard_alert
from shared.actions.follow_ups.retry import FollowUpRun
from shared.actions.follow_ups.run import run
from shared.actions.ports import Ports
from shared.adapters.secrets import Secrets
from shared.adapters.settings import settings_of
from shared.adapters.wiring import open_ports
from shared.businesses import by_id
from shared.domain.business import Business
from shared.domain.call_time import CallTime
from tests.e2e.world import CALLER, COOLCARE, World, world

FIRST, SECOND, OFFICE = "+19375550191", "+19375550192", "+19375550190"
pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def here() -> Iterator[World]:
    with world() as made:
        yield made


def two_on_call() -> Business:
    business = by_id("coolcare_hvac")
    assert business is not None
    return business.model_copy(update={"on_call": (FIRST, SECOND)})


def ports_of(here: World) -> Ports:
    own = here.stack.environment
    tables = boto3.client(
        "dynamodb",
        endpoint_url=own["AWS_ENDPOINT_URL"],
        region_name=own["AWS_REGION"],
        aws_access_key_id=own["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=own["AWS_SECRET_ACCESS_KEY"],
    )
    secrets = Secrets(own, lambda: datetime.now(UTC))
    return open_ports(settings_of(own), secrets.get, tables=tables, out=io.StringIO())


def in_danger(here: World, ports: Ports) -> CallRecord:
    call = here.call()
    assert here.webhook("/after-stream", call.fields()).status == 200  # the row is there
    hazard_alert(ports, two_on_call(), call.sid, CALLER, "gas_leak", real_now=datetime.now(UTC))
    return call


def minutes_later(here: World, ports: Ports, steps: int) -> None:
    """The schedule, so many times three minutes later."""
    at = datetime.now(UTC) + steps * ANSWER_WITHIN + timedelta(seconds=1)
    business, url = two_on_call(), here.stack.public_url
    run(FollowUpRun(ports, lambda _: business, url, CallTime(at, at)), lambda: True)


def row_of(here: World, call: CallRecord) -> dict[str, Any]:
    return next(row for row in here.tables()["calls"] if call.sid in row["pk"])


def told(here: World, number: str) -> list[str]:
    return [text.body for text in here.stack.network.sms.taken if text.to == number]


def test_the_second_person_takes_it_by_a_text(here: World) -> None:
    ports = ports_of(here)
    call = in_danger(here, ports)
    sms = here.stack.network.sms
    assert told(here, FIRST)[-1].startswith("DANGER: a gas leak.") and not told(here, SECOND)

    minutes_later(here, ports, 1)
    assert told(here, SECOND)[-1].startswith("DANGER: a gas leak.")
    assert sms.placed.rung[-1][0] == SECOND
    assert here.run(sms.text_us(OFFICE, COOLCARE, "1")).status == 200  # nobody asked them
    assert "acknowledged_by" not in row_of(here, call)

    assert here.run(sms.text_us(SECOND, COOLCARE, "1")).status == 200
    row = row_of(here, call)
    assert (row["acknowledged_by"], row["alert_asked"]) == (SECOND, [FIRST, SECOND])
    assert "you have a gas leak. Call 555-123-0000" in told(here, SECOND)[-1]
    assert "has taken a gas leak" in told(here, FIRST)[-1]


def test_the_office_takes_it_by_a_key(here: World) -> None:
    ports = ports_of(here)
    call = in_danger(here, ports)
    placed = here.stack.network.sms.placed
    placed.keys[OFFICE] = "1"
    for step in (1, 2):
        minutes_later(here, ports, step)
    here.run(here.stack.network.settled())
    assert placed.rung[-1][0] == OFFICE and placed.rung[-1][1].startswith("Danger: a gas leak.")
    assert row_of(here, call)["acknowledged_by"] == OFFICE
