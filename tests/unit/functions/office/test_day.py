"""The first page: crews and their visits, who waits for a call, the newest calls, who answers."""

from datetime import timedelta

import pytest

from functions.office.day import MOST_CALLS
from shared.domain.models import Callback, JobStatus
from tests.examples import NOW, TONIGHT, a_call, a_customer, a_job
from tests.unit.functions.office.visitor import SHOP, Browser, Shop


def test_today_and_tomorrow_are_shown_by_crew(shop: Shop, office: Browser) -> None:
    tomorrow = a_job("job2", TONIGHT + timedelta(hours=15), customer_name="Tom Okafor")
    shop.world.jobs.book(tomorrow, a_customer())
    shown = office.get("/office")
    for each in (
        *("Today, Thursday, August 28", "9 to 11 PM, Sarah Miller", "123 Oak St, Springfield, OH"),
        *("Tomorrow, Friday, August 29", "Tom Okafor", 'href="tel:+15551230000"'),
        *("repair, emergency", "deposit $206 due"),
    ):
        assert each in shown


def test_one_day_is_shown_when_it_is_asked_for(office: Browser) -> None:
    shown = office.get("/office?day=2025-08-29")
    assert "Tomorrow, Friday, August 29" in shown
    assert "Sarah Miller" not in shown.partition("Calls of the last")[0]


@pytest.mark.parametrize("day", ["soon", "2025-13-01", "1999-01-01", "2025-08-28T25:00", "%3Cb%3E"])
def test_a_day_that_is_none_is_said_so_and_today_is_shown(office: Browser, day: str) -> None:
    shown = office.get(f"/office?day={day}")
    assert office.status == 200
    assert 'role="alert"' in shown
    assert "Today, Thursday" in shown


def test_what_was_called_off_is_not_shown(shop: Shop, office: Browser) -> None:
    shop.world.jobs.close("job1", JobStatus.CANCELLED, at=NOW)
    assert "Sarah Miller" not in office.get("/office")


def test_who_is_to_be_called_back_is_named_the_first_due_first(shop: Shop, office: Browser) -> None:
    for n, hours in enumerate((3, -1)):
        due = Callback(
            urgency="urgent",
            phone=f"+1555123010{n}",
            asked_at=NOW,
            due_at=NOW + timedelta(hours=hours),
        )
        shop.world.calls.open(a_call(f"CB{n}", callback=due))
    shop.world.calls.open(a_call("CB2"))
    shown = office.get("/office").partition("Today,")[0]
    assert shown.index("555-123-0101") < shown.index("555-123-0100")
    assert shown.count('"warn">late') == 1
    assert "CB2" not in shown

    assert "marked as called back" in office.does("called_back", call="CB1")
    assert "CB1" not in office.get("/office").partition("Today,")[0]


def test_the_newest_calls_are_shown_with_what_came_of_them(shop: Shop, office: Browser) -> None:
    for n in range(MOST_CALLS + 5):
        at = NOW - timedelta(minutes=n)
        shop.world.calls.open(
            a_call(f"CC{n}", started_at=at, outcome="message_taken", hazard="gas_leak")
        )
    shop.world.calls.open(a_call("CX1", synthetic=True))
    shop.world.calls.open(a_call("CX2", business_id="clearflow_plumbing"))
    shop.world.calls.open(a_call("CX3", started_at=NOW - timedelta(days=8)))
    shown = office.get("/office")
    assert "danger: gas leak; a message" in shown
    assert "and 6 before these" in shown
    assert not [sid for sid in ("CX1", "CX2", "CX3") if sid in shown]


def test_who_answers_is_said_and_a_pause_stands_out(shop: Shop, office: Browser) -> None:
    assert "The agent answers" in office.page
    shop.switches.set_mode(SHOP, "people")
    assert '<strong class="warn">The agent is paused' in office.get("/office")
