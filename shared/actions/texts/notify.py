"""What is texted to the caller, to the office, and to whoever is on call."""

import logging
from datetime import datetime

from shared.actions.ports import Ports
from shared.actions.texts import wording
from shared.actions.texts.outbox import Sms, reachable, send, send_once
from shared.domain.business import Business
from shared.domain.calendar.scheduling import is_after_hours, next_opening
from shared.domain.errors import PortError
from shared.domain.models import HazardCategory, Job, Payment
from shared.domain.money import spoken
from shared.domain.money_back import Dispute, Refund
from shared.domain.spoken.contact import read_back_phone
from shared.domain.spoken.plain_words import without_links

logger = logging.getLogger(__name__)

DANGERS = {
    HazardCategory.GAS_LEAK: "a gas leak",
    HazardCategory.FIRE_SMOKE: "fire or smoke",
    HazardCategory.CARBON_MONOXIDE: "carbon monoxide",
    HazardCategory.ELECTRICAL_HAZARD: "an electrical hazard",
    HazardCategory.FLOOD_ELECTRICAL: "water near electricity",
    HazardCategory.SEWAGE: "sewage indoors",
    HazardCategory.NO_HEAT_FREEZING: "no heat in freezing weather",
    HazardCategory.MAJOR_LEAK: "a major leak",
}


def key(job: Job, whom: str, version: int | None = None) -> str:
    """The name of a text about the job as it stands: after a move, its texts are others.

    `version` is another one of the job's than its present one.
    """
    version = job.version if version is None else version
    return f"{job.job_id}:moved:{version}:{whom}" if version else f"{job.job_id}:{whom}"


def named(follow_up_id: str, job: Job) -> tuple[int, str] | None:
    """The version of the job that a text tells of, and to whom or of what; None where its id is of
    another kind."""
    match follow_up_id.split(":"):
        case ["text", job.job_id, whom]:
            return 0, whom
        case ["text", job.job_id, "moved", version, whom] if version.isdecimal():
            return int(version), whom
    return None


def for_caller(business: Business, job: Job, pay_link: str | None) -> list[Sms]:
    """The confirmation; none to a number we do not text."""
    to = job.phone.normalised
    body = _confirmation(business, job, pay_link)
    return [Sms(to, body, key(job, "caller"), job.job_id)] if reachable(business, to) else []


def moved_for_caller(business: Business, was: Job, job: Job, pay_link: str | None) -> list[Sms]:
    """The visit as it now is, for the caller; none to a number we do not text."""
    to = job.phone.normalised
    body = _moved(business, was, job, pay_link)
    return [Sms(to, body, key(job, "caller"), job.job_id)] if reachable(business, to) else []


def moved_for_crew(
    business: Business, was: Job, job: Job, now: datetime, *, unheard: bool
) -> list[Sms]:
    """The job as it now is, for the office, and for on-call when the old or the new window comes
    before the office, or an earlier text about it was `unheard`."""
    body = _for_crew(business, job, was)
    texts = [Sms(business.office, body, key(job, "office"), job.job_id)]
    theirs = unheard or any(before_the_office(business, each, now) for each in (was, job))
    if business.on_call and theirs:
        texts.append(Sms(business.on_call[0], body, key(job, "on_call"), job.job_id))
    return texts


def for_crew(business: Business, job: Job, now: datetime) -> list[Sms]:
    """The job, for the office, and for on-call when its window comes before the office."""
    body = _for_crew(business, job)
    texts = [Sms(business.office, body, key(job, "office"), job.job_id)]
    if business.on_call and before_the_office(business, job, now):
        texts.append(Sms(business.on_call[0], body, key(job, "on_call"), job.job_id))
    return texts


def link_text(business: Business, job: Job, pay_link: str) -> Sms:
    """The pay link that had to follow."""
    body = f"{business.name}: your deposit of {spoken(job.deposit)} can be paid here: {pay_link}"
    return Sms(job.phone.normalised, body, key(job, "link"), job.job_id)


def reminder(business: Business, job: Job, pay_link: str, held_until: datetime | None) -> Sms:
    """Of a deposit that is still unpaid; `held_until` where the window is given back then."""
    body = (
        f"{business.name}: a reminder: the deposit of {spoken(job.deposit)} for your visit on "
        f"{wording.written(business, job.window)} is still open. Pay here: {pay_link}"
    )
    if held_until is not None:
        body += f" We hold your window until {wording.display(business.local(held_until))}."
    return Sms(job.phone.normalised, body, key(job, "reminder"), job.job_id)


def released(business: Business, job: Job) -> list[Sms]:
    """What the customer and the office hear when an unpaid window is given back."""
    when = wording.written(business, job.window)
    to_office = (
        f"{business.name}: job {job.job_id}, {when}, was released: its deposit of "
        f"{spoken(job.deposit)} was not paid. {without_links(job.customer_name)}, "
        f"{_who(job.phone.normalised)}."
    )
    to_customer = (
        f"{business.name}: your visit on {when} was released, since its deposit was not paid. "
        "To book again, please call us."
    )
    texts = [Sms(business.office, to_office, f"{job.job_id}:released:office", job.job_id)]
    if reachable(business, job.phone.normalised):
        caller = Sms(job.phone.normalised, to_customer, f"{job.job_id}:released:caller", job.job_id)
        texts.append(caller)
    return texts


def refund_failed(business: Business, row: Payment, job: Job | None, refund: Refund) -> Sms:
    """For the office: the customer still waits for this money, and we have it."""
    why = f" ({_in_words(refund.why)})" if refund.why else ""
    body = (
        f"{business.name}: a refund of {spoken(refund.amount)} for job {row.job_id} did not go "
        f"through{why}: the money is back with us. {_settle_it(job)}"
    )
    return Sms(business.office, body, f"{row.job_id}:refund_failed:{refund.refund_id}", row.job_id)


def dispute_lost(business: Business, row: Payment, job: Job | None, dispute: Dispute) -> Sms:
    """For the office: the bank gave the money back to the customer; the visit may still stand."""
    body = (
        f"{business.name}: the dispute about the deposit of job {row.job_id} was lost: "
        f"{spoken(dispute.amount)} went back to the customer. {_settle_it(job)}"
    )
    return Sms(business.office, body, f"{row.job_id}:lost:{dispute.dispute_id}", row.job_id)


def bank_asks(business: Business, row: Payment, job: Job | None, dispute: Dispute) -> Sms:
    """For the office: no money moved yet; an answer in time keeps it so."""
    body = (
        f"{business.name}: the customer's bank asks about the deposit of job {row.job_id}"
        f" ({_in_words(dispute.why)}). No money was taken. Answer it on Stripe's page soon. "
        f"{_settle_it(job)}"
    )
    return Sms(business.office, body, f"{row.job_id}:inquiry:{dispute.dispute_id}", row.job_id)


def _in_words(code: str | None) -> str:
    return (code or "no reason given").replace("_", " ")


def _settle_it(job: Job | None) -> str:
    if job is None:
        return "Please look at it."
    return f"Please settle it with {job.customer_name}, {_who(job.phone.normalised)}."


def hazard_alert(
    ports: Ports,
    business: Business,
    call_sid: str,
    caller: str | None,
    category: HazardCategory | str,
    *,
    real_now: datetime,
) -> bool:
    """Text everybody on call, at once, that somebody is in danger; True when one was reached."""
    hazard = HazardCategory(category)
    ports.metrics.count("EmergencyDetected", business=business.id)
    body = (
        f"{business.name}: DANGER. A caller ({_who(caller)}) reports {DANGERS[hazard]}. "
        "They were given the safety guidance. Call them back now."
    )
    texts = [
        Sms(to, body, f"{call_sid}:hazard:{hazard}:{n}") for n, to in enumerate(_on_call(business))
    ]
    told = send(ports, business, texts, real_now)
    if "sent" in told:
        ports.metrics.count("EmergencyHandled", business=business.id)
    try:
        ports.calls.note(call_sid, hazard=hazard)
    except (PortError, LookupError):
        logger.warning("hazard not noted", extra={"call_sid": call_sid})
    return "sent" in told


def voicemail_alert(
    ports: Ports,
    business: Business,
    call_sid: str,
    caller: str | None,
    *,
    recording_url: str | None,
    real_now: datetime,
) -> bool:
    """Nobody answered: the business learns that a caller left a recording, or did not.

    Each of the two is told once a call, however often it is reported. True when all were sent.
    """
    what = f"left a voicemail: {recording_url}" if recording_url else "reached nobody"
    body = f"{business.name}: a caller ({_who(caller)}) {what}. Please call back."
    numbers = dict.fromkeys((business.office, *_on_call(business)))
    key = f"{call_sid}:{'voicemail' if recording_url else 'nobody'}"
    texts = [Sms(to, body, f"{key}:{n}") for n, to in enumerate(numbers)]
    return set(send_once(ports, business, texts, real_now, key=key)) == {"sent"}


def message_text(
    ports: Ports,
    business: Business,
    call_sid: str,
    *,
    name: str,
    phone: str,
    message: str,
    real_now: datetime,
    number: int = 1,
) -> bool:
    """A message for the office, taken in a call; `number` tells two of one call apart."""
    # Read by whoever trusts the business's own number: no link in it is a caller's.
    name, message = without_links(name), without_links(message)
    body = f"{business.name}: message from {name} ({_who(phone)}): {message}"
    text = Sms(business.office, body, f"{call_sid}:message:{number}")
    return send(ports, business, [text], real_now) == ["sent"]


def texted(business: Business, sender: str | None, words: str, message_sid: str) -> Sms:
    """For the office: what somebody texted to the number. `words` are fit to be shown."""
    body = f"{business.name}: text from {_who(sender)}: {words}"
    return Sms(business.office, body, f"sms:{message_sid}")


def answer_to_text(business: Business) -> str:
    """For who texted: what becomes of it, and what to do."""
    return (
        f"{business.name}: the office has your message. If it is urgent, or to change or cancel a "
        f"visit, please call {_who(business.numbers[0])}. In danger call 911."
    )


def before_the_office(business: Business, job: Job, now: datetime) -> bool:
    """True when nobody in the office would see this job in time: on-call has to know of it."""
    try:
        opens = next_opening(business, now)
    except LookupError:
        return True
    someone_there = not is_after_hours(business, now) and not job.after_hours
    return job.window.start < opens and not someone_there


def _on_call(business: Business) -> tuple[str, ...]:
    return business.on_call or (business.office,)


def _who(caller: str | None) -> str:
    return read_back_phone(caller).replace(", ", "-") if caller else "number withheld"


def _confirmation(business: Business, job: Job, pay_link: str | None) -> str:
    lines = [
        f"{business.name}: you're booked for {wording.written(business, job.window)}"
        f" at {without_links(job.address.normalised)}."
    ]
    return " ".join([*lines, *_owed(job, pay_link)])


def _moved(business: Business, was: Job, job: Job, pay_link: str | None) -> str:
    new, place = wording.written(business, job.window), without_links(job.address.normalised)
    if was.window == job.window:
        said = f"{business.name}: your visit is changed: {new} at {place}."
    else:
        old = wording.written(business, was.window)
        said = f"{business.name}: your visit is moved from {old} to {new}, at {place}."
    paid = ["Your deposit stays."] if job.deposit_paid else []
    return " ".join([said, *paid, *_owed(job, pay_link)])


def _owed(job: Job, pay_link: str | None) -> list[str]:
    if not job.deposit or job.deposit_paid:
        return []
    return [f"Deposit {spoken(job.deposit)}: {pay_link or 'the payment link will follow.'}"]


def _news(business: Business, was: Job | None, job: Job) -> str:
    """How the crew's text begins where it takes the place of an earlier one."""
    if was is None:
        return ""
    if was.window == job.window:
        return "CHANGED, this replaces what was texted before: "
    old = wording.written(business, was.window)
    return f"MOVED, {old} is off and this replaces what was texted before: "


def _for_crew(business: Business, job: Job, was: Job | None = None) -> str:
    what = without_links(job.description[:300]).rstrip(". ")
    # Spoken notes are often in the description too; a text is short.
    said = [without_links(note).rstrip(". ") for note in job.notes]
    notes = [note for note in said if note not in what]
    also = f" Notes: {'; '.join(notes)}." if notes else ""
    urgent = "EMERGENCY " if job.is_emergency else ""
    # The caller was told that the office will be in touch.
    call = "" if reachable(business, job.phone.normalised) else " We do not text them: please call."
    return (
        f"{business.name}: {_news(business, was, job)}{urgent}job {job.job_id}, "
        f"{wording.written(business, job.window)}. "
        f"{without_links(job.customer_name)}, {_who(job.phone.normalised)}, "
        f"{without_links(job.address.normalised)}. "
        f"{job.service_type}: {what}.{also} "
        f"Visit {spoken(job.visit_fee)}, estimate {spoken(job.estimate)}.{call}"
    )
