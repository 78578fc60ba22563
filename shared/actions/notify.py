"""What is texted to the caller, to the office, and to whoever is on call."""

import logging
from datetime import datetime

from shared.actions import wording
from shared.actions.outbox import Sms, reachable, send
from shared.actions.ports import Ports
from shared.domain.business import Business
from shared.domain.contact import read_back_phone
from shared.domain.errors import PortError
from shared.domain.models import HazardCategory, Job, Payment
from shared.domain.money import spoken
from shared.domain.money_back import Dispute, Refund
from shared.domain.scheduling import is_after_hours, next_opening

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


def for_caller(business: Business, job: Job, pay_link: str | None) -> list[Sms]:
    """The confirmation; none to a number we do not text."""
    to = job.phone.normalised
    body = _confirmation(business, job, pay_link)
    return [Sms(to, body, f"{job.job_id}:caller", job.job_id)] if reachable(business, to) else []


def for_crew(business: Business, job: Job, now: datetime) -> list[Sms]:
    """The job, for the office, and for on-call when its window comes before the office."""
    body = _for_crew(business, job)
    texts = [Sms(business.office, body, f"{job.job_id}:office", job.job_id)]
    if business.on_call and before_the_office(business, job, now):
        texts.append(Sms(business.on_call[0], body, f"{job.job_id}:on_call", job.job_id))
    return texts


def deposit_text(
    ports: Ports, business: Business, job: Job, *, pay_link: str, real_now: datetime
) -> bool:
    """The pay link that had to follow."""
    return send(ports, business, [link_text(business, job, pay_link)], real_now) == ["sent"]


def link_text(business: Business, job: Job, pay_link: str) -> Sms:
    body = f"{business.name}: your deposit of {spoken(job.deposit)} can be paid here: {pay_link}"
    return Sms(job.phone.normalised, body, f"{job.job_id}:link", job.job_id)


def reminder(business: Business, job: Job, pay_link: str, held_until: datetime | None) -> Sms:
    """Of a deposit that is still unpaid; `held_until` where the window is given back then."""
    body = (
        f"{business.name}: a reminder: the deposit of {spoken(job.deposit)} for your visit on "
        f"{wording.written(business, job.window)} is still open. Pay here: {pay_link}"
    )
    if held_until is not None:
        body += f" We hold your window until {wording.display(business.local(held_until))}."
    return Sms(job.phone.normalised, body, f"{job.job_id}:reminder", job.job_id)


def released(business: Business, job: Job) -> list[Sms]:
    """What the customer and the office hear when an unpaid window is given back."""
    when = wording.written(business, job.window)
    to_office = (
        f"{business.name}: job {job.job_id}, {when}, was released: its deposit of "
        f"{spoken(job.deposit)} was not paid. {job.customer_name}, {_who(job.phone.normalised)}."
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
    """Nobody answered: the business learns that a caller left a recording, or did not."""
    what = f"left a voicemail: {recording_url}" if recording_url else "reached nobody"
    body = f"{business.name}: a caller ({_who(caller)}) {what}. Please call back."
    numbers = dict.fromkeys((business.office, *_on_call(business)))
    texts = [Sms(to, body, f"{call_sid}:voicemail:{n}") for n, to in enumerate(numbers)]
    return set(send(ports, business, texts, real_now)) == {"sent"}


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
        f" at {job.address.normalised}."
    ]
    if job.deposit and not job.deposit_paid:
        owed = f"Deposit {spoken(job.deposit)}"
        lines.append(f"{owed}: {pay_link or 'the payment link will follow.'}")
    return " ".join(lines)


def _for_crew(business: Business, job: Job) -> str:
    what = job.description[:300].rstrip(". ")
    # Spoken notes are often in the description too; a text is short.
    notes = [note for said in job.notes if (note := said.rstrip(". ")) not in what]
    also = f" Notes: {'; '.join(notes)}." if notes else ""
    urgent = "EMERGENCY " if job.is_emergency else ""
    # The caller was told that the office will be in touch.
    call = "" if reachable(business, job.phone.normalised) else " We do not text them: please call."
    return (
        f"{business.name}: {urgent}job {job.job_id}, {wording.written(business, job.window)}. "
        f"{job.customer_name}, {_who(job.phone.normalised)}, {job.address.normalised}. "
        f"{job.service_type}: {what}.{also} "
        f"Visit {spoken(job.visit_fee)}, estimate {spoken(job.estimate)}.{call}"
    )
