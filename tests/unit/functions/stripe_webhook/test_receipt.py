"""The customer's page of a visit: plain, private, and what it asks for is asked once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.stripe_webhook.receipt import show
from functions.stripe_webhook.reply import Reply
from shared.domain import left_to_people
from shared.domain.errors import PortError
from shared.domain.models import Books, Covered, JobStatus, Priority, Window
from shared.domain.money import Cents
from tests.examples import NOW, TONIGHT, a_call, a_customer, a_job, a_turn
from tests.fakes import FakeWorld
from tests.unit.functions.stripe_webhook.surroundings import PUBLIC, a_context
from tests.unit.functions.stripe_webhook.test_pay import Page, page_of

# The business's own number is there, to be called.
PERSONAL = ("Sarah", "Miller", "123-0000", "Oak", "Springfield", "rattling", "Gate", "1234")
SAID = "tonight 9 to 11 PM, $248 visit, $206 deposit, not refundable"


class Desk:
    def __init__(self, **changes: object) -> None:
        self.world = FakeWorld()
        self.world.jobs.book(
            a_job(notes=("Gate code 1234.",)).model_copy(update=changes), a_customer()
        )
        self.world.calls.open(a_call(recording_sid="RE1"))
        turn = a_turn(
            1,
            role="assistant",
            text=f"So it's Sarah Miller, {SAID}. Shall I book?",
            at=NOW + timedelta(seconds=83),
        )
        self.world.turns.add([turn])

    def show(self, job_id: str = "job1") -> Reply:
        return show(job_id, a_context(self.world))

    def page(self) -> Page:
        reply = self.show()
        assert reply.status == 200
        page = page_of(reply, PERSONAL)
        assert "form-action 'self'" in reply.headers["Content-Security-Policy"]
        assert reply.headers["Referrer-Policy"] == "no-referrer"
        return page


def test_of_a_visit_that_is_done_it_says_the_bill_and_what_was_credited() -> None:
    bill = Books(
        final=Cents(61_050), visit_credited=Cents(24_800), deposit_credited=Cents(20_600), at=NOW
    )
    page = Desk(status=JobStatus.COMPLETED, deposit_paid=True, books=bill).page()

    for words in ("This visit is done.", "Your bill", "$610.50", "$248", "$206", "$404.50"):
        assert words in page.words
    assert "Cancel it" not in page.words


def test_it_says_what_was_booked_what_it_costs_and_what_was_said_when() -> None:
    page = Desk().page()

    for words in (
        "CoolCare HVAC: your visit",
        "Thu, Aug 28, 9 to 11 PM",
        "repair",
        "$248, credited toward the work",
        "about $825",
        "$206, not paid yet",
        f"“{SAID}”",
        "Thu, Aug 28, 7:13 PM",
        "about 1:23 after the call's beginning",
    ):
        assert words in page.words
    assert page.links == [f"{PUBLIC}/pay/job1"]
    assert page.tags.count("form") == 2


def test_without_a_deposit_due_there_is_nothing_to_pay() -> None:
    page = Desk(deposit_paid=True).page()

    assert page.links == []
    assert "$206, paid" in page.words


def test_until_when_the_deposit_goes_back_is_said_as_it_is_now() -> None:
    assert "the deposit is not refundable\n" in Desk().page().words
    tomorrow = Desk(window=Window.at(TONIGHT + timedelta(days=2))).page().words
    assert "the deposit is refundable until Fri, Aug 29, 9:00 PM" in tomorrow
    booked = NOW - timedelta(days=3)
    assert "is not refundable any more" in Desk(created_at=booked).page().words


def test_a_covered_visit_names_no_price() -> None:
    page = Desk(covered=Covered.MEMBER, deposit=Cents(0)).page()

    assert "Our office will confirm the cost before the visit." in page.words
    assert "$" not in page.words
    assert "What was said" not in page.words


def test_a_time_that_is_to_be_confirmed_is_said_so() -> None:
    assert "Our office will confirm the time." in Desk(to_be_confirmed=True).page().words


@pytest.mark.parametrize("status", [JobStatus.CANCELLED, JobStatus.RELEASED, JobStatus.COMPLETED])
def test_a_visit_that_stands_no_more_asks_for_nothing(status: JobStatus) -> None:
    page = Desk(status=status).page()
    assert page.links == [] and "form" not in page.tags


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"priority": Priority.LIFE_SAFETY}, "A danger was told of with this visit."),
        ({"window": Window.at(NOW.replace(minute=0))}, "Its time has come"),
        ({"version": left_to_people.MOST_CHANGES}, "It was changed many times already."),
    ],
)
def test_what_is_for_people_to_decide_is_left_to_a_call(changes: dict[str, Any], why: str) -> None:
    page = Desk(deposit_paid=True, **changes).page()
    assert f"{why}" in page.words and "please call 937-555-0100." in page.words
    assert "Ask the office to call me" in page.words
    assert "Move it" not in page.words and page.tags.count("form") == 1


def test_whatever_a_business_or_a_caller_is_called_is_escaped() -> None:
    desk = Desk(service_type="<script>alert(1)</script>")
    page = desk.page()

    assert "<script>alert(1)</script>" in page.words
    assert "script" not in page.tags


@pytest.mark.parametrize("job_id", ["nobody", "", "a b", "x" * 65, "<script>"])
def test_another_link_leads_nowhere(job_id: str) -> None:
    assert Desk().show(job_id).status == 404


def test_where_no_form_can_be_signed_the_page_is_there_with_the_number() -> None:
    def secret(name: str) -> tuple[str, ...]:
        raise PortError("Secrets Manager answered 500")

    page = page_of(show("job1", replace(a_context(Desk().world), secret=secret)), PERSONAL)
    assert "Thu, Aug 28, 9 to 11 PM" in page.words and page.links == [f"{PUBLIC}/pay/job1"]
    assert "form" not in page.tags and "please call 937-555-0100" in page.words


def test_without_the_table_the_page_says_later() -> None:
    desk = Desk()
    desk.world.jobs.down = True
    assert desk.show().status == 503
