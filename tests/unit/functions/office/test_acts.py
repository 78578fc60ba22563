"""What is done from the page: said first, done once it is agreed to, and only to one's own."""

from datetime import timedelta
from typing import Any

import pytest

from functions.office.acts import ACTS
from shared.domain.models import JobStatus, Payment, PaymentStatus
from tests.examples import NOW, SARAH, TONIGHT, a_customer, a_job
from tests.unit.functions.office.visitor import SHOP, Browser, Shop

FRIDAY = "2025-08-29T10:00"
JOB = {"job": "job1", "version": "0"}
ASKED_FIRST = {
    "move": JOB | {"to": FRIDAY},
    "cancel": JOB,
    "block": {"crew": "crew-1", "since": "2025-09-01", "until": "2025-09-02", "reason": "fair"},
}


def the_job(shop: Shop) -> Any:
    return shop.world.jobs.rows["job1"]


@pytest.mark.parametrize("act", ASKED_FIRST)
def test_what_a_customer_would_feel_is_first_said(shop: Shop, office: Browser, act: str) -> None:
    before, locks = the_job(shop), dict(shop.world.jobs.locks)
    shown = office.does(act, **ASKED_FIRST[act])
    assert office.status == 200
    assert "Do it" in shown
    assert (the_job(shop), shop.world.jobs.locks) == (before, locks)


def test_a_visit_is_moved_and_the_customer_told(shop: Shop, office: Browser) -> None:
    shown = office.does("move", **ASKED_FIRST["move"])
    assert "from Thu, Aug 28, 9 to 11 PM to Fri, Aug 29, 10 AM to noon" in shown
    assert "the customer was texted" in office.agrees()
    assert the_job(shop).version == 1
    assert "moved from" in shop.world.texts.to(SARAH)[-1]


def test_a_form_that_is_sent_again_does_nothing_more(shop: Shop, office: Browser) -> None:
    office.does("move", **ASKED_FIRST["move"])
    form = dict(office.fields())
    office.agrees()
    texted = len(shop.world.texts.sent)
    assert "look again" in office.post("/office", **form)
    assert office.status == 409
    assert (the_job(shop).version, len(shop.world.texts.sent)) == (1, texted)


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"to": ""}, "to when"),
        ({"to": "soon"}, "a day like 2025-08-29"),
        ({"to": "2025-08-28T10:00"}, "past"),
        ({"to": "2026-08-28T10:00"}, "ahead"),
        ({"to": FRIDAY, "crew": "crew-9"}, "no crew"),
        ({"to": FRIDAY, "other": "2025-08-29T10:30"}, "full hour"),
        ({"to": FRIDAY, "version": "7"}, "look again"),
        ({"to": FRIDAY, "job": "job404"}, "no such visit"),
        ({"to": FRIDAY, "job": "../../x"}, "no such visit"),
    ],
)
def test_a_move_that_cannot_be_is_one_clear_line(
    shop: Shop, office: Browser, form: dict[str, str], why: str
) -> None:
    shown = office.does("move", **JOB | form)
    assert office.status == 409
    assert why in shown
    assert the_job(shop).version == 0


def test_a_visit_is_canceled_and_a_paid_deposit_is_spoken_of_first(
    shop: Shop, office: Browser
) -> None:
    job = the_job(shop)
    payment = Payment(
        payment_id="pi_1", job_id="job1", business_id=SHOP, amount=job.deposit, currency="usd",
        status=PaymentStatus.PAID, received=True, event_id="evt_1", at=NOW,
    )  # fmt: skip
    shop.world.payments.settle(payment, job, event_id="evt_1")
    assert "its deposit of $206 is past its refund" in office.does("cancel", **JOB)
    assert "canceled: its hours are free" in office.agrees()
    assert (the_job(shop).status, shop.world.jobs.locks) == (JobStatus.CANCELLED, {})
    assert "is cancelled already" in office.does("cancel", **JOB)


def test_books_are_closed_once_the_work_is_done(shop: Shop, office: Browser) -> None:
    assert "still to come" in office.does("complete", amount="610", **JOB)
    shop.passed += timedelta(hours=5)
    for wrong in ("", "six", "-5", "1e9", "6,10"):
        assert "dollars" in office.does("complete", amount=wrong, **JOB)
    assert "bill: $610" in office.does("complete", amount="$610.00", **JOB)
    assert "completed" in office.agrees()
    assert the_job(shop).status is JobStatus.COMPLETED


def test_a_note_is_one_line_and_only_words(shop: Shop, office: Browser) -> None:
    office.does("note", text="key\r\n\x00under  <b>the</b>\u202e mat", **JOB)
    assert the_job(shop).notes == ("key under <b>the</b> mat",)
    assert "&lt;b&gt;the" in office.get("/office/visit/job1")
    assert "there already" in office.does("note", text="key under <b>the</b> mat", **JOB)
    for wrong in ("", "x" * 301):
        assert "1 to 300 characters" in office.does("note", text=wrong, **JOB)


def test_a_crew_is_blocked_shown_so_and_given_back(shop: Shop, office: Browser) -> None:
    assert "48 hours to block" in office.does("block", **ASKED_FIRST["block"])
    assert "blocked: no job is offered then" in office.agrees()
    assert "blocked: fair" in office.get("/office?day=2025-09-01")
    again = {"crew": "crew-1", "since": "2025-09-01", "until": "2025-09-02"}
    assert "48 blocked hours" in office.does("unblock", **again)
    assert "24 hours given back" in office.agrees()
    assert "nothing is blocked" in office.does("unblock", **again)


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"crew": "crew-9"}, "no crew"),
        ({"reason": ""}, "say why"),
        ({"reason": "x" * 121}, "say why"),
        ({"since": "2025-09-03"}, "not after"),
        ({"since": "x"}, "a day like"),
        ({"since": "2020-01-01", "until": "2020-01-02"}, "past"),
        ({"until": "2099-01-01"}, "366 days"),
    ],
)
def test_a_block_that_cannot_be_is_one_clear_line(
    office: Browser, form: dict[str, str], why: str
) -> None:
    assert why in office.does("block", **ASKED_FIRST["block"] | form)
    assert office.status == 409


def test_a_visit_in_the_way_is_named_and_nothing_is_blocked(shop: Shop, office: Browser) -> None:
    start = TONIGHT + timedelta(days=4)
    job = a_job("job2", start, customer_name="Tom <i>Okafor</i>", crew="crew-1")
    shop.books(job)
    shown = office.does("block", **ASKED_FIRST["block"])
    assert office.status == 409
    assert "in the way: Tom &lt;i&gt;Okafor" in shown
    assert "Do it" not in shown


def test_the_agent_is_paused_and_put_back(shop: Shop, office: Browser) -> None:
    assert "The agent is paused" in office.does("mode", to="people")
    assert shop.switches.read().modes[SHOP] == "people"
    office.does("mode", to="ai")
    assert shop.switches.read().modes[SHOP] == "ai"
    assert "say who answers" in office.does("mode", to="nobody")


@pytest.mark.parametrize("act", [*ACTS, "nonsense", ""])
def test_no_form_however_wrong_breaks_the_page(shop: Shop, office: Browser, act: str) -> None:
    for form in ({}, {"job": "job1"}, {"job": "\x00" * 50, "version": "x" * 500, "apply": "1"}):
        office.does(act, **form)
        assert office.status < 500
        if act == "lock_all":
            office.unlocks()
    assert the_job(shop).version == 0


def test_a_visit_of_another_business_is_not_touched(shop: Shop, office: Browser) -> None:
    other = a_job("job2", business_id="clearflow_plumbing", crew="van-1")
    shop.world.jobs.book(other, a_customer())
    for act in ("note", "move", "cancel", "complete"):
        form = {"job": "job2", "version": "0", "to": FRIDAY, "text": "x", "amount": "1"}
        assert "no such visit" in office.does(act, apply="1", **form)
    assert shop.world.jobs.rows["job2"] == other


def test_a_form_that_is_too_large_is_none(office: Browser) -> None:
    office.does("note", text="x" * 20_000, **JOB)
    assert office.status == 403
