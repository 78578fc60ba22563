"""/pay/{job_id}: on to the open Checkout session, or a page that says why there is none."""

import logging
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

from functions.stripe_webhook.context import RequestContext
from functions.stripe_webhook.pages import page, redirect
from functions.stripe_webhook.reply import Reply
from shared import businesses
from shared.actions.payments.deposit import open_deposit, pay_link, refuse_unless_due
from shared.domain.errors import CheckoutFailed, DepositNotDue, PortError
from shared.domain.models import Job, JobStatus
from shared.domain.money import spoken

logger = logging.getLogger(__name__)

JOB_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
RETRY_AFTER_S = 60


def pay(job_id: str, context: RequestContext) -> Reply:
    """303 to Stripe while the deposit of the job is due; a page otherwise."""

    def go_to_stripe(job: Job) -> Reply:
        ports = context.ports
        session = open_deposit(
            job, _name(job), ports.jobs, ports.checkout, return_url=context.public_url
        )
        return redirect(str(session.url))

    return _while_due(job_id, context, go_to_stripe)


def look(job_id: str, context: RequestContext) -> Reply:
    """HEAD of the link: as `pay` answers, but no session is opened for who only looks at it."""
    # Where a payer ends up; who follows it only sees a page.
    thanks_page = f"{pay_link(context.public_url, job_id)}/thanks"
    return _while_due(job_id, context, lambda _: redirect(thanks_page))


def thanks(job_id: str, context: RequestContext) -> Reply:
    """Where Stripe sends the payer back to, paid or not; the webhook may still be on its way."""

    def thank(job: Job) -> Reply:
        return page(
            200,
            "Thank you",
            f"Your visit: {_name(job)}, {_when(job)}.",
            "If you have just paid, your deposit will show here within a minute.",
            link=(
                pay_link(context.public_url, job_id),
                f"Not paid yet? Pay the {spoken(job.deposit)} deposit",
            ),
        )

    return _while_due(job_id, context, thank)


def _while_due(job_id: str, context: RequestContext, go_on: Callable[[Job], Reply]) -> Reply:
    """What `go_on` answers for a job whose deposit is due; else a page that says why it is not.

    `go_on` may raise DepositNotDue itself: Stripe may know of a payment that our rows do not
    show yet.
    """
    try:
        job = context.ports.jobs.get(job_id) if JOB_ID.fullmatch(job_id) else None
        if job is None:
            return unknown()
        try:
            refuse_unless_due(job)
            return go_on(job)
        except DepositNotDue as exc:
            return _not_due(exc.reason, job)
        except CheckoutFailed:
            context.ports.metrics.count("CheckoutFailed", business=job.business_id)
            raise
    except PortError as exc:
        logger.error("pay link not answered", extra={"job_id": job_id, "why": str(exc)})
        return later()


def _not_due(reason: str, job: Job) -> Reply:
    visit = f"{_name(job)}, {_when(job)}"
    match reason:
        case "paid":
            return page(
                200,
                "Deposit paid",
                f"Thank you. Your {spoken(job.deposit)} deposit is paid.",
                f"Your visit: {visit}.",
            )
        case "none":
            return page(200, "Nothing to pay", "This visit needs no deposit.", visit)
        case "unknown":
            return unknown()
        case JobStatus.COMPLETED:
            return page(200, "This visit is done", f"Thank you. {visit}.", "No deposit is due.")
    return page(
        200,
        "This visit is not booked any more",
        f"{visit} was canceled, so there is nothing to pay.",
        "To book again, please call us.",
    )


def unknown() -> Reply:
    return page(404, "Link not found", "Please check the link in your text message.")


def later() -> Reply:
    """503: something we need did not answer."""
    return page(
        503,
        "Please try again in a minute",
        "We could not open the payment page just now. Your visit stays booked.",
        retry_after_s=RETRY_AFTER_S,
    )


def _name(job: Job) -> str:
    found = businesses.by_id(job.business_id)
    return found.name if found else "your service company"


def _when(job: Job) -> str:
    zone = ZoneInfo(job.time_zone)
    start, end = job.window.start.astimezone(zone), job.window.end.astimezone(zone)
    return f"{start:%a}, {start:%b} {start.day}, {_hour(start.hour)} to {_hour(end.hour)}"


def _hour(hour: int) -> str:
    return f"{hour % 12 or 12} {'AM' if hour < 12 else 'PM'}"
