"""R offers two windows and moves the visit by reply, once, whatever comes between."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.domain.models import JobStatus, Priority
from shared.domain.money import Cents
from tests.examples import a_customer, a_job
from tests.unit.functions.incoming.phone_company import OFFICE
from tests.unit.functions.incoming.webhooks.texts.texter import Texter

FRIDAY_8 = datetime(2025, 8, 29, 12, tzinfo=UTC)
FRIDAY_10 = FRIDAY_8 + timedelta(hours=2)
REGULAR: dict[str, Any] = {
    "rate": "regular",
    "after_hours": False,
    "estimate": Cents(55_000),
    "visit_fee": Cents(16_500),
    "deposit": Cents(13_800),
}
OFFER = (
    "CoolCare HVAC: your visit on Thu, Aug 28, 9 to 11 PM can be moved to 1: Fri, Aug 29, 8 to 10 "
    "AM, or 2: Fri, Aug 29, 10 AM to noon. Reply 1 or 2. Until then it stays as it is."
)


def test_r_offers_two_windows_and_changes_nothing(sarah: Texter) -> None:
    before = sarah.books()
    assert sarah.says("R") == OFFER
    assert sarah.job() == before and sarah.phone.world.texts.sent == []


@pytest.mark.parametrize(
    ("words", "start"),
    [("1", FRIDAY_8), ("2.", FRIDAY_10), ("10 am", FRIDAY_10), ("tomorrow at 8", FRIDAY_8)],
)
def test_the_answer_moves_the_visit_and_its_text_tells_so(
    sarah: Texter, words: str, start: datetime
) -> None:
    sarah.books()
    sarah.says("r")
    assert sarah.says(words) is None
    moved = sarah.job()
    assert (moved.window.start, moved.version) == (start, 1)
    assert moved.holds[0][1] == start and (moved.rate, moved.estimate) == ("regular", 55_000)
    (told,) = sarah.got()
    assert "moved from Thu, Aug 28, 9 to 11 PM to Fri, Aug 29" in told
    assert "MOVED" in sarah.phone.world.texts.to(OFFICE)[0]
    assert sarah.says(words) is not None  # the question is answered: this is for the office
    assert sarah.job().version == 1


def test_a_deposit_that_was_paid_stays(sarah: Texter) -> None:
    sarah.books(deposit_paid=True)
    sarah.says("R")
    sarah.says("1")
    moved = sarah.job()
    assert (moved.deposit_paid, moved.deposit) == (True, 20_600)
    assert "Your deposit stays." in sarah.got()[0]


def test_of_several_visits_it_is_asked_which(sarah: Texter) -> None:
    sarah.books()
    sarah.books("job2", start=FRIDAY_8 + timedelta(days=4), **REGULAR)
    told = sarah.says("R")
    assert told == (
        "CoolCare HVAC: which visit? 1: Thu, Aug 28, 9 to 11 PM; 2: Tue, Sep 2, 8 to 10 AM. "
        "Reply with its number."
    )
    assert "your visit on Tue, Sep 2, 8 to 10 AM can be moved to" in str(sarah.says("2"))
    sarah.says("1")
    assert (sarah.job().version, sarah.job("job2").version) == (0, 1)


def test_a_window_that_was_taken_meanwhile_is_not_had_and_others_are_offered(
    sarah: Texter,
) -> None:
    sarah.books()
    sarah.says("R")
    sarah.phone.world.jobs.book(a_job("other", FRIDAY_8), a_customer())
    told = sarah.says("1")
    assert told and "that window was just taken; your visit on Thu, Aug 28" in told
    assert "Fri, Aug 29, 10 AM to noon" in told and sarah.job().version == 0
    sarah.says("1")
    assert sarah.job().window.start == FRIDAY_10


def test_a_visit_that_was_moved_meanwhile_stays_where_it_is(sarah: Texter) -> None:
    job = sarah.books()
    sarah.says("R")
    sarah.phone.world.jobs.change(job.job_id, version=3)
    told = sarah.says("1")
    assert told and "was changed meanwhile: it is on Thu, Aug 28, 9 to 11 PM" in told
    assert sarah.job().version == 3


def test_without_a_visit_and_after_an_hour_the_words_are_the_offices(sarah: Texter) -> None:
    assert "the office has your message" in str(sarah.says("R"))
    sarah.books(start=FRIDAY_8, **REGULAR)
    sarah.says("R")
    sarah.phone.later(hours=1)
    assert "the office has your message" in str(sarah.says("1"))
    assert sarah.job().version == 0 and len(sarah.phone.world.texts.to(OFFICE)) == 2


def test_nobody_moves_a_visit_that_was_booked_for_another_number(sarah: Texter) -> None:
    sarah.books()
    assert "the office has your message" in str(sarah.says("R", sender="+15551239999"))


@pytest.mark.parametrize("word", ["R", "C"])
def test_a_visit_with_a_danger_is_left_to_people(sarah: Texter, word: str) -> None:
    sarah.books(priority=Priority.LIFE_SAFETY)
    assert sarah.says(word) == (
        "CoolCare HVAC: a danger was told of with this visit. To change it, please call us."
    )
    assert sarah.says("1") is not None and sarah.says("Y") is not None
    assert sarah.job().version == 0 and sarah.job().status is JobStatus.SCHEDULED


@pytest.mark.parametrize(("word", "answer"), [("R", "1"), ("C", "Y")])
def test_so_is_one_that_became_so_before_the_answer(sarah: Texter, word: str, answer: str) -> None:
    sarah.books()
    sarah.says(word)
    sarah.phone.world.jobs.change("job1", priority=Priority.LIFE_SAFETY)
    assert "please call us" in str(sarah.says(answer))
    assert sarah.job().version == 0 and sarah.job().status is JobStatus.SCHEDULED
