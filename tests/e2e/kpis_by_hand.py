"""Every KPI once more, from the tables' rows and without SQL: what the views must say."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import floor
from typing import Any, TypeVar

from pydantic import BaseModel

from shared import schema
from shared.adapters.dynamo.rows import model_of
from shared.domain.business import Business
from shared.domain.models import (
    Call,
    Job,
    JobStatus,
    Outcome,
    Payment,
    PaymentStatus,
    Turn,
)
from shared.domain.outcomes import CallStage

M = TypeVar("M", bound=BaseModel)
Row = tuple[Any, ...]
Items = Mapping[str, list[dict[str, Any]]]  # table -> its items, typed as DynamoDB has them


@dataclass(frozen=True, slots=True)
class Shop:
    """The rows that count, as models, and the businesses they are of."""

    businesses: Mapping[str, Business]
    calls: list[Call]
    turns: list[Turn]
    jobs: dict[str, Job]
    payments: dict[str, Payment]

    def day(self, business_id: str, at: datetime) -> date:
        return self.businesses[business_id].local(at).date()

    def week(self, business_id: str, at: datetime) -> date:
        day = self.day(business_id, at)
        return day - timedelta(days=day.weekday())


def shop_of(items: Items, businesses: Mapping[str, Business]) -> Shop:
    calls = [call for call in _rows(items, schema.CALLS, Call) if not call.synthetic]
    known = {call.call_sid for call in calls}
    all_jobs = {job.job_id: job for job in _rows(items, schema.JOBS, Job)}
    smoke = {job_id for job_id, job in all_jobs.items() if job.synthetic}
    payments = _rows(items, schema.PAYMENTS, Payment)
    return Shop(
        businesses,
        calls,
        [turn for turn in _rows(items, schema.AGENT_TURNS, Turn) if turn.call_sid in known],
        {job_id: job for job_id, job in all_jobs.items() if not job.synthetic},
        {p.payment_id: p for p in payments if p.job_id not in smoke},
    )


def _rows(items: Items, table: str, model: type[M]) -> list[M]:
    def is_row(sk: str) -> bool:
        return sk.startswith("T#") if table == schema.AGENT_TURNS else sk == schema.META

    return [model_of(model, item) for item in items[table] if is_row(item[schema.SK]["S"])]


def calls_daily(shop: Shop) -> Iterator[Row]:
    every: Counter[Row] = Counter()
    while_open: Counter[Row] = Counter()
    costed: Counter[Row] = Counter()
    cost: Counter[Row] = Counter()
    for call in shop.calls:
        outcome = call.outcome.value if call.outcome else "unfinished"
        key = (call.business_id, shop.day(call.business_id, call.started_at), outcome)
        every[key] += 1
        while_open[key] += call.business_hours
        costed[key] += call.model_cost is not None
        cost[key] += call.model_cost or 0
    return ((*key, every[key], while_open[key], costed[key], cost[key]) for key in every)


def booking_funnel(shop: Shop) -> Iterator[Row]:
    for key, calls in _grouped(
        shop.calls,
        lambda c: (c.business_id, shop.week(c.business_id, c.started_at), c.business_hours),
    ):
        bookable = [call for call in calls if call.bookable]
        quoted = sum(call.quoted_at is not None for call in bookable)
        booked = sum(call.job_id is not None for call in bookable)
        offered = sum(c.stage in ("offered", "booked") or c.job_id is not None for c in bookable)
        rate = booked / len(bookable) if bookable else None
        yield (*key, len(calls), len(bookable), quoted, offered, booked, rate)


def quote_to_booking(shop: Shop) -> Iterator[Row]:
    quoted = [call for call in shop.calls if call.quoted_at is not None]
    for key, calls in _grouped(
        quoted, lambda c: (c.business_id, shop.week(c.business_id, c.started_at))
    ):
        jobs = [shop.jobs[call.job_id] for call in calls if call.job_id]
        prices = sum(call.quote_total or 0 for call in calls)
        booked = sum(job.estimate for job in jobs)
        yield (*key, len(calls), len(jobs), len(jobs) / len(calls), prices, booked)


def deposits(shop: Shop) -> Iterator[Row]:
    due = [job for job in shop.jobs.values() if job.deposit > 0]
    for key, jobs in _grouped(
        due, lambda j: (j.business_id, shop.week(j.business_id, j.created_at))
    ):
        paid = [job for job in jobs if job.deposit_paid]
        waits = sorted(_minutes_to_pay(shop, job) for job in paid)
        yield (
            *key,
            len(jobs),
            len(paid),
            len(paid) / len(jobs),
            sum(job.deposit for job in jobs),
            sum(job.deposit for job in paid),
            _nearest(waits, 50),
            _nearest(waits, 90),
        )


def _minutes_to_pay(shop: Shop, job: Job) -> int:
    assert job.payment_id is not None
    waited = shop.payments[job.payment_id].at - job.created_at
    return floor(waited / timedelta(minutes=1))


def reminders(shop: Shop) -> Iterator[Row]:
    jobs = shop.jobs.values()
    for key, found in _grouped(
        jobs, lambda job: (job.business_id, shop.week(job.business_id, job.created_at))
    ):
        reminded = [job for job in found if job.reminded_at]
        yes = sum(job.consent is not None for job in found)
        told = sum(job.visit_reminded_at is not None for job in found)
        paid = sum(job.deposit_paid for job in reminded)
        yield (*key, len(found), yes, told, len(reminded), paid)


def visit_changes(shop: Shop) -> Iterator[Row]:
    jobs = shop.jobs.values()
    for key, found in _grouped(
        jobs, lambda job: (job.business_id, shop.week(job.business_id, job.created_at))
    ):
        ended = Counter(job.status for job in found)
        off = [job for job in found if job.status is JobStatus.CANCELLED]
        yield (
            *key,
            len(found),
            sum(job.version > 0 for job in found),
            sum(job.version for job in found),
            len(off),
            sum(job.deposit_paid for job in off),
            ended[JobStatus.RELEASED],
            ended[JobStatus.COMPLETED],
        )


def emergencies(shop: Shop) -> Iterator[Row]:
    alerted = [call for call in shop.calls if call.alerted_at]
    for key, found in _grouped(alerted, lambda call: _call_day(shop, call)):
        waits = sorted(
            floor((call.acknowledged_at - call.alerted_at).total_seconds())
            for call in found
            if call.acknowledged_at and call.alerted_at
        )
        soon = sum(seconds <= 180 for seconds in waits)
        median = waits[(len(waits) + 1) // 2 - 1] if waits else None
        yield (*key, len(found), len(waits), soon, median, waits[-1] if waits else None)


def callbacks(shop: Shop) -> Iterator[Row]:
    asked = [call for call in shop.calls if call.callback]
    for key, found in _grouped(
        asked, lambda call: (*_call_day(shop, call), call.callback and call.callback.urgency)
    ):
        done = [call for call in found if call.called_back_at]
        late = sum(
            call.called_back_at > call.callback.due_at
            for call in done
            if call.called_back_at and call.callback
        )
        yield (*key, len(found), len(done), late, len(found) - len(done))


def _call_day(shop: Shop, call: Call) -> Row:
    return call.business_id, shop.day(call.business_id, call.started_at)


def escalations(shop: Shop) -> Iterator[Row]:
    counted = Counter(
        (
            call.business_id,
            shop.day(call.business_id, call.started_at),
            call.escalation.reason.strip().lower(),
            call.escalation.urgency,
            call.escalation.result,
        )
        for call in shop.calls
        if call.escalation
    )
    return ((*key, count) for key, count in counted.items())


def latency(shop: Shop) -> Iterator[Row]:
    calls = {call.call_sid: call for call in shop.calls}
    waits: defaultdict[Row, list[int]] = defaultdict(list)
    for turn in shop.turns:
        call = calls[turn.call_sid]
        week = shop.week(call.business_id, call.started_at)
        if turn.role == "assistant" and turn.latency_ms is not None:
            waits[week, "answer"].append(turn.latency_ms)
        if turn.tool is not None and turn.took_ms is not None:
            waits[week, turn.tool].append(turn.took_ms)
    for key, found in waits.items():
        found.sort()
        yield (*key, len(found), *(_nearest(found, share) for share in (50, 90, 95, 99)), found[-1])


def abandonment(shop: Shop) -> Iterator[Row]:
    ended = [call for call in shop.calls if call.outcome is not None]
    for key, calls in _grouped(
        ended, lambda c: (c.business_id, shop.week(c.business_id, c.started_at))
    ):
        for step, stage in enumerate(CallStage):
            reached = [call for call in calls if not stage.is_after(CallStage(call.stage))]
            left = sum(call.stage == stage and _left(call) for call in reached)
            if reached:
                yield (*key, step + 1, stage, len(reached), left, left / len(reached))


def _left(call: Call) -> bool:
    nothing = call.outcome in (Outcome.ABANDONED, Outcome.QUOTE_ONLY)
    return nothing and call.end_reason in (None, "silence") and call.escalation is None


STANDS = (JobStatus.SCHEDULED, JobStatus.COMPLETED)


def crew_utilisation(shop: Shop) -> Iterator[Row]:
    scheduled = [job for job in shop.jobs.values() if job.status in STANDS]
    for business in shop.businesses.values():
        jobs = [job for job in scheduled if job.business_id == business.id]
        days = [business.local(job.window.start).date() for job in jobs]
        days += [
            business.local(call.started_at).date()
            for call in shop.calls
            if call.business_id == business.id
        ]
        day = min(days, default=date.max)
        while day <= max(days, default=date.min):
            for crew in business.crews:
                yield _crew_day(business, crew, day, jobs)
            day += timedelta(days=1)


def _crew_day(business: Business, crew: str, day: date, jobs: Iterable[Job]) -> Row:
    terms = business.crew_terms(crew)
    hours = business.open_on(day) if terms.hours is None else terms.works_on(day)
    hours = None if day in terms.days_off else hours
    open_minutes = set(range(hours.opens, hours.closes)) if hours else set()
    inside = outside = 0
    for job in jobs:
        start = business.local(job.window.start)
        if job.crew == crew and start.date() == day:
            held = range(_minute(start), _minute(start) + 60 * job.hours)
            inside += sum(minute in open_minutes for minute in held)
            outside += sum(minute not in open_minutes for minute in held)
    share = inside / len(open_minutes) if open_minutes else None
    return business.id, crew, day, len(open_minutes) / 60, inside / 60, outside / 60, share


def _minute(at: Any) -> int:
    return int(at.hour * 60 + at.minute)


def revenue(shop: Shop) -> Iterator[Row]:
    sums: defaultdict[Row, list[int]] = defaultdict(lambda: [0] * 7)
    for job in shop.jobs.values():
        found = sums[job.business_id, shop.week(job.business_id, job.created_at)]
        found[2] += job.books.final if job.books else 0
        if job.status in STANDS:
            found[0] += 1
            found[1] += job.estimate
        else:
            found[3] += job.estimate
    for payment in shop.payments.values():
        found = sums[payment.business_id, shop.week(payment.business_id, payment.at)]
        waiting = payment.status in (PaymentStatus.PENDING, PaymentStatus.FAILED)
        kept = 0 if waiting else max(0, payment.amount - payment.refunded - payment.lost)
        found[5 if payment.status is PaymentStatus.NEEDS_REFUND else 4] += kept
        found[6] += payment.refunded
    return ((*key, *found) for key, found in sums.items())


BY_HAND: Mapping[str, Callable[[Shop], Iterator[Row]]] = {
    "calls_daily": calls_daily,
    "booking_funnel": booking_funnel,
    "quote_to_booking": quote_to_booking,
    "deposits": deposits,
    "reminders": reminders,
    "visit_changes": visit_changes,
    "escalations": escalations,
    "emergencies": emergencies,
    "callbacks": callbacks,
    "latency": latency,
    "abandonment": abandonment,
    "crew_utilisation": crew_utilisation,
    "revenue": revenue,
}


def _nearest(ordered: list[int], percent: int) -> int | None:
    """The smallest value that at least `percent` in a hundred do not exceed."""
    return ordered[-(-percent * len(ordered) // 100) - 1] if ordered else None


def _grouped(rows: Iterable[M], key: Callable[[M], Row]) -> Iterator[tuple[Row, list[M]]]:
    groups: defaultdict[Row, list[M]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return iter(groups.items())
