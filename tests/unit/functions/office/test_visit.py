"""One visit with all that is known of it, and where it can be moved to."""

import pytest

from functions.office.visit import MOST_WINDOWS
from shared.domain.models import JobStatus
from tests.examples import NOW, a_customer, a_job
from tests.unit.functions.office.visitor import Browser, Shop


def test_all_that_is_known_of_a_visit_is_shown(office: Browser) -> None:
    shown = office.get("/office/visit/job1")
    for each in (
        *("Sarah Miller, Thu, Aug 28, 9 to 11 PM", "555-123-0000", "123 Oak St, Springfield, OH"),
        *("$248", "$825", "$206, not paid"),
    ):
        assert each in shown


def test_free_windows_are_offered_its_own_is_not(office: Browser) -> None:
    shown = office.get("/office/visit/job1")
    assert 'value="2025-08-29T08:00">Fri, Aug 29, 8 to 10 AM<' in shown
    assert 'value="2025-08-28T21:00"' not in shown
    assert shown.count('<option value="2025-') == MOST_WINDOWS


def test_a_visit_that_stands_no_more_cannot_be_changed(shop: Shop, office: Browser) -> None:
    shop.world.jobs.close("job1", JobStatus.CANCELLED, at=NOW)
    shown = office.get("/office/visit/job1")
    assert "cancelled" in shown
    assert "Cancel this visit" not in shown
    assert "Add a note" in shown


@pytest.mark.parametrize("job_id", ["job404", "job2", "job3", "%2e%2e"])
def test_a_visit_of_somebody_else_is_none(shop: Shop, office: Browser, job_id: str) -> None:
    """Of another business, and of a smoke call."""
    other = a_job("job2", business_id="clearflow_plumbing", customer_name="Nobody's")
    shop.world.jobs.book(other, a_customer())
    shop.world.jobs.book(a_job("job3", crew="crew-9", synthetic=True), a_customer())
    shown = office.get(f"/office/visit/{job_id}")
    assert office.status == 404
    assert "Nobody" not in shown
