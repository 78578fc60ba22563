"""The amounts of a tool's answer, each with what it is the price of: what may be said from now on.

A tool's JSON holds the same amounts in dollars, for the model to read. Code reads these instead,
so that it need not guess from the name of a key what an amount is.
"""

from shared.domain.models import Job, Quote
from shared.domain.money import Cents, Figure, FigureRole


def of_estimate(chosen: Quote, other: Quote) -> tuple[Figure, ...]:
    """What get_pricing_quote answers: every amount of the rate that was asked for, and what a visit
    costs at the other one."""
    if chosen.covered is not None:
        return ()
    service = chosen.service_type
    return (
        Figure(FigureRole.VISIT, chosen.service_call, False, service, False),
        Figure(FigureRole.VISIT, chosen.emergency_fee, False, service, True),
        Figure(FigureRole.ESTIMATE, chosen.estimated_repair, False, service, chosen.after_hours),
        *of_rate(other),
        *of_rate(chosen, settled=True),
        *_ranges(chosen),
    )


def of_rate(quote: Quote, *, settled: bool = False) -> tuple[Figure, ...]:
    """The visit, the estimate and the deposit at one rate; nothing of a covered visit."""
    if quote.covered is not None:
        return ()
    amounts = (quote.visit_fee, quote.total_estimate, quote.deposit)
    return _three(amounts, settled, quote.service_type, quote.after_hours)


def of_job(job: Job) -> tuple[Figure, ...]:
    """The same of a job that stands."""
    if job.covered is not None:
        return ()
    return _three(
        (job.visit_fee, job.estimate, job.deposit), True, job.service_type, job.after_hours
    )


def _three(
    amounts: tuple[Cents, Cents, Cents], settled: bool, service: str, after_hours: bool
) -> tuple[Figure, ...]:
    roles = (FigureRole.VISIT, FigureRole.ESTIMATE, FigureRole.DEPOSIT)
    return tuple(
        Figure(role, amount, settled, service, after_hours)
        for role, amount in zip(roles, amounts, strict=True)
    )


def _ranges(quote: Quote) -> tuple[Figure, ...]:
    ends = (
        (FigureRole.LOW, quote.low, False),
        (FigureRole.HIGH, quote.high, False),
        (FigureRole.LOW, quote.after_hours_low, True),
        (FigureRole.HIGH, quote.after_hours_high, True),
    )
    return tuple(
        Figure(role, amount, service=quote.service_type, after_hours=rate)
        for role, amount, rate in ends
    )
