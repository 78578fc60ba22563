"""Calendars are read every five minutes, and what is old says so."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from services.simulator.stack.aws import make_tables
from shared.actions.calendars.refresh import refresh
from shared.actions.events.ports import NotDelivered
from shared.adapters.busy_calendars import KeptBusyCalendars
from shared.adapters.secrets import SecretUnavailable
from shared.businesses import by_id
from shared.domain.business import Business
from shared.domain.calendar.busy import BusyCrews
from shared.domain.integrations import CrewCalendar, Integrations
from tests.examples import NOW, TONIGHT
from tests.fakes import FakeWorld

MINUTE = timedelta(minutes=1)
TONIGHT_BUSY = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:dentist\r\n"
    "DTSTART:20250829T013000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
HELD = frozenset({("crew-1", TONIGHT), ("crew-1", TONIGHT + 60 * MINUTE)})


def coolcare(**busy: str) -> Business:
    found = by_id("coolcare_hvac")
    assert found is not None
    calendars = {crew.replace("_", "-"): CrewCalendar(busy=name) for crew, name in busy.items()}
    return found.model_copy(update={"integrations": Integrations(calendars=calendars)})


class Calendars:
    """A calendar at an address of its own, and the rows that keep it."""

    def __init__(self, client: Any) -> None:
        self.client, self.now, self.text, self.asked = client, NOW, TONIGHT_BUSY, list[str]()
        self.down = self.no_secret = False

    def busy(self, business: Business | None = None) -> BusyCrews:
        kept = KeptBusyCalendars(
            self.client, "t-", self._secret, get=self._get, clock=lambda: self.now
        )
        return kept.busy(business or coolcare(crew_1="crew-1-calendar"))

    def _secret(self, name: str) -> tuple[str, ...]:
        if self.no_secret:
            raise SecretUnavailable(name)
        return (f"https://calendar.example.com/{name}.ics\n",)

    def _get(self, url: str) -> bytes:
        self.asked.append(url)
        if self.down:
            raise NotDelivered("it answered 500")
        return self.text.encode()


@pytest.fixture
def calendars(monkeypatch: pytest.MonkeyPatch) -> Iterator[Calendars]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        make_tables(client, "t-")
        yield Calendars(client)


def test_a_business_without_a_calendar_is_asked_nothing(calendars: Calendars) -> None:
    assert calendars.busy(coolcare()) == BusyCrews()
    assert calendars.asked == []


def test_what_a_calendar_says_holds_its_crew(calendars: Calendars) -> None:
    busy = calendars.busy()

    assert busy.holds == HELD and busy.unsure == frozenset()
    assert calendars.asked == ["https://calendar.example.com/crew-1-calendar.ics"]


def test_it_is_read_again_after_five_minutes_and_not_before(calendars: Calendars) -> None:
    calendars.busy()
    calendars.text = TONIGHT_BUSY.replace("DTSTART:20250829", "DTSTART:20250830")
    calendars.now = NOW + 4 * MINUTE
    assert calendars.busy().holds == HELD
    calendars.now = NOW + 5 * MINUTE
    assert calendars.busy().holds == {(crew, at + 24 * 60 * MINUTE) for crew, at in HELD}
    assert len(calendars.asked) == 2


def test_one_that_is_down_counts_as_it_was_read_last_and_after_half_an_hour_is_unsure(
    calendars: Calendars,
) -> None:
    calendars.busy()
    calendars.down = True
    for minutes, unsure in ((10, frozenset()), (30, frozenset()), (31, frozenset({"crew-1"}))):
        calendars.now = NOW + minutes * MINUTE
        busy = calendars.busy()
        assert (busy.holds, busy.unsure) == (HELD, unsure)
    calendars.down = False
    calendars.now = NOW + 33 * MINUTE
    assert calendars.busy() == BusyCrews(HELD, frozenset())


def test_a_caller_does_not_wait_again_and_again_for_one_that_is_down(calendars: Calendars) -> None:
    calendars.down = True
    for seconds in (0, 10, 30, 59):
        calendars.now = NOW + timedelta(seconds=seconds)
        assert calendars.busy().unsure == {"crew-1"}
    assert len(calendars.asked) == 1


@pytest.mark.parametrize("trouble", ["no_secret", "no calendar"])
def test_whatever_is_wrong_with_it_a_call_goes_on(calendars: Calendars, trouble: str) -> None:
    calendars.no_secret = trouble == "no_secret"
    calendars.text = "<html>Sign in</html>"

    assert calendars.busy() == BusyCrews(frozenset(), frozenset({"crew-1"}))


def test_another_s_calendar_is_another_s(calendars: Calendars) -> None:
    both = coolcare(crew_1="one", crew_2="two")
    calendars.busy(both)
    assert [url.rpartition("/")[2] for url in calendars.asked] == ["one.ics", "two.ics"]


def test_what_cannot_be_read_for_half_an_hour_is_counted() -> None:
    world, business = FakeWorld(), coolcare(crew_1="one")
    assert refresh(world.ports, [business, coolcare()], lambda: True) == {}
    world.calendars.known = BusyCrews(frozenset(), frozenset({"crew-1"}))
    assert refresh(world.ports, [business, coolcare()], lambda: True) == {"unread": 1}
    assert world.metrics.total("CalendarsUnread") == 1
    assert refresh(world.ports, [business], lambda: False) == {}


def test_it_is_dated_by_real_time_and_read_around_the_business_s(calendars: Calendars) -> None:
    kept = KeptBusyCalendars(
        calendars.client,
        "t-",
        lambda _: ("https://calendar.example.com/",),
        get=lambda _: TONIGHT_BUSY.encode(),
        clock=lambda: datetime(2026, 11, 27, tzinfo=UTC),
        offset=NOW - datetime(2026, 11, 27, tzinfo=UTC),
    )
    assert kept.busy(coolcare(crew_1="one")).holds == HELD


def test_a_process_without_the_addresses_goes_by_what_others_read_and_keeps_none_from_reading(
    calendars: Calendars,
) -> None:
    calendars.busy()
    calendars.text = TONIGHT_BUSY.replace("DTSTART:20250829", "DTSTART:20250830")
    late = NOW + 31 * MINUTE
    other = KeptBusyCalendars(calendars.client, "t-", None, clock=lambda: late)
    busy = other.busy(coolcare(crew_1="crew-1-calendar"))
    assert (busy.holds, busy.unsure) == (HELD, frozenset({"crew-1"}))

    calendars.now = late
    assert calendars.busy().unsure == frozenset()
    assert len(calendars.asked) == 2
