"""The texts: who hears of what, and what is left when the network fails."""

from datetime import datetime

import pytest

from shared.actions.texts import notify, outbox
from shared.businesses import by_id
from shared.domain.business import Business
from shared.domain.calendar.scheduling import is_after_hours
from shared.domain.errors import PortError, TextFailed
from shared.domain.models import FollowUp, HazardCategory
from tests.examples import NOW, OFFICE, ON_CALL, SARAH, a_call, a_job
from tests.fakes import FakeTexts, FakeWorld


def coolcare() -> Business:
    business = by_id("coolcare_hvac")
    assert business is not None
    return business


def alert(world: FakeWorld, business: Business | None = None) -> bool:
    return notify.hazard_alert(
        world.ports, business or coolcare(), "CA1", SARAH, "gas_leak", real_now=NOW
    )


def test_a_hazard_is_texted_to_on_call_at_once_and_noted() -> None:
    world = FakeWorld()
    world.calls.open(a_call())

    assert alert(world) is True
    (body,) = world.texts.to(ON_CALL)
    assert "DANGER" in body
    assert "a gas leak" in body
    assert "555-123-0000" in body
    assert world.calls.rows["CA1"].hazard is HazardCategory.GAS_LEAK
    assert world.metrics.total("EmergencyDetected") == 1
    assert world.metrics.total("EmergencyHandled") == 1


def test_a_hazard_that_reached_nobody_is_detected_but_not_handled() -> None:
    world = FakeWorld()
    world.texts.fail_all = 30_003

    assert alert(world) is False
    assert world.metrics.total("EmergencyDetected") == 1
    assert world.metrics.total("EmergencyHandled") == 0
    assert len(world.follow_ups.rows) == 1


def test_a_hazard_with_nobody_on_call_goes_to_the_office() -> None:
    world = FakeWorld()
    alert(world, coolcare().model_copy(update={"on_call": ()}))

    assert [text.to for text in world.texts.sent] == [OFFICE]


def test_every_hazard_has_words() -> None:
    assert set(notify.DANGERS) == set(HazardCategory)


def test_a_voicemail_is_told_to_office_and_on_call() -> None:
    world = FakeWorld()

    assert notify.voicemail_alert(
        world.ports, coolcare(), "CA1", None, recording_url="https://x.example/RE1", real_now=NOW
    )
    assert [text.to for text in world.texts.sent] == [OFFICE, ON_CALL]
    assert "number withheld" in world.texts.sent[0].body
    assert "https://x.example/RE1" in world.texts.sent[0].body


LINK = "see https://evil.example/pay, or bit.ly/x"


def test_a_link_of_the_callers_never_reaches_the_office_as_one() -> None:
    world = FakeWorld()
    notify.message_text(
        world.ports, coolcare(), "CA1", name="evil.example", phone=SARAH, message=LINK, real_now=NOW
    )
    job = a_job(customer_name="evil.example", description=LINK, notes=("www.evil.example",))
    bodies = [*world.texts.to(OFFICE), notify.for_crew(coolcare(), job, NOW)[0].body]
    bodies.append(notify.released(coolcare(), job)[0].body)

    for body in bodies:
        assert "evil[.]example" in body
        assert "://" not in body and "l.e" not in body and "t.l" not in body


def test_our_own_pay_link_stays_one() -> None:
    (text,) = notify.for_caller(coolcare(), a_job(), "https://calls.example.com/pay/job1")
    assert "https://calls.example.com/pay/job1" in text.body


def test_a_link_that_had_to_follow_names_the_deposit() -> None:
    text = notify.link_text(coolcare(), a_job(), "https://x.example/pay/job1")

    assert (text.to, text.body) == (
        SARAH,
        "CoolCare HVAC: your deposit of $206 can be paid here: https://x.example/pay/job1",
    )


def test_the_crew_reads_each_note_once_and_no_double_stops() -> None:
    job = a_job(
        description="AC not cooling. Gate code 1234.",
        notes=("Gate code 1234.", "One friendly dog."),
    )
    body = notify.for_crew(coolcare(), job, NOW)[0].body

    assert "repair: AC not cooling. Gate code 1234. Notes: One friendly dog. Visit $248" in body


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


@pytest.mark.parametrize(
    ("now", "start", "on_call"),
    [
        ("2025-08-28T19:12-04:00", "2025-08-28T21:00-04:00", True),
        ("2025-08-28T19:12-04:00", "2025-08-29T08:00-04:00", False),
        ("2025-08-29T06:00-04:00", "2025-08-29T07:00-04:00", True),
        ("2025-08-28T11:00-04:00", "2025-08-28T14:00-04:00", False),
        ("2025-08-29T20:00-04:00", "2025-08-30T06:00-04:00", True),  # Friday night, Saturday
    ],
)
def test_on_call_hears_of_jobs_that_come_before_the_office(
    now: str, start: str, on_call: bool
) -> None:
    begins = datetime.fromisoformat(start)
    job = a_job(start=begins, after_hours=is_after_hours(coolcare(), begins))

    assert notify.before_the_office(coolcare(), job, datetime.fromisoformat(now)) is on_call
