"""What staff are told of a call: who hears of what, and in which words."""

from shared.actions.texts import booking_texts, deposit_texts, notify
from shared.businesses import by_id
from shared.domain.business import Business
from shared.domain.models import HazardCategory
from tests.examples import NOW, OFFICE, ON_CALL, SARAH, a_call, a_job
from tests.fakes import FakeWorld


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
    bodies = [*world.texts.to(OFFICE), booking_texts.for_crew(coolcare(), job, NOW)[0].body]
    bodies.append(deposit_texts.released(coolcare(), job)[0].body)

    for body in bodies:
        assert "evil[.]example" in body
        assert "://" not in body and "l.e" not in body and "t.l" not in body


def without_texts(**changes: str) -> Business:
    off = {"texts": "off", "office_email": "office@x.example", **changes}
    return coolcare().model_copy(update=off)


def test_with_texts_off_a_hazard_is_mailed_and_still_counts_as_unhandled() -> None:
    world = FakeWorld()
    world.calls.open(a_call())

    assert alert(world, without_texts(on_call_email="oc@x.example")) is False
    ((to, subject, body),) = world.mail.sent
    assert (to, subject) == ("oc@x.example", "CoolCare HVAC: DANGER")
    assert "a gas leak" in body
    assert "555-123-0000" in body
    assert world.calls.rows["CA1"].hazard is HazardCategory.GAS_LEAK
    assert world.metrics.total("EmergencyDetected") == 1
    assert world.metrics.total("EmergencyHandled") == 0  # a mail wakes nobody
    assert world.metrics.total("SmsSent") == 0


def test_with_texts_off_a_voicemail_is_mailed_to_each_mailbox_once() -> None:
    for business, mailboxes in (
        (without_texts(), ["office@x.example"]),
        (without_texts(on_call_email="oc@x.example"), ["office@x.example", "oc@x.example"]),
    ):
        world = FakeWorld()
        notify.voicemail_alert(
            world.ports, business, "CA1", SARAH, recording_url="https://x.example/v", real_now=NOW
        )
        assert [to for to, _, _ in world.mail.sent] == mailboxes
        assert world.texts.sent == []


def test_with_texts_off_a_message_reaches_the_office_by_mail() -> None:
    world = FakeWorld()
    assert notify.message_text(
        world.ports, without_texts(), "CA1", name="Ann", phone=SARAH, message="Hi", real_now=NOW
    )
    assert world.mail.sent[0][0] == "office@x.example"
