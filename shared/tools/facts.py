"""What a tool did or found, in types: what may be claimed from now on, beside its JSON."""

from collections.abc import Iterator
from datetime import datetime

from shared.actions.texts import wording
from shared.domain.business import Business
from shared.domain.facts import Fact, ToolFactKind
from shared.domain.models import Job, Slot, Window


def of_slot(business: Business, slot: Slot) -> Fact:
    """A window that is offered."""
    return _window(business, ToolFactKind.OFFERED, slot.window, slot.after_hours)


def of_job(business: Business, job: Job, was: Job | None, *, texted: bool) -> Iterator[Fact]:
    """The window that stands, the one that is off where it `was` another, the text just sent."""
    if was is not None and was.window != job.window:
        yield _window(business, ToolFactKind.MOVED_OFF, was.window, was.after_hours)
    words = " ".join((job.service_type, job.description, *job.notes))
    yield _window(business, ToolFactKind.BOOKED, job.window, job.after_hours, words)
    if texted:
        yield Fact(ToolFactKind.TEXTED)
    if job.deposit_paid:
        yield Fact(ToolFactKind.PAID)


def of_found(business: Business, job: Job) -> Iterator[Fact]:
    """A visit that stood before this call."""
    words = " ".join((job.service_type, job.description))
    yield _window(business, ToolFactKind.FOUND, job.window, job.after_hours, words)
    if job.deposit_paid:
        yield Fact(ToolFactKind.PAID)


def of_canceled(business: Business, job: Job, *, refund: bool, texted: bool) -> Iterator[Fact]:
    """A visit that stands no more, the refund that was asked for, the text just sent."""
    yield _window(business, ToolFactKind.CANCELED, job.window, job.after_hours)
    if refund:
        yield Fact(ToolFactKind.REFUND_ASKED)
    if texted:
        yield Fact(ToolFactKind.TEXTED)


def _window(
    business: Business, kind: ToolFactKind, window: Window, after_hours: bool, words: str = ""
) -> Fact:
    """On the business's clock, with the offset alone: what is kept of a call knows no zones."""
    shown = wording.local(business, window)
    start, end = (datetime.fromisoformat(at.isoformat()) for at in (shown.start, shown.end))
    return Fact(kind, start, end, after_hours, words)
