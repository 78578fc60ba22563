"""POST /visit/{job_id}: the customer moves their visit or calls it off, on its own page.

By the same actions as by phone and by text, and told by the same texts. Who has the link has what
was texted to the visit's number; nothing of it is done on a first tap, a look or an old form. What
is for people to decide (an emergency, a visit whose time has come) is left to a call.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from functions.stripe_webhook import receipt, visit_form
from functions.stripe_webhook.context import RequestContext
from functions.stripe_webhook.pages import Button, Section, document
from functions.stripe_webhook.pay import unknown
from functions.stripe_webhook.receipt import ShownVisit
from functions.stripe_webhook.reply import Reply
from functions.stripe_webhook.visit_form import BadForm, ChangedSince
from shared.actions import callbacks
from shared.actions.appointments import cancel as calling_off
from shared.actions.ports import JobChanged
from shared.actions.texts import cancel_texts, outbox, wording
from shared.actions.texts.outbox import Sms
from shared.domain.errors import PortError, UnknownService, WindowTaken
from shared.domain.models import Job, JobStatus, Priority, Window
from shared.domain.money import spoken
from shared.tools.appointments import another_time
from shared.tools.appointments.another_time import OtherWindow
from shared.tools.context import ToolContext

logger = logging.getLogger(__name__)

TRIES = 3
OLD = "This page was open for too long. Please choose again."
CHANGED = "Your visit was changed meanwhile. This is how it stands now."
TAKEN = "That time was just taken. Nothing was changed."
NONE_FREE = "No other time can be offered here."


def change(job_id: str, form: Mapping[str, str], context: RequestContext) -> Reply:
    """Do what a form asks for, or show what it leads to; 404 for a link that is none of ours."""
    try:
        visit = receipt.found(job_id, context)
        if visit is None or form.get("ask") not in receipt.ASKS:
            return unknown()
        if visit.job.status is not JobStatus.SCHEDULED:
            return receipt.page_of(visit)
        return _asked(visit, form)
    except PortError as exc:
        logger.error("visit not changed", extra={"job_id": job_id, "why": str(exc)})
        return receipt.later()


def _asked(visit: ShownVisit, form: Mapping[str, str]) -> Reply:
    what = form["ask"]
    if what == "call":
        return _call_back(visit, form)
    if receipt.why_not(visit) is not None:
        return receipt.page_of(visit)
    steps = {"move": _windows, "to": _move, "cancel": _sure, "sure": _cancel}
    return steps[what](visit, form)


def _windows(visit: ShownVisit, form: Mapping[str, str]) -> Reply:
    """To which of two windows."""
    if stale := _stale(visit, form, "move"):
        return stale
    return _choose(visit)


def _choose(visit: ShownVisit, note: str = "") -> Reply:
    offers = another_time.offers(_tools(visit), visit.job, visit.at)
    if not offers:
        return receipt.page_of(visit, note or NONE_FREE, only_by_phone=True)
    deposit = f"your {spoken(visit.job.deposit)} stays with the visit"
    return _question(
        visit,
        "Another time",
        [_offer(visit, each) for each in offers],
        deposit if visit.job.deposit_paid else "",
        note,
    )


def _question(
    visit: ShownVisit, title: str, answers: Sequence[Button], deposit: str, note: str
) -> Reply:
    """What is asked, with what becomes of the deposit above the answers."""
    facts = [("When", _when(visit, visit.job.window))]
    facts += [("Deposit", deposit)] if deposit else []
    keep = Button("Keep it as it is", link=receipt.here(visit), quiet=True)
    stays = "Until you choose, your visit stays as it is."
    sections = [Section("Your visit", tuple(facts))]
    return document(200, title, sections, [*answers, keep], [stays], first=note or None)


def _offer(visit: ShownVisit, there: OtherWindow) -> Button:
    start = there.slot.window.start.isoformat()
    signed = receipt.signed(visit, _wanted(there))
    hidden = (("start", start), ("form", signed))
    return Button(_words(visit, there), post=receipt.here(visit), value="to", hidden=hidden)


def _words(visit: ShownVisit, there: OtherWindow) -> str:
    """`Fri, Aug 29, 8 to 10 AM`, and what it costs where that is more than was agreed."""
    when, job = _when(visit, there.slot.window), there.job
    if not there.costs_more(visit.job):
        return when
    return f"{when}, at {spoken(job.visit_fee)} for the visit, about {spoken(job.estimate)} in all"


def _wanted(there: OtherWindow) -> str:
    """What a yes to one window is a yes to."""
    job = there.job
    start = int(there.slot.window.start.timestamp())
    return f"to {start} for {job.visit_fee} {job.estimate}"


def _move(visit: ShownVisit, form: Mapping[str, str]) -> Reply:
    start = _time(form.get("start", ""))
    if start is None:
        return unknown()
    if start == visit.job.window.start:  # sent twice
        return _moved(visit, visit.job)
    if start <= visit.at.now:
        return _choose(visit, OLD)
    tools = _tools(visit)
    try:
        window = Window.at(start, visit.business.window_hours)
        there = another_time.there(tools, visit.job, window, visit.at)
        if stale := _stale(visit, form, _wanted(there)):
            return stale
        kept = another_time.put(tools, visit.job, there, visit.at)
    except WindowTaken:
        return _choose(visit, TAKEN)
    except (UnknownService, ValueError):  # no window of this business's
        return _choose(visit)
    except JobChanged:
        return receipt.page_of(receipt.again(visit), CHANGED)
    return _moved(visit, kept.job)


def _moved(visit: ShownVisit, job: Job) -> Reply:
    return receipt.page_of(visit.as_now(job), f"Your visit is on {_when(visit, job.window)}.")


def _sure(visit: ShownVisit, form: Mapping[str, str]) -> Reply:
    if stale := _stale(visit, form, "cancel"):
        return stale
    return _ask_again(visit)


def _ask_again(visit: ShownVisit, note: str = "") -> Reply:
    """Whether it is to be called off, and what becomes of the deposit."""
    terms = _terms(visit)
    yes = Button(
        "Yes, cancel this visit",
        post=receipt.here(visit),
        value="sure",
        hidden=(("form", receipt.signed(visit, f"sure {terms}")),),
    )
    return _question(visit, "Cancel this visit?", [yes], terms, note)


def _cancel(visit: ShownVisit, form: Mapping[str, str]) -> Reply:
    for _ in range(TRIES):
        if visit.job.status is not JobStatus.SCHEDULED:
            return receipt.page_of(visit)
        try:
            _check(visit, form, f"sure {_terms(visit)}")
            context = visit.context
            off = calling_off.cancel(context.ports, visit.business, visit.job, visit.at)
        except ChangedSince:
            return _ask_again(visit, CHANGED)
        except BadForm:  # too old, or what becomes of the deposit is not what was shown
            return _ask_again(visit, OLD)
        except JobChanged:
            visit = receipt.again(visit)
            continue
        money = cancel_texts.of_deposit(off.job, refund=off.asks_refund)
        return receipt.page_of(visit.as_now(off.job), money)
    return receipt.page_of(visit, CHANGED)


def _call_back(visit: ShownVisit, form: Mapping[str, str]) -> Reply:
    """The office is asked to call, once for each version of the visit."""
    if stale := _stale(visit, form, "call"):
        return stale
    business, job, context = visit.business, visit.job, visit.context
    soon = job.priority is Priority.LIFE_SAFETY or job.window.start <= visit.at.now
    urgency: callbacks.Urgency = "urgent" if soon else "normal"
    body = (
        f"{business.name}: CALL BACK {wording.number(job.phone.normalised)}: the customer of job "
        f"{job.job_id}, {wording.written(business, job.window)}, asks for it on their page: they "
        "want to change that visit."
    )
    key = f"{job.job_id}:{job.version}:asks:call"
    text = Sms(business.office, body, key, job.job_id)
    left = outbox.as_follow_up(business, text, visit.at.real)
    if context.ports.follow_ups.leave_once(key, [left], at=visit.at.real):
        outbox.deliver(context.ports, business, [text], visit.at.real)
        callbacks.ask(
            context.ports,
            business,
            job.call_sid,
            phone=job.phone.normalised,
            urgency=urgency,
            at=visit.at,
        )
    promised = callbacks.promise(business, urgency, visit.at.now)
    return receipt.page_of(visit, f"{promised} Until then your visit stands.")


def _stale(visit: ShownVisit, form: Mapping[str, str], what: str) -> Reply | None:
    """The page anew where the form is not good for this; None where it is."""
    try:
        _check(visit, form, what)
    except ChangedSince:
        return receipt.page_of(visit, CHANGED)
    except BadForm:
        return receipt.page_of(visit, OLD)
    return None


def _check(visit: ShownVisit, form: Mapping[str, str], what: str) -> None:
    secrets = visit.context.secret(receipt.SIGNED_WITH)
    visit_form.check(secrets, form.get("form", ""), visit.job, what, visit.at.real)


def _terms(visit: ShownVisit) -> str:
    return calling_off.terms(visit.business, visit.job, visit.at.now)


def _tools(visit: ShownVisit) -> ToolContext:
    context = visit.context
    return another_time.context_of(context.ports, visit.business, visit.job, context.public_url)


def _when(visit: ShownVisit, window: Window) -> str:
    return wording.written(visit.business, window)


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
