"""A yes to texts is kept with time, wording and call, and only where texts were named."""

import pytest

from shared.domain.models import TextConsent
from shared.domain.moments.english import WITH_TEXTS
from tests.examples import NOW, SARAH
from tests.unit.shared.tools.talk import AVAILABILITY, BOOKING, QUOTE, Talk

DETAILS = {
    "name": "Sarah Miller",
    "phone": "this number",
    "address": "123 Oak Street, Springfield",
    "booking": BOOKING,
}
ALL = frozenset({"name", "phone", "address", "terms"})


def booked(talk: Talk, confirmed: frozenset[str]) -> str:
    talk.use("get_pricing_quote", **QUOTE)
    talk.use("check_availability", **AVAILABILITY)
    talk.use("confirm_details", **DETAILS)
    reply = talk.context.use(
        "book_appointment", BOOKING, confirmed=confirmed, now=NOW, real_now=NOW
    )
    return str(reply.output["job_id"])


def test_the_yes_that_books_is_one_to_texts_and_is_kept_with_job_and_number() -> None:
    talk = Talk()
    job = talk.world.jobs.get(booked(talk, ALL))

    given = TextConsent(at=NOW, wording="Book and text?", call_sid="CA1")
    assert job is not None and job.consent == given
    assert talk.world.texting.consented("coolcare_hvac", SARAH) == given


@pytest.mark.parametrize("confirmed", [frozenset(), ALL - {"terms"}])
def test_without_a_yes_to_the_terms_there_is_none(confirmed: frozenset[str]) -> None:
    talk = Talk()
    job = talk.world.jobs.get(booked(talk, confirmed))
    assert job is not None and job.consent is None
    assert talk.world.texting.consents == {}


def test_the_booking_stands_while_consents_cannot_be_kept() -> None:
    talk = Talk()
    talk.world.texting.down = True
    job = talk.world.jobs.get(booked(talk, ALL))
    assert job is not None and job.consent is None  # they were not asked


def test_every_question_that_books_can_ask_for_texts() -> None:
    assert all(" and text" in asked for asked in WITH_TEXTS.values())
