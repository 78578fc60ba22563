"""A job that stands: its deposit, its texts, and what the caller is told, all of it true.

Whatever Stripe or the phone network do now, the caller is booked. What fails leaves a follow-up.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from shared.actions import smoke
from shared.actions.follow_ups import visit_reminder
from shared.actions.payments import deposit
from shared.actions.texts import booking_texts, outbox, wording
from shared.domain.call_time import CallTime
from shared.domain.deposits import first_look, is_due
from shared.domain.errors import CheckoutFailed, DepositNotDue, PortError
from shared.domain.models import FollowUp, FollowUpKind, Job
from shared.domain.moments import CallMoment
from shared.domain.money import dollars, spoken
from shared.domain.telling import Telling, telling
from shared.tools import facts, figures
from shared.tools.availability import window_json
from shared.tools.context import ToolContext, ToolReply

# office: no link is sent, the office collects the deposit.
Link = Literal["open", "none_due", "follows", "refused", "office"]


@dataclass(frozen=True, slots=True)
class KeptJob:
    """A job that stands, and how it came to."""

    job: Job
    is_new: bool  # booked or moved now; else it was there before
    was: Job | None = None  # of a job moved or put right: as it was before
    stripe_silent: bool = False  # it did not answer a moment ago: it is not waited for again


def confirm(context: ToolContext, kept: KeptJob, estimated_cost: float, at: CallTime) -> ToolReply:
    """Open the deposit, send the texts, and say what is true of the job that stands.

    Keys of the reply: `booked` (true), `job_id`, `window` (see `window_json`), `total_estimate`,
    `visit_fee` and `deposit_amount` in dollars (of a covered visit `office_confirms_cost` in place
    of the first two), `checkout_url` and `pay_link` (null where there is
    nothing to pay, or Stripe did not answer), `text_sent`, and `say`. Of a job that was moved, or
    put right, also `moved` and, when its window is another, `window_now_off`.
    """
    job = kept.job
    context.memory.last_job = job.job_id
    if kept.is_new:
        link, url, texted = (
            _first(context, job, at) if kept.was is None else _moved(context, kept, at)
        )
    else:
        link, url, texted = _again(context, job, at)
    rest = [_say_link(job, link, texted)]
    if job.covered is None and job.estimate < round(estimated_cost * 100):
        rest.append(_say_lower(job))
    said = _told(context, kept, link, rest, at)
    reply = _reply(context, job, link, url, texted) | {"say": said.sentence}
    if kept.was is not None:
        reply |= _reply_of_move(context, kept.was, job)
    told = facts.of_job(context.business, job, kept.was, texted=kept.is_new and texted == "sent")
    return ToolReply(reply, figures.of_job(job), tuple(told), telling=said)


def follow_ups_of(context: ToolContext, job: Job, at: CallTime) -> list[FollowUp]:
    """What is left to do from the moment the job stands: kept with it in one transaction, and
    struck off one by one as it is done.

    So a process that dies after the transaction, or never hears of its success, loses nothing.
    """
    if context.synthetic:
        return [smoke.cleanup(job, at.real)]
    business, visit = context.business, context.visit_link(job.job_id)
    texts = booking_texts.for_caller(business, job, visit, payable=True)
    texts += booking_texts.for_crew(business, job, at.now)
    follow_ups = [outbox.as_follow_up(context.business, text, at.real) for text in texts]
    follow_ups += visit_reminder.left(context.business, job, at)
    if not job.deposit or not context.business.sends_texts:
        return follow_ups  # without a link nobody is reminded, and no window is given back
    look = first_look(context.business.policy)
    return [*follow_ups, _checkout(job, at), *([_unpaid(job, at, look)] if look else [])]


def follow_ups_of_move(
    context: ToolContext, was: Job, job: Job, at: CallTime, *, paid: bool = False
) -> list[FollowUp]:
    """What is left to do from the moment the job is moved; the looks at its deposit begin again.

    `paid`: its deposit was paid a moment ago, and the webhook that says so is on its way.
    """
    job = _as_paid(job) if paid else job
    if context.synthetic:
        return [smoke.cleanup(job, at.real)]
    texts = _texts_of_move(context, was, job, at, payable=True)
    follow_ups = [outbox.as_follow_up(context.business, text, at.real) for text in texts]
    follow_ups += visit_reminder.left(context.business, job, at)
    if not is_due(job) or not context.business.sends_texts:
        return follow_ups
    look = first_look(context.business.policy)
    return [*follow_ups, _checkout(job, at), *([_unpaid(job, at, look)] if look else [])]


def _as_paid(job: Job) -> Job:
    return job.model_copy(update={"deposit_paid": True})


def _texts_of_move(
    context: ToolContext, was: Job, job: Job, at: CallTime, *, payable: bool
) -> list[outbox.Sms]:
    """The caller's text first, where there is one."""
    unheard = _is_unheard(context, job)
    return [
        *booking_texts.moved_for_caller(
            context.business, was, job, context.visit_link(job.job_id), payable=payable
        ),
        *booking_texts.moved_for_crew(context.business, was, job, at.now, unheard=unheard),
    ]


def _is_unheard(context: ToolContext, job: Job) -> bool:
    """Whether on-call may not have had an earlier text about the job yet, which the move will have
    made void. Where that cannot be read they are told: once too often rather than not at all."""
    keys = (booking_texts.key(job, "on_call", version) for version in range(job.version))
    try:
        return any(outbox.still_waiting(context.ports, key) for key in keys)
    except PortError:
        return True


def _moved(
    context: ToolContext, kept: KeptJob, at: CallTime
) -> tuple[Link, str | None, outbox.Sent]:
    context.memory.moves += 1
    link, url = ("follows", None) if kept.stripe_silent else _deposit(context, kept.job, at)
    if link not in ("follows", "refused"):
        outbox.struck_off(context.ports, _checkout_id(kept.job))
    told = _as_paid(kept.job) if link == "none_due" and kept.job.deposit else kept.job
    texts = _texts_of_move(context, kept.was or kept.job, told, at, payable=link == "open")
    sent = outbox.deliver(context.ports, context.business, texts, at.real)
    to_caller = texts[0].key == booking_texts.key(kept.job, "caller")
    return link, url, sent[0] if to_caller else _untexted(context)


def _first(context: ToolContext, job: Job, at: CallTime) -> tuple[Link, str | None, outbox.Sent]:
    context.bookable()
    context.count("Bookings")
    context.count("BookedUsd", job.estimate / 100)
    link, url = _deposit(context, job, at)
    if link == "open":
        context.count("DepositLinks")
    if link not in ("follows", "refused"):
        outbox.struck_off(context.ports, _checkout_id(job))
    return link, url, _text(context, job, link, at)


def _again(context: ToolContext, job: Job, at: CallTime) -> tuple[Link, str | None, outbox.Sent]:
    """The job was there before: its texts were sent, or wait for their retry."""
    link, url = _deposit(context, job, at)
    if context.ports.follow_ups.waiting(_checkout_id(job)):
        link = "follows"
    if not context.business.sends_texts:
        return link, url, "off"
    unsent = outbox.still_waiting(context.ports, booking_texts.key(job, "caller"))
    return link, url, "failed" if unsent else "sent"


def _text(context: ToolContext, job: Job, link: Link, at: CallTime) -> outbox.Sent:
    """Tell the caller, then the crew. What became of the caller's text."""
    visit, payable = context.visit_link(job.job_id), link == "open"
    confirmation = booking_texts.for_caller(context.business, job, visit, payable=payable)
    crew = booking_texts.for_crew(context.business, job, at.now)
    results = outbox.deliver(context.ports, context.business, [*confirmation, *crew], at.real)
    return results[0] if confirmation else _untexted(context)


def _untexted(context: ToolContext) -> outbox.Sent:
    return "skipped" if context.business.sends_texts else "off"


def _deposit(context: ToolContext, job: Job, at: CallTime) -> tuple[Link, str | None]:
    """Open the Checkout session; the job stands without one."""
    if not context.business.sends_texts:
        return ("office" if is_due(job) else "none_due"), None
    try:
        session = deposit.open_deposit(
            job,
            context.business.name,
            context.ports.jobs,
            context.ports.checkout,
            return_url=context.public_url,
        )
    except DepositNotDue:
        return "none_due", None
    except CheckoutFailed as exc:
        context.ports.metrics.count("CheckoutFailed", business=context.business.id)
        outbox.failed(context.ports, _checkout_id(job), str(exc), at.real)
        return ("refused" if exc.permanent else "follows"), None
    except PortError as exc:
        outbox.failed(context.ports, _checkout_id(job), str(exc), at.real)
        return "follows", None
    return "open", session.url


def _checkout(job: Job, at: CallTime) -> FollowUp:
    return FollowUp(
        follow_up_id=_checkout_id(job),
        kind=FollowUpKind.CHECKOUT,
        business_id=job.business_id,
        job_id=job.job_id,
        to=job.phone.normalised,
        error="not opened yet",
        created_at=at.real,
        due_at=at.real + outbox.FIRST_RETRY,
    )


def _unpaid(job: Job, at: CallTime, look: timedelta) -> FollowUp:
    """Somebody has to look whether the deposit was paid."""
    return FollowUp(
        follow_up_id=smoke.deposit_id(job.job_id),
        kind=FollowUpKind.DEPOSIT,
        business_id=job.business_id,
        job_id=job.job_id,
        error="not looked at yet",
        created_at=at.real,
        due_at=at.real + look,
    )


def _checkout_id(job: Job) -> str:
    return f"checkout:{job.job_id}"


def _reply(
    context: ToolContext, job: Job, link: Link, url: str | None, texted: outbox.Sent
) -> dict[str, object]:
    amounts = {"total_estimate": dollars(job.estimate), "visit_fee": dollars(job.visit_fee)}
    return {
        "booked": True,
        "job_id": job.job_id,
        "window": window_json(context.business, job.window),
        **(amounts if job.covered is None else {"office_confirms_cost": True}),
        "deposit_amount": dollars(job.deposit),
        "checkout_url": url,
        "pay_link": context.pay_link(job.job_id) if link == "open" else None,
        "text_sent": texted == "sent",
    }


def _reply_of_move(context: ToolContext, was: Job, job: Job) -> dict[str, object]:
    """What a moved job's reply says beside a first booking's."""
    reply: dict[str, object] = {"moved": was.window != job.window}
    if was.window != job.window:
        reply["window_now_off"] = window_json(context.business, was.window)
    return reply


def _told(
    context: ToolContext, kept: KeptJob, link: Link, rest: list[str], at: CallTime
) -> Telling:
    """The confirmation, with `rest` behind what was booked or moved."""
    job, wordings, business = kept.job, context.memory.wordings, context.business
    if kept.was is not None:
        if link == "none_due" and job.deposit > 0:
            rest = ["The deposit that was paid stays with it.", *rest]
        said = wording.moved(business, kept.was, job, at.now)
        return telling(wordings.told(CallMoment.MOVED, said=said, rest=" ".join(rest)))
    if job.covered is not None:
        rest = [f"{wording.capital(wording.OFFICE_CONFIRMS)}.", *rest]
    if job.to_be_confirmed:
        rest = [f"{wording.capital(wording.TIME_CONFIRMED)}.", *rest]
    when = wording.when(business, job.window, at.now)
    return telling(wordings.told(CallMoment.BOOKED, when=when, rest=" ".join(rest)))


def _say_lower(job: Job) -> str:
    """The model had another figure in mind, and may have said it."""
    rate = "after-hours" if job.after_hours else "regular"
    return (
        f"At {rate} rates the visit is {spoken(job.visit_fee)}, and the estimate is about "
        f"{spoken(job.estimate)}, less than I had said."
    )


def _say_link(job: Job, link: Link, texted: outbox.Sent) -> str:
    owed = f"The deposit is {spoken(job.deposit)}"
    if texted in wording.NOT_TEXTED:
        return wording.NOT_TEXTED[texted]
    if link == "none_due":
        return "I texted you the confirmation." if texted == "sent" else ""
    if link in ("refused", "office"):
        return f"{owed}; the office will be in touch about it."
    if link == "follows":
        sent = "I texted you the confirmation. " if texted == "sent" else ""
        return f"{sent}{owed}; the payment link will follow by text."
    if texted == "sent":
        return f"I texted the {spoken(job.deposit)} deposit link."
    return f"{owed}. I could not send the text just now; the link will follow."
