"""What a Stripe event says of a payment, and of which job."""

import pytest
from pydantic import ValidationError

from shared.actions.payments.settle import Settlement
from tests.money import a_charge, a_session, an_event
from tests.unit.shared.actions.payments.test_settle import COMPLETED, Books, completed


def test_the_job_is_known_by_the_client_reference_alone() -> None:
    books = Books()
    assert books.settle(completed(metadata={})) is Settlement.PAID


def test_an_expanded_payment_intent_is_known_by_its_id() -> None:
    books = Books()
    books.settle(completed(payment_intent={"id": "pi_1", "object": "payment_intent"}))
    assert books.settle(completed(event_id="evt_2")) is Settlement.REPEATED


def test_a_payment_that_names_no_job_is_none_of_ours() -> None:
    books = Books()
    assert books.settle(completed(job_id=None)) is Settlement.IGNORED
    assert not books.payments.rows


@pytest.mark.parametrize(
    "kind", ["checkout.session.expired", "payment_intent.succeeded", "invoice.paid", "x.y"]
)
def test_other_events_change_nothing_before_or_after(kind: str) -> None:
    books = Books()
    other = an_event(kind, a_session(status="expired", payment_status="unpaid"), "evt_x")
    assert books.settle(other) is Settlement.IGNORED
    books.settle(completed())
    before = (dict(books.payments.rows), books.job)
    assert books.settle(other) is Settlement.IGNORED
    assert (books.payments.rows, books.job) == before


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        (COMPLETED, {}),
        (COMPLETED, {"id": "cs_1"}),
        (COMPLETED, a_session(amount_total="x")),
        (COMPLETED, a_session(amount_total=-1)),
        (COMPLETED, a_session(metadata={"job_id": "x" * 300})),
        ("charge.refunded", {"id": "ch_1"}),
        ("charge.refunded", a_charge(amount=None)),
        ("charge.dispute.created", {"object": "dispute"}),
    ],
)
def test_an_event_without_what_we_need_is_refused(kind: str, about: dict[str, object]) -> None:
    books = Books()
    with pytest.raises(ValidationError):
        books.settle(an_event(kind, about))
    assert not books.payments.rows
