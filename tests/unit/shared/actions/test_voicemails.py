"""A message that was left while our webhook was down reaches the business after all, once."""

from datetime import UTC, datetime, timedelta

from shared.actions import voicemails
from shared.actions.ports import Voicemail
from shared.actions.texts import notify
from shared.businesses import by_id
from shared.domain.business import Business
from tests.examples import OFFICE, ON_CALL
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
    return voicemails.tell(world.ports, owner, real_now=NOW)


def test_office_and_on_call_are_told_once() -> None:
    world = left(30)
    assert (tell(world), tell(world)) == (1, 0)
    for number in (OFFICE, ON_CALL):
        (body,) = world.texts.to(number)
        assert "left a voicemail" in body and "Recordings" in body


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
