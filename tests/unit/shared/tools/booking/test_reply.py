"""What is told of a job that stands, whatever Stripe and the phone network do."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain.business import Business
from shared.domain.models import FollowUpKind, OptOut
from tests.examples import NOW, OFFICE, ON_CALL, SARAH
from tests.fakes import FakeWorld
from tests.unit.shared.tools.booking.test_book import book, coolcare
from tests.unit.shared.tools.talk import AVAILABILITY, BOOKING, QUOTE, Talk


def test_booking_answers_as_the_spec_does_and_says_what_is_true() -> None:
    talk = Talk()
    talk.use("get_pricing_quote", **QUOTE)
    talk.use("check_availability", **AVAILABILITY)

    reply = talk.use("book_appointment", **BOOKING)

    assert talk.world.calls.rows["CA1"].stage == "booked"
    assert reply.output["booked"] is True
    assert reply.output["deposit_amount"] == 206
    assert str(reply.output["checkout_url"]).startswith("https://checkout.stripe.com/c/pay/")
    job_id = reply.output["job_id"]
    assert reply.output["pay_link"] == f"https://voice.example.com/pay/{job_id}"
    assert reply.output["text_sent"] is True
    assert "$206" in str(reply.output["say"])
    assert reply.telling is not None
    assert f"{reply.telling.sentence} {reply.telling.question}" == (
        "All set, tonight 9 to 11 PM. I texted the $206 deposit link. Anything we should note?"
    )


def test_the_same_booking_asked_for_again_is_not_told_again() -> None:
    talk = Talk()
    talk.use("check_availability", **AVAILABILITY)
    talk.use("book_appointment", **BOOKING)

    assert talk.use("book_appointment", **BOOKING).telling is None


def test_a_booking_without_a_link_counts_no_link() -> None:
    talk = Talk()
    talk.world.checkout.down = True

    talk.use("book_appointment", **BOOKING)

    total = talk.world.metrics.total
    assert (total("BookableCalls"), total("Bookings"), total("DepositLinks")) == (1, 1, 0)


def test_without_stripe_the_caller_is_booked_and_told_that_the_link_will_follow() -> None:
    world = FakeWorld()
    world.checkout.down = True

    reply = book(world)

    assert (reply["booked"], reply["checkout_url"], reply["pay_link"]) == (True, None, None)
    assert "will follow" in reply["say"]
    assert "deposit link" not in reply["say"]
    (to_caller,) = world.texts.to(SARAH)
    assert to_caller.endswith("Deposit $206: the payment link will follow.")
    follow_up = world.follow_ups.rows[f"checkout:{reply['job_id']}"]
    assert (follow_up.kind, follow_up.job_id) == (FollowUpKind.CHECKOUT, reply["job_id"])


def test_without_texts_the_caller_is_booked_and_every_text_is_kept() -> None:
    world = FakeWorld()
    world.texts.fail_all = 30_001

    reply = book(world)

    assert (reply["booked"], reply["text_sent"]) == (True, False)
    assert "could not send the text" in reply["say"]
    job_id = reply["job_id"]
    texts = {f"text:{job_id}:{whom}" for whom in ("caller", "office", "on_call")}
    assert set(world.follow_ups.rows) == {f"deposit:{job_id}", *texts}
    assert all(world.follow_ups.rows[text].body for text in texts)
    assert world.metrics.total("SmsFailed") == 3


def test_a_number_that_opted_out_is_told_so_and_not_tried_again() -> None:
    world = FakeWorld()
    world.texts.failing = {SARAH: 21_610}

    reply = book(world, email=None)

    assert reply["text_sent"] is False
    assert "I can't text that number, so the office will be in touch." in reply["say"]
    assert set(world.follow_ups.rows) == {f"deposit:{reply['job_id']}"}


def test_who_said_stop_is_booked_and_not_texted_and_no_network_is_asked() -> None:
    world = FakeWorld()
    world.texting.opt_out("coolcare_hvac", SARAH, OptOut(at=NOW, by="spoken"))

    reply = book(world, email=None)

    assert (reply["booked"], reply["text_sent"]) == (True, False)
    assert "I can't text that number" in reply["say"]
    assert world.texts.to(SARAH) == []
    assert any("could not text" in told for told in world.texts.to(OFFICE))


def test_while_opt_outs_cannot_be_read_no_customer_is_texted_and_nothing_is_lost() -> None:
    world = FakeWorld()
    world.texting.down = True

    reply = book(world)

    assert world.texts.to(SARAH) == [] and len(world.texts.to(OFFICE)) == 1
    assert f"text:{reply['job_id']}:caller" in world.follow_ups.rows


def test_the_link_goes_by_mail_where_a_number_takes_no_texts() -> None:
    world = FakeWorld()
    world.texts.failing = {SARAH: 30_006}

    reply = book(world, email="sarah@example.com")

    assert "it goes to your email" in reply["say"] and reply["text_sent"] is False
    (mail,) = world.mail.sent
    assert mail[0] == "sarah@example.com" and f"/visit/{reply['job_id']}" in mail[2]
    assert f"text:{reply['job_id']}:caller" not in world.follow_ups.rows
    assert not any("could not text" in told for told in world.texts.to(OFFICE))


@pytest.mark.parametrize("code", [21_211, 21_408, 21_614, 30_006])
def test_a_landline_is_told_so_at_once_and_the_office_has_to_call(code: int) -> None:
    world = FakeWorld()
    world.texts.failing = {SARAH: code}

    reply = book(world, email=None)

    assert reply["text_sent"] is False
    assert "That number does not take our texts, so the office will be in touch." in reply["say"]
    assert "link will follow" not in reply["say"]
    assert set(world.follow_ups.rows) == {f"deposit:{reply['job_id']}"}
    assert any("could not text" in told for told in world.texts.to(OFFICE))


def test_a_deposit_stripe_will_never_take_is_left_to_the_office() -> None:
    world = FakeWorld()
    world.checkout.refusing = True

    reply = book(world)

    assert "the office will be in touch about it" in reply["say"]
    assert "will follow" not in reply["say"]


def test_a_number_abroad_is_booked_and_never_texted() -> None:
    world = FakeWorld()

    reply = book(world, phone="+442079460018")

    assert (reply["booked"], reply["text_sent"]) == (True, False)
    assert {text.to for text in world.texts.sent} == {OFFICE, ON_CALL}
    assert "please call" in world.texts.to(OFFICE)[0]


def test_a_business_that_takes_no_deposit_sends_no_link() -> None:
    world = FakeWorld()
    card = coolcare().card.model_copy(update={"deposit_share": 0})

    reply = book(world, business=coolcare(card=card))

    assert (reply["deposit_amount"], reply["checkout_url"]) == (0, None)
    assert world.checkout.created == []
    assert world.follow_ups.rows == {}  # not even a look at the deposit
    assert "pay" not in world.texts.to(SARAH)[0]


def test_only_new_customers_are_asked_for_a_deposit_where_the_business_says_so() -> None:
    world = FakeWorld()
    card = coolcare().card.model_copy(update={"deposit": "new_customers"})
    first = Talk(coolcare(card=card), world=world)

    assert first.use("get_pricing_quote", **QUOTE).output["deposit"] == 206
    assert first.use("book_appointment", **BOOKING).output["deposit_amount"] == 206
    assert first.use("get_pricing_quote", **QUOTE).output["deposit"] == 206  # of this very call

    later = Talk(coolcare(card=card), NOW + timedelta(days=300), world=world)
    assert later.use("get_pricing_quote", **QUOTE).output["deposit"] == 0
    offered: Any = later.use("check_availability", **AVAILABILITY).output["available_slots"]
    again = {**BOOKING, "scheduled_time": offered[0]["datetime"]}
    assert later.use("book_appointment", **again).output["deposit_amount"] == 0
    assert len(world.checkout.created) == 1


def test_a_covered_visit_is_booked_without_a_price_a_deposit_or_a_link() -> None:
    world, covered = FakeWorld(), {"description": "AC is warm; customer has a maintenance plan."}
    talk = Talk(world=world)

    quoted = talk.use("get_pricing_quote", **{**QUOTE, **covered})
    offered = talk.use("check_availability", **AVAILABILITY)
    booked = talk.use("book_appointment", **{**BOOKING, **covered, "estimated_cost": 0})

    for reply in (quoted, offered, booked):
        assert reply.figures == ()
        assert "$" not in str(reply.output)
        assert "visit_fee" not in str(reply.output) and "estimate" not in set(reply.output)
    assert quoted.output["say"] == (
        "Since that may be covered, our office will confirm the cost before the visit."
    )
    assert (booked.output["booked"], booked.output["deposit_amount"]) == (True, 0)
    assert "Our office will confirm the cost before the visit." in str(booked.output["say"])
    assert (world.checkout.created, booked.output["pay_link"]) == ([], None)
    job = world.jobs.rows[str(booked.output["job_id"])]
    assert (job.covered, job.estimate, job.deposit) == ("member", 0, 0)
    assert "will confirm the cost" in world.texts.to(SARAH)[0]
    assert "$" not in "".join(text.body for text in world.texts.sent)
    assert "NOTHING WAS QUOTED, the caller says: member" in world.texts.to(OFFICE)[0]


def test_what_was_said_when_it_was_quoted_covers_the_booking_too() -> None:
    talk = Talk()
    talk.use("get_pricing_quote", **{**QUOTE, "description": "You were just here; AC is warm."})

    booked = talk.use("book_appointment", **{**BOOKING, "estimated_cost": 0}).output

    assert (booked["booked"], booked["deposit_amount"]) == (True, 0)


def without_texts() -> Business:
    return coolcare(
        texts="off", office_email="office@coolcare.example", on_call_email="oc@x.example"
    )


def test_with_texts_off_a_booking_has_no_link_and_nobody_is_promised_a_text() -> None:
    world = FakeWorld()
    reply = book(world, business=without_texts())

    assert (reply["booked"], reply["checkout_url"], reply["pay_link"]) == (True, None, None)
    assert reply["text_sent"] is False
    assert reply["deposit_amount"] == 206
    assert "the office will be in touch about it" in reply["say"]
    assert "text" not in reply["say"]
    assert "link" not in reply["say"]
    assert world.texts.sent == []


def test_with_texts_off_office_and_on_call_are_mailed_and_the_office_is_to_collect() -> None:
    world = FakeWorld()
    reply = book(world, business=without_texts())

    assert [to for to, _, _ in world.mail.sent] == ["office@coolcare.example", "oc@x.example"]
    _, subject, body = world.mail.sent[0]
    assert subject.startswith(f"CoolCare HVAC: EMERGENCY job {reply['job_id']}")
    assert "No link was sent: please call for the deposit of $206." in body
    assert world.follow_ups.rows == {}  # no look at the deposit that would give the window back


def test_with_texts_off_and_one_mailbox_a_job_is_mailed_once() -> None:
    world = FakeWorld()
    book(world, business=coolcare(texts="off", office_email="office@coolcare.example"))
    assert len(world.mail.sent) == 1


def test_with_texts_off_the_same_booking_asked_again_says_the_same() -> None:
    world, business = FakeWorld(), without_texts()
    first = book(world, business=business)
    again = book(world, business=business)
    assert again["say"] == first["say"]
    assert len(world.mail.sent) == 2


def test_with_texts_off_a_mail_that_fails_is_kept_for_a_retry() -> None:
    world = FakeWorld()
    world.mail.fails = True
    reply = book(world, business=without_texts())
    assert reply["booked"] is True
    assert sorted(world.follow_ups.rows) == [
        f"text:{reply['job_id']}:office", f"text:{reply['job_id']}:on_call",
    ]  # fmt: skip
