"""A message that was left while our webhook was down reaches the business after all, once."""

from datetime import UTC, datetime, timedelta

from shared.actions import callbacks, voicemails
from shared.actions.ports import Voicemail
from shared.actions.texts import notify
from shared.businesses import by_id
from shared.domain.business import Business
from shared.domain.call_time import CallTime
from shared.domain.models import Outcome
from tests.examples import OFFICE, ON_CALL, a_call
from tests.fakes import FakeWorld

NOW = datetime(2025, 8, 28, 23, 12, tzinfo=UTC)
CALLER, NUMBER = "+15551230000", "+19375550100"


def owner(number: str) -> Business | None:
    return by_id("coolcare_hvac") if number == NUMBER else None


def left(minutes: int, number: str = NUMBER) -> FakeWorld:
    world = FakeWorld()
    world.recordings.left = [Voicemail("RE1", "CA1", NOW - timedelta(minutes=minutes))]
    world.recordings.between["CA1"] = (CALLER, number)
    return world


def tell(world: FakeWorld) -> int:
    return voicemails.tell(world.ports, owner, CallTime(NOW, NOW))


def test_office_and_on_call_are_told_once() -> None:
    world = left(30)
    assert (tell(world), tell(world)) == (1, 0)
    for number in (OFFICE, ON_CALL):
        (body,) = world.texts.to(number)
        assert "left a voicemail" in body and "Recordings" in body


def test_whoever_left_it_is_to_be_called_back() -> None:
    world = left(30)
    tell(world)
    row = world.calls.rows["CA1"]
    assert (row.caller, row.outcome, row.failure) == (CALLER, Outcome.MESSAGE_TAKEN, "capacity")
    assert row.started_at == NOW - timedelta(minutes=30) == row.ended_at
    assert row.callback is not None and callbacks.is_open(row)
    assert (row.callback.phone, row.callback.urgency) == (CALLER, "normal")
    assert any(key.startswith("callback:CA1") for key in world.follow_ups.rows)


def test_a_call_that_had_a_row_keeps_what_is_known_of_it() -> None:
    world = left(30)
    world.calls.open(a_call(hazard="gas_leak", stage="quoted"))
    tell(world)
    row = world.calls.rows["CA1"]
    assert (row.stage, row.hazard, row.callback and row.callback.urgency) == (
        "quoted",
        "gas_leak",
        "urgent",
    )


def test_a_table_that_is_down_does_not_keep_it_from_the_business() -> None:
    world = left(30)
    world.calls.down = True
    assert tell(world) == 1
    assert "left a voicemail" in world.texts.to(OFFICE)[0]


def test_one_that_the_webhook_told_of_is_not_told_again() -> None:
    world, business = left(30), owner(NUMBER)
    assert business is not None
    link = "https://voice.example.com/voicemail/x"
    notify.voicemail_alert(world.ports, business, "CA1", CALLER, recording_url=link, real_now=NOW)
    assert tell(world) == 0


def test_one_of_this_minute_is_the_webhooks_to_tell() -> None:
    assert tell(left(5)) == 0


def test_one_of_yesterday_is_nobodys_any_more() -> None:
    assert tell(left(7 * 60)) == 0


def test_a_number_that_is_no_business_of_ours_is_passed_over() -> None:
    world = left(30, number="+19375550999")
    assert tell(world) == 0
    assert not world.texts.sent
