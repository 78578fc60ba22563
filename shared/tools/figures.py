"""The amounts of a tool's answer, each with what it is the price of: what may be said from now on.

A tool's JSON holds the same amounts in dollars, for the model to read. Code reads these instead,
so that it need not guess from the name of a key what an amount is.
"""

from shared.domain.models import Job, Quote
from shared.domain.money import Cents, Figure, FigureRole


def of_estimate(chosen: Quote, other: Quote) -> tuple[Figure, ...]:
    """What get_pricing_quote answers: every amount of the rate that was asked for, and what a visit
    costs at the other one."""
    ranges = (chosen.low, chosen.high, chosen.after_hours_low, chosen.after_hours_high)
    return (
        *of_rate(chosen, settled=True),
        *of_rate(other),
        Figure(FigureRole.VISIT, chosen.service_call),
        Figure(FigureRole.VISIT, chosen.emergency_fee),
        Figure(FigureRole.ESTIMATE, chosen.estimated_repair),
        *(Figure(FigureRole.RANGE, amount) for amount in ranges),
    )


def of_rate(quote: Quote, *, settled: bool = False) -> tuple[Figure, ...]:
    """The visit, the estimate and the deposit at one rate."""
    return _three(quote.visit_fee, quote.total_estimate, quote.deposit, settled=settled)


def of_job(job: Job) -> tuple[Figure, ...]:
    """The same of a job that stands."""
    return _three(job.visit_fee, job.estimate, job.deposit, settled=True)


def _three(visit: Cents, estimate: Cents, deposit: Cents, *, settled: bool) -> tuple[Figure, ...]:
    return (
        Figure(FigureRole.VISIT, visit, settled),
        Figure(FigureRole.ESTIMATE, estimate, settled),
        Figure(FigureRole.DEPOSIT, deposit, settled),
    )
