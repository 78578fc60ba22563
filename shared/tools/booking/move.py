"""A job put at another window, or put right: in one transaction, never two crews.

The job keeps its id, and with it the pay link. What the visit costs follows the new window's rate;
a deposit that was paid stays as it is.
"""

from dataclasses import replace
from typing import Literal

from shared.actions.payments import deposit
from shared.actions.texts import wording
from shared.domain.call_time import CallTime
from shared.domain.deposits import is_due
from shared.domain.errors import CheckoutFailed, WindowTaken
from shared.domain.models import Customer, Job, Quote, Slot
from shared.tools.availability import assigned, quote_of
from shared.tools.booking import reply
from shared.tools.booking.reply import KeptJob
from shared.tools.context import ToolContext

# What a later booking says anew. The rest of the row (its id and call, what was paid) stays.
SAID_ANEW = (
    *("customer_name", "phone", "address", "service_type", "window", "rate", "after_hours"),
    *("hours", "is_emergency", "priority", "estimate", "visit_fee", "deposit", "covered"),
)

# What Stripe said of the session of the old window: ended, or paid a moment ago, or nothing.
Stripe = Literal["ended", "paid", "silent"]


def move(
    context: ToolContext,
    was: Job,
    wanted: Job,
    customer: Customer | None,
    crews: tuple[str, ...],
    at: CallTime,
) -> KeptJob:
    """Put `was` where and how `wanted` is, with the first of `crews` that is free, its own before.

    Raises:
        WindowTaken: no crew is; the job stands as it was.
        JobChanged: somebody changed the job meanwhile: decide anew.
    """
    job, stripe = _repriced(context, was, _moved(was, wanted))
    for crew in sorted(crews, key=lambda crew: crew != was.crew):
        job = assigned(context, job, crew)
        follow_ups = reply.follow_ups_of_move(context, was, job, at, paid=stripe == "paid")
        try:
            is_new = context.ports.jobs.move(was, job, customer=customer, follow_ups=follow_ups)
        except WindowTaken:
            continue
        stands = job if is_new else context.ports.jobs.get(job.job_id) or job
        return KeptJob(stands, is_new=is_new, was=was, stripe_silent=stripe == "silent")
    raise WindowTaken("Somebody else has just taken that window. Offer another.")


def at_window(context: ToolContext, job: Job, slot: Slot) -> Job:
    """The visit as it would be in that window, at what a moved visit costs, whoever moves it.

    At the rate it was booked at, the regular one or the one after hours, it costs what was agreed,
    whatever the card says by now. In a window at the other rate it costs what the card says of it;
    where that is the regular one, never more than was agreed. A covered visit is quoted at none.

    Raises:
        UnknownService: it is at another rate, and the card has no such service any more.
    """
    there = as_agreed(context, job, slot)
    if slot.after_hours == job.after_hours or job.covered is not None:
        return there
    quote = _quote_there(context, job, slot)
    costs = {
        "estimate": quote.total_estimate,
        "visit_fee": quote.visit_fee,
        "deposit": job.deposit if job.deposit_paid else quote.deposit,
    }
    if not slot.after_hours:
        costs = {name: min(cost, getattr(job, name)) for name, cost in costs.items()}
    return there.model_copy(update={**costs, "covered": quote.covered})


def as_agreed(context: ToolContext, job: Job, slot: Slot) -> Job:
    """The visit in that window, at the price it was booked for."""
    business = context.business
    changes: dict[str, object] = {
        "window": wording.local(business, slot.window),
        "rate": "after_hours" if slot.after_hours else "regular",
        "after_hours": slot.after_hours,
        "hours": business.work(job.service_type).hours,
    }
    return job.model_copy(update=changes)


def _quote_there(context: ToolContext, job: Job, slot: Slot) -> Quote:
    """Who owed no deposit as a known customer owes none, and who owed one is not let off because
    that very visit has made them known."""
    as_then = replace(context, memory=replace(context.memory, is_known=not job.deposit))
    return quote_of(as_then, slot, job.service_type, job.description)


def _moved(was: Job, wanted: Job) -> Job:
    changes = {name: getattr(wanted, name) for name in SAID_ANEW}
    more = tuple(note for note in wanted.notes if note not in was.notes)
    changes |= {
        "version": was.version + 1,
        "email": wanted.email or was.email,
        "consent": wanted.consent or was.consent,
        "description": wanted.description or was.description,
        "notes": (*was.notes, *more),
    }
    return was.model_copy(update=changes)


def _repriced(context: ToolContext, was: Job, job: Job) -> tuple[Job, Stripe]:
    """`job` with the deposit it owes now, and what became of the session of the old window.

    A session of the old window must not stay payable. It is ended first: whoever paid it at that
    very moment has paid the deposit, which then stays. The next number is used up, so that a
    session which somebody opens for the old window meanwhile is never the job's.
    """
    if not is_due(was):
        return job.model_copy(update={"deposit": was.deposit}) if was.deposit_paid else job, "ended"
    if (was.window, was.deposit) == (job.window, job.deposit):
        return job, "ended"
    said: Stripe = "ended"
    try:
        if deposit.retired(was, context.ports.checkout):
            return job.model_copy(update={"deposit": was.deposit}), "paid"
    except CheckoutFailed:
        # The follow-up that is left with the move ends it later, before it opens another.
        said = "silent"
    return job.model_copy(update={"checkout_number": was.checkout_number + 1}), said
