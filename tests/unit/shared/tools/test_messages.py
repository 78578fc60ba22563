"""take_message, add_note and end_call."""

from shared.domain.models import Outcome
from shared.domain.telling import Telling
from tests.examples import OFFICE
from tests.unit.shared.tools.talk import BOOKING, Talk, coolcare


def test_a_message_reaches_the_office() -> None:
    talk = Talk()

    reply = talk.use("take_message", name="Sarah Miller", phone="555-123-0000", message="Call me.")

    assert reply.output["taken"] is True
    assert talk.world.texts.to(OFFICE) == [
        "CoolCare HVAC: message from Sarah Miller (555-123-0000) "
        "[call back by Fri, Aug 29, 12:00 PM]: Call me."
    ]
    assert talk.world.calls.rows["CA1"].message_taken is True
    assert reply.telling == Telling(
        "I've passed that on. The office will call you back.", "Anything else?"
    )


def test_the_time_to_call_back_is_what_the_policy_says() -> None:
    promises = coolcare().policy.model_copy(update={"urgent_call_back_within_minutes": 30})
    message = {"name": "Sarah", "phone": "555-123-0000", "message": "Call me."}

    said = [
        Talk(coolcare(policy=promises)).use("take_message", **message, urgency=urgency).telling
        for urgency in ("normal", "urgent")
    ]

    assert [told and told.sentence for told in said] == [
        "I've passed that on. The office will call you back.",
        "I've passed that on. The office will call you back by tonight, 7:42 PM.",
    ]


def test_a_message_that_could_not_be_sent_is_kept() -> None:
    talk = Talk()
    talk.world.texts.fail_all = 0

    reply = talk.use("take_message", name="Sarah", phone="555-123-0000", message="Call me.")

    assert (reply.output["taken"], reply.output["text_sent"]) == (True, False)
    assert "text:CA1:message:1" in talk.world.follow_ups.rows


def test_one_call_leaves_no_more_than_three_messages() -> None:
    talk = Talk()
    message = {"name": "Sarah", "phone": "555-123-0000", "message": "Call me."}

    replies = [talk.use("take_message", **message).output for _ in range(4)]

    assert ["error" in reply for reply in replies] == [False, False, False, True]
    assert len(talk.world.texts.sent) == 3


def test_a_note_goes_to_the_job_and_texts_nobody() -> None:
    talk = Talk()
    talk.use("book_appointment", **BOOKING)
    texts = len(talk.world.texts.sent)

    assert talk.use("add_note", note="One friendly dog.").output["noted"] is True
    (job,) = talk.world.jobs.rows.values()
    assert job.notes == ("One friendly dog.",)
    assert len(talk.world.texts.sent) == texts


def test_a_note_before_any_booking_is_told_where_it_belongs() -> None:
    output = Talk().use("add_note", note="One friendly dog.").output

    assert output["error"] == "nothing_to_change"


def test_the_end_keeps_its_reason() -> None:
    talk = Talk()

    reply = talk.use("end_call", reason="wrong_number")

    assert reply.hang_up is True
    call = talk.world.calls.rows["CA1"]
    assert (call.end_reason, call.bookable) == (Outcome.WRONG_NUMBER, False)
