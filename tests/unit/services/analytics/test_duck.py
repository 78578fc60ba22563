"""The views over an export in DuckDB, where rows are odd: midnight, clocks that change, nothing."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from services.analytics.plots.bookings import crew_utilisation
from services.analytics.views import KPIS
from shared.businesses import load
from shared.domain.models import Books, JobStatus, Outcome, PaymentStatus, TextConsent, Window
from shared.domain.money import Cents
from tests.examples import EVERGREEN, NOW, a_call, a_customer, a_job, a_turn, an_escalation
from tests.unit.services.analytics.hand_made import a_payment, answer, views_over


def test_a_call_before_local_midnight_is_of_that_day(tmp_path: Path) -> None:
    late = datetime(2025, 8, 29, 3, 59, 59, tzinfo=UTC)  # 23:59:59 in Springfield
    db = views_over(
        tmp_path, a_call(started_at=late), a_call("CA2", started_at=late + timedelta(seconds=1))
    )

    found = answer(db, "select day, week, hour from calls order by call_sid")
    monday = date(2025, 8, 25)
    assert found == [(date(2025, 8, 28), monday, 23), (date(2025, 8, 29), monday, 0)]


def test_the_hour_that_comes_twice_is_twice_the_same_hour(tmp_path: Path) -> None:
    first = datetime(2025, 11, 2, 5, 30, tzinfo=UTC)
    db = views_over(
        tmp_path, a_call(started_at=first), a_call("CA2", started_at=first + timedelta(hours=1))
    )

    assert answer(db, "select day, hour from calls") == [(date(2025, 11, 2), 1)] * 2


def test_a_business_nobody_knows_any_more_keeps_its_calls_in_utc(tmp_path: Path) -> None:
    db = views_over(tmp_path, a_call(business_id="gone_and_closed"))

    assert answer(db, "select business_id, hour from calls") == [("gone_and_closed", 23)]


def test_over_no_row_at_all_every_kpi_is_empty(tmp_path: Path) -> None:
    db = views_over(tmp_path)

    assert {kpi: answer(db, f"select * from {kpi}") for kpi in KPIS} == {kpi: [] for kpi in KPIS}


def test_a_smoke_calls_rows_count_nowhere(tmp_path: Path) -> None:
    db = views_over(
        tmp_path,
        a_call(synthetic=True, outcome=Outcome.BOOKED, escalation=an_escalation()),
        a_turn(latency_ms=1, synthetic=True),
        a_customer(synthetic=True),
        a_job(synthetic=True, deposit_paid=True, payment_id="pi_1"),
        a_payment(),
    )

    for view in ("calls", "agent_turns", "customers", "jobs", "payments", *KPIS):
        assert answer(db, f"select * from {view}") == [], view


def test_what_never_became_clear_is_not_bookable(tmp_path: Path) -> None:
    db = views_over(tmp_path, a_call(bookable=None, outcome=Outcome.ABANDONED))

    found = answer(db, "select calls, bookable, booked, booking_rate from booking_funnel")
    assert found == [(1, 0, 0, None)]


def test_a_booking_later_cancelled_was_a_booking_and_is_lost_revenue(tmp_path: Path) -> None:
    call = a_call(job_id="job1", bookable=True, stage="booked", outcome=Outcome.BOOKED)
    db = views_over(tmp_path, call, a_job(status=JobStatus.CANCELLED))

    assert answer(db, "select booked, booking_rate from booking_funnel") == [(1, 1.0)]
    assert answer(db, "select jobs, booked_cents, lost_cents from revenue") == [(0, 0, 82_500)]
    assert answer(db, "select sum(held_hours), sum(after_hours) from crew_utilisation") == [(0, 0)]


def test_a_completed_visit_is_revenue_by_its_bill(tmp_path: Path) -> None:
    books = Books(
        final=Cents(61_000), visit_credited=Cents(24_800), deposit_credited=Cents(20_600), at=NOW
    )
    done = a_job(status=JobStatus.COMPLETED, books=books, hours=4)
    db = views_over(tmp_path, a_call(), done)

    assert answer(db, "select jobs, booked_cents, completed_cents, lost_cents from revenue") == [
        (1, 82_500, 61_000, 0)
    ]
    credited = "select final_cents, visit_credited_cents, deposit_credited_cents from jobs"
    assert answer(db, credited) == [(61_000, 24_800, 20_600)]
    assert answer(db, "select sum(after_hours) from crew_utilisation") == [(4,)]


def test_a_crew_with_hours_of_its_own_is_as_busy_as_they_say(tmp_path: Path) -> None:
    evergreen = load(EVERGREEN)
    friday = datetime(2025, 8, 29, 17, tzinfo=UTC)  # 13:00 in Columbus; ben goes home at three
    of_evergreen: dict[str, Any] = {"business_id": evergreen.id, "service_type": "repipe"}
    db = views_over(
        tmp_path,
        a_call(business_id=evergreen.id),
        a_job("job1", friday, crew="ben", hours=4, **of_evergreen),
        a_job("job2", friday, crew="kim", hours=4, **of_evergreen),
        businesses={evergreen.id: evergreen},
    )

    busy = "select crew, open_hours, held_hours, after_hours from crew_utilisation"
    assert set(answer(db, f"{busy} where day = date '2025-08-29'")) >= {
        ("ben", 8, 2, 2),
        ("kim", 12, 4, 0),  # no hours of its own: the business's
        ("ana", 0, 0, 0),  # her day off
        ("dee", 0, 0, 0),  # no Friday of hers
        ("night-van", 12, 0, 0),
    }
    # Twelve crews are more than there are colours: a field for each crew and week.
    (axes,) = crew_utilisation(db).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == sorted(
        f"{evergreen.name} {crew}" for crew in evergreen.crews
    )
    assert {"12%", "off"} <= {text.get_text() for text in axes.texts}
    by_trade = "select trade, held_hours from business_services where service_type = 'repipe'"
    assert answer(db, by_trade) == [("plumbing", 8)]


def test_who_may_be_texted_and_what_a_reminder_came_to(tmp_path: Path) -> None:
    yes = TextConsent(at=NOW, wording="Book and text?", call_sid="CA1")
    reminded = a_job("job1", consent=yes, reminded_at=NOW, deposit_paid=True, visit_reminded_at=NOW)
    db = views_over(tmp_path, a_call(), reminded, a_job("job2", reminded_at=NOW), a_job("job3"))

    found = answer(
        db,
        "select bookings, texts_ok, visits_reminded, deposits_reminded, paid_after from reminders",
    )
    assert found == [(3, 1, 1, 2, 1)]


def test_what_became_of_bookings(tmp_path: Path) -> None:
    off = a_job("job3", status=JobStatus.CANCELLED, deposit_paid=True)
    db = views_over(tmp_path, a_call(), a_job("job1", version=2), a_job("job2", version=1), off)

    found = answer(
        db,
        "select bookings, moved, changes, cancelled, cancelled_paid, completed from visit_changes",
    )
    assert found == [(3, 2, 3, 1, 1, 0)]


def test_a_deposit_paid_and_given_back_is_not_paid(tmp_path: Path) -> None:
    back = a_payment(status=PaymentStatus.REFUNDED, refunded=20_600)
    db = views_over(tmp_path, a_call(), a_job(), back)

    found = answer(db, "select asked, paid, paid_rate, p50_minutes from deposits")
    assert found == [(1, 0, 0.0, None)]
    assert answer(db, "select sum(deposits_cents), sum(refunded_cents) from revenue") == [
        (0, 20_600)
    ]


def test_a_deposit_lost_to_a_dispute_is_not_here(tmp_path: Path) -> None:
    lost = a_payment(status=PaymentStatus.LOST, received=True, lost=20_600)
    db = views_over(tmp_path, a_call(), a_job(), lost)

    assert answer(db, "select status, lost_cents, kept_cents from payments") == [
        ("lost", 20_600, 0)
    ]
    assert answer(db, "select sum(deposits_cents), sum(refunded_cents) from revenue") == [(0, 0)]


def test_a_refund_of_a_payment_nobody_has_heard_of_is_no_payment(tmp_path: Path) -> None:
    heard = a_payment(job_id="unknown", business_id="unknown", status=PaymentStatus.PENDING)
    db = views_over(tmp_path, heard)

    assert answer(db, "select count(*) from payments") == [(0,)]


def test_the_wait_for_a_deposit_is_in_whole_minutes(tmp_path: Path) -> None:
    paid = a_job(deposit_paid=True, payment_id="pi_1")
    db = views_over(tmp_path, a_call(), paid, a_payment(at=NOW + timedelta(minutes=9, seconds=59)))

    assert answer(db, "select p50_minutes, p90_minutes from deposits") == [(9, 9)]


def test_money_not_owed_is_no_deposit(tmp_path: Path) -> None:
    twice = a_payment(status=PaymentStatus.NEEDS_REFUND)
    pending = a_payment("pi_2", status=PaymentStatus.PENDING)
    db = views_over(tmp_path, twice, pending)

    assert answer(db, "select deposits_cents, owed_back_cents from revenue") == [(0, 20_600)]


def test_percentiles_are_values_that_occurred(tmp_path: Path) -> None:
    turns = [
        a_turn(seq=n, role="assistant", latency_ms=ms)
        for n, ms in enumerate((100, 200, 300, 400, 500, 600, 700, 800, 900, 5000), 1)
    ]
    db = views_over(tmp_path, a_call(), *turns)

    found = answer(db, "select samples, p50_ms, p90_ms, p95_ms, p99_ms, slowest_ms from latency")
    assert found == [(10, 500, 900, 5000, 5000, 5000)]


def test_a_crew_is_open_by_the_days_hours_and_never_on_a_holiday(tmp_path: Path) -> None:
    """From Thursday August 28 to Tuesday September 2, 2025; Monday was Labor Day."""
    until = datetime(2025, 9, 2, 16, tzinfo=UTC)
    db = views_over(tmp_path, a_call(), a_call("CA2", started_at=until))

    found = answer(
        db, "select extract(day from day), open_hours from crew_utilisation order by day"
    )
    assert found == [(28, 10), (29, 10), (30, 0), (31, 0), (1, 0), (2, 10)]


def test_a_window_over_closing_time_is_held_in_both(tmp_path: Path) -> None:
    five_pm = Window.at(datetime(2025, 8, 28, 21, tzinfo=UTC))
    db = views_over(tmp_path, a_call(), a_job(window=five_pm))

    found = answer(
        db, "select open_hours, held_hours, after_hours, utilisation from crew_utilisation"
    )
    assert found == [(10.0, 1.0, 1.0, 0.1)]


def test_two_jobs_of_a_day_add_up(tmp_path: Path) -> None:
    eight, ten = (Window.at(datetime(2025, 8, 29, hour, tzinfo=UTC)) for hour in (12, 14))
    db = views_over(
        tmp_path,
        a_call(started_at=datetime(2025, 8, 29, 12, tzinfo=UTC)),
        a_job("job1", window=eight),
        a_job("job2", window=ten),
    )

    found = answer(db, "select open_hours, held_hours, utilisation from crew_utilisation")
    assert found == [(10.0, 4.0, 0.4)]


def test_a_caller_put_through_did_not_leave(tmp_path: Path) -> None:
    left = a_call("CA1", outcome=Outcome.QUOTE_ONLY, stage="quoted")
    asked = a_call(
        "CA2", outcome=Outcome.QUOTE_ONLY, stage="quoted", escalation=an_escalation(result="nobody")
    )
    goodbye = a_call("CA3", outcome=Outcome.QUOTE_ONLY, stage="quoted", end_reason="completed")
    silent = a_call("CA4", outcome=Outcome.ABANDONED, end_reason="silence")
    db = views_over(tmp_path, left, asked, goodbye, silent)

    found = answer(db, "select stage, reached, left_here from abandonment order by step")
    assert found == [("answered", 4, 1), ("disclosed", 3, 0), ("qualified", 3, 0), ("quoted", 3, 1)]


def test_reasons_are_counted_whatever_their_case(tmp_path: Path) -> None:
    db = views_over(
        tmp_path,
        a_call("CA1", escalation=an_escalation(reason="Asked for a person ")),
        a_call("CA2", escalation=an_escalation(reason="asked for a person")),
    )

    assert answer(db, "select reason, escalations from escalations") == [("asked for a person", 2)]


def test_other_items_of_a_table_are_no_rows(tmp_path: Path) -> None:
    lock = {"pk": {"S": "SLOT#coolcare_hvac#crew-1"}, "sk": {"S": "2025-08-29T01Z"}}
    due = {"pk": {"S": "FOLLOWUP#x"}, "sk": {"S": "FOLLOWUP"}, "attempts": {"N": "1"}}
    db = views_over(tmp_path, a_job(), lock, due)

    assert answer(db, "select job_id from jobs") == [("job1",)]
