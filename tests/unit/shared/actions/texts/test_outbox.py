"""Which numbers are texted, and what a refusal means for whoever waits for the text."""

from dataclasses import replace
from typing import Any

import pytest

from shared.actions.texts import outbox, wording
from shared.actions.texts.outbox import HOPELESS, Sms
from shared.businesses import by_id
from shared.domain.business import Business
from shared.domain.errors import PortError, TextFailed
from shared.domain.models import FollowUp
from tests.examples import NOW, OFFICE, ON_CALL, SARAH
from tests.fakes import FakeTexts, FakeWorld


def coolcare(**changes: Any) -> Business:
    owner = by_id("coolcare_hvac")
    assert owner is not None
    return owner.model_copy(update=changes)


@pytest.mark.parametrize(
    "abroad",
    [
        "+18765550142", "+16585550142",  # Jamaica
        "+18095550142", "+18295550142", "+18495550142",  # Dominican Republic
        "+14415550142", "+12425550142", "+12465550142", "+13455550142", "+17215550142",
        "+14165550142", "+16045550142",  # Canada
        "+19005550142", "+19000000000", "+19765550142",  # premium
        "+442079460018", "+525555550142", "+911", "+", "", "22395", "+1937555014", "Anonymous",
    ],
)  # fmt: skip
def test_a_number_of_another_country_or_of_none_is_not_texted(abroad: str) -> None:
    assert outbox.reachable(coolcare(), abroad) is False


@pytest.mark.parametrize(
    "home",
    [
        "+19375550142", "+15551230000", "+15005550006", "+12125550142", "+18085550142",
        "+17875550142", "+19395550142", "+16715550142", "+13405550142", "+16845550142",
        "+16705550142",  # Puerto Rico, Guam, the Virgin Islands, Samoa, the Marianas
    ],
)  # fmt: skip
def test_the_states_and_their_territories_are_one_country(home: str) -> None:
    assert outbox.reachable(coolcare(), home) is True


def test_a_business_in_canada_texts_canada() -> None:
    there = coolcare(numbers=("+14165550100",))
    assert outbox.reachable(there, "+16045550142")
    assert not outbox.reachable(there, "+12125550142")


@pytest.mark.parametrize("code", sorted(HOPELESS))
def test_a_number_that_takes_no_texts_is_not_tried_again_and_the_office_is_told_at_once(
    code: int,
) -> None:
    world = FakeWorld()
    world.texts.failing = {SARAH: code}
    text = Sms(SARAH, "You're booked.", "job1:caller", "job1")

    (sent,) = outbox.send(world.ports, coolcare(), [text], NOW)

    assert sent in wording.NOT_TEXTED
    assert world.follow_ups.rows == {}
    (told,) = world.texts.to(OFFICE)
    assert "could not text 555-123-0000" in told and str(code) in told


@pytest.mark.parametrize("code", [0, 20003, 21611, 30001, 30003, 30007, 30008, 30022, 30034, 20429])
def test_what_may_be_over_by_the_next_try_is_tried_again(code: int) -> None:
    world = FakeWorld()
    world.texts.failing = {SARAH: code}
    text = Sms(SARAH, "You're booked.", "job1:caller", "job1")

    assert outbox.send(world.ports, coolcare(), [text], NOW) == ["failed"]
    assert list(world.follow_ups.rows) == ["text:job1:caller"]
    assert world.texts.sent == []


def test_an_office_that_takes_no_texts_is_counted_and_not_tried_again() -> None:
    world = FakeWorld()
    world.texts.failing = {OFFICE: 21614}

    assert outbox.send(world.ports, coolcare(), [Sms(OFFICE, "A job.", "j")], NOW) == ["refused"]

    assert world.follow_ups.rows == {} and world.metrics.total("FollowUpsGivenUp") == 1


def test_a_notice_the_network_does_not_take_is_kept() -> None:
    world = FakeWorld()
    world.texts.failing = {SARAH: 21614, OFFICE: 30001}

    outbox.send(world.ports, coolcare(), [Sms(SARAH, "Booked.", "job1:caller", "job1")], NOW)

    assert list(world.follow_ups.rows) == ["text:given_up:text:job1:caller"]


class WatchedTexts(FakeTexts):
    """Sees what was already kept when a text is handed over."""

    def __init__(self, world: FakeWorld) -> None:
        super().__init__()
        self.world = world
        self.kept: list[set[str]] = []

    def send(self, to: str, body: str, *, sender: str) -> str:
        self.kept.append(set(self.world.follow_ups.rows))
        return super().send(to, body, sender=sender)


def two_texts() -> list[outbox.Sms]:
    return [outbox.Sms(SARAH, "one", "job1:caller"), outbox.Sms(OFFICE, "two", "job1:office")]


def test_a_text_is_kept_before_it_is_sent_and_struck_off_after() -> None:
    world = FakeWorld()
    world.texts = watched = WatchedTexts(world)

    assert outbox.send(world.ports, coolcare(), two_texts(), NOW) == ["sent", "sent"]
    assert watched.kept == [{"text:job1:caller", "text:job1:office"}, {"text:job1:office"}]
    assert world.follow_ups.rows == {}


def test_a_text_refused_is_left_to_a_retry_with_all_it_needs() -> None:
    world = FakeWorld()
    world.texts.failing = {SARAH: 30_003}

    assert outbox.send(world.ports, coolcare(), two_texts(), NOW) == ["failed", "sent"]
    row = world.follow_ups.rows["text:job1:caller"]
    assert (row.to, row.body, row.attempts, row.error) == (SARAH, "one", 1, "twilio 30003")
    assert row.due_at == NOW + outbox.FIRST_RETRY


def test_when_the_network_is_silent_the_caller_waits_for_one_timeout_only() -> None:
    class SilentTexts(FakeTexts):
        asked = 0

        def send(self, to: str, body: str, *, sender: str) -> str:
            self.asked += 1
            raise TextFailed("Twilio did not answer", 0)

    world = FakeWorld()
    world.texts = silent = SilentTexts()

    assert outbox.send(world.ports, coolcare(), two_texts(), NOW) == ["failed", "failed"]
    assert silent.asked == 1
    assert len(world.follow_ups.rows) == 2
    assert world.metrics.total("SmsFailed") == 2


def test_a_text_is_sent_even_when_it_cannot_be_kept() -> None:
    class LostFollowUps(type(FakeWorld().follow_ups)):  # type: ignore[misc]
        def leave(self, follow_up: FollowUp) -> None:
            raise PortError("down")

        def done(self, follow_up_id: str) -> None:
            raise PortError("down")

    world = FakeWorld()
    world.follow_ups = LostFollowUps()

    assert outbox.send(world.ports, coolcare(), two_texts(), NOW) == ["sent", "sent"]


LINK = "https://voice.example.com/office/in/coolcare_hvac/AAAA"


@pytest.mark.parametrize("texts", ["on", "off"])
def test_what_goes_to_the_office_has_the_way_to_its_page_however_long_it_is(texts: str) -> None:
    world = FakeWorld()
    ports = replace(world.ports, office_link=lambda _: LINK)
    business = coolcare(texts=texts, office_email="office@example.com")
    for body in ("A visit.", "long " * 500):
        assert outbox.hand_over(ports, business, Sms(OFFICE, body, "key")) is None
    bodies = world.texts.to(OFFICE) or [body for _, _, body in world.mail.sent]
    assert bodies[0] == f"A visit. {LINK}"
    assert len(bodies[1]) <= outbox.LONGEST
    assert bodies[1].endswith(f" {LINK}")


def test_no_customer_and_nobody_on_call_has_it() -> None:
    world = FakeWorld()
    ports = replace(world.ports, office_link=lambda _: LINK)
    for to in (SARAH, ON_CALL):
        outbox.hand_over(ports, coolcare(), Sms(to, "A visit.", "key"))
        assert world.texts.to(to) == ["A visit."]
