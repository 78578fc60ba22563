"""C asks first, in words made by code, and calls the visit off on a yes."""

from datetime import timedelta

import pytest

from tests.unit.functions.incoming.phone_company import OFFICE
from tests.unit.functions.incoming.webhooks.texts.test_moving import FRIDAY_8, REGULAR
from tests.unit.functions.incoming.webhooks.texts.texter import Texter


@pytest.mark.parametrize("yes", ["Y", "yes", "Yes please!"])
def test_c_calls_off_on_a_second_yes(sarah: Texter, yes: str) -> None:
    sarah.books()
    asked = sarah.says("C")
    assert asked == (
        "CoolCare HVAC: call off your visit on Thu, Aug 28, 9 to 11 PM? "
        "Reply Y to call it off, N to keep it."
    )
    assert sarah.job().status == "scheduled"
    assert sarah.says(yes) is None
    assert (
        sarah.job().status == "cancelled"
        and sarah.phone.world.jobs.holders("coolcare_hvac", ["crew-1"], FRIDAY_8, FRIDAY_8) == {}
    )
    assert ["is canceled" in told for told in sarah.got()] == [True]
    assert "CANCELED" in sarah.phone.world.texts.to(OFFICE)[0]


def test_a_paid_deposit_is_asked_back_of_the_office_and_never_paid_out(sarah: Texter) -> None:
    sarah.books(start=FRIDAY_8 + timedelta(days=4), deposit_paid=True, **REGULAR)
    assert "Our office will be asked to refund your $138 deposit." in str(sarah.says("C"))
    sarah.says("Y")
    assert "asked to refund your deposit of $138" in sarah.got()[0]
    assert "PLEASE REFUND" in sarah.phone.world.texts.to(OFFICE)[0]


def test_a_deposit_that_is_late_is_said_to_be_so_before_the_yes(sarah: Texter) -> None:
    sarah.books(deposit_paid=True)
    assert "is not refundable any more" in str(sarah.says("C"))


def test_no_keeps_it_and_other_words_are_the_offices(sarah: Texter) -> None:
    sarah.books()
    sarah.says("C")
    assert "the office has your message" in str(sarah.says("hmm, let me ask my husband"))
    assert "stays as it is" in str(sarah.says("No"))
    assert sarah.says("Y") is not None and sarah.job().status == "scheduled"


def test_a_visit_that_was_moved_since_is_asked_about_anew(sarah: Texter) -> None:
    job = sarah.books()
    sarah.says("C")
    sarah.phone.world.jobs.change(job.job_id, version=1)
    assert "call off your visit on" in str(sarah.says("Y"))
    assert sarah.job().status == "scheduled"
    sarah.says("Y")
    assert sarah.job().status == "cancelled"


def test_a_yes_alone_calls_nothing_off(sarah: Texter) -> None:
    sarah.books()
    sarah.says("YES")
    assert sarah.job().status == "scheduled"
