"""What staff are told of a call: who hears of what, and in which words."""

from shared.actions.texts import booking_texts, deposit_texts, notify
from shared.businesses import by_id
from shared.domain.business import Business
from tests.examples import NOW, OFFICE, ON_CALL, SARAH, a_job
from tests.fakes import FakeWorld


def coolcare() -> Business:
    business = by_id("coolcare_hvac")
    assert business is not None
    return business


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
