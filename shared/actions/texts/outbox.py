"""Texts on their way: kept before they are sent, struck off once the network took them.

So neither a refusal nor a crash in between loses one. Twilio knows no idempotency key: a text
whose acceptance we never heard of may come twice, it is never lost.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumberType

from shared.actions.ports import Ports
from shared.actions.texts import wording
from shared.domain.business import Business
from shared.domain.errors import MailFailed, PortError, TextFailed
from shared.domain.models import FollowUp, FollowUpKind

logger = logging.getLogger(__name__)

FIRST_RETRY = timedelta(minutes=5)
SILENT = 0  # the network did not answer
UNREAD = 1  # whether the number wants texts could not be read
# Twilio's codes for a number that said STOP, or blocks us: trying again would be wrong.
OPTED_OUT = frozenset({21610, 30004})
# ... and for one that cannot be texted, now or ever: 21211 no such number, 21214 not reachable,
# 21408 abroad, 21612 no route, 21614 and 21635 a landline, 30005 an unknown handset, 30006 a
# landline or a carrier without texts. Any other code may be over by the next try: 30003 (the phone
# is off), 30001 and 21611 (a full queue), 30007 (a filter), 30034 (we are not registered yet).
HOPELESS = OPTED_OUT | {21211, 21214, 21408, 21612, 21614, 21635, 30005, 30006}
ABROAD = 21408  # Twilio's; ours, too, of a number we do not text
SAID_STOP = 21610  # ... Twilio's; ours, too, of a number that has told us so
LONGEST = 1000  # characters; Twilio takes 1,600
UNREGISTERED = 30034  # Twilio's, of a number that may not text yet

# failed: it is tried again. opted_out and refused: it never will be, and the office is told.
# mailed: the number takes no texts of ours, and the address that was given for the job got it.
# off: the business sends no texts.
Sent = Literal["sent", "failed", "opted_out", "refused", "mailed", "skipped", "off"]


@dataclass(frozen=True, slots=True)
class Sms:
    """One text. `key` names it: the same key is the same text, kept once."""

    to: str
    body: str
    key: str
    job_id: str | None = None


def send(ports: Ports, business: Business, texts: Sequence[Sms], real_now: datetime) -> list[Sent]:
    """Keep each, then hand each over; what became of them, in order."""
    keep(ports, business, texts, real_now)
    return deliver(ports, business, texts, real_now)


def send_once(
    ports: Ports, business: Business, texts: Sequence[Sms], real_now: datetime, *, key: str
) -> list[Sent]:
    """As `send`; nothing where texts were sent for this `key` before.

    Key and texts are kept in one write: whoever reports the same again sends nothing, and what
    was kept is sent by a retry should this process die before it has done so.
    """
    try:
        follow_ups = [as_follow_up(business, text, real_now) for text in texts]
        if not ports.follow_ups.leave_once(key, follow_ups, at=real_now):
            return []
    except PortError:
        # Whether it was sent before is not known: twice is better than never.
        logger.error("texts not kept", extra={"key": key})
    return deliver(ports, business, texts, real_now)


def keep(ports: Ports, business: Business, texts: Sequence[Sms], real_now: datetime) -> None:
    """From here on, the texts are sent, by `deliver` or by a retry."""
    for text in texts:
        try:
            ports.follow_ups.leave(as_follow_up(business, text, real_now))
        except PortError:
            logger.error("text not kept", extra={"follow_up_id": _id(text)})


def as_follow_up(
    business: Business, text: Sms, real_now: datetime, *, due_in: timedelta = FIRST_RETRY
) -> FollowUp:
    """The text as a follow-up, due when it should long have been sent."""
    return FollowUp(
        follow_up_id=_id(text),
        kind=FollowUpKind.TEXT,
        business_id=business.id,
        job_id=text.job_id,
        to=text.to,
        body=text.body[:LONGEST],
        error="not taken yet",
        created_at=real_now,
        due_at=real_now + due_in,
    )


def deliver(
    ports: Ports, business: Business, texts: Sequence[Sms], real_now: datetime
) -> list[Sent]:
    """Hand over texts that were kept. Once the network is silent, the rest is left to a retry:
    the caller on the phone does not wait for its timeout again and again."""
    results: list[Sent] = []
    notices: list[Sms] = []
    silent = False
    for text in texts:
        code = SILENT if silent else hand_over(ports, business, text)
        silent = silent or code == SILENT
        results.append(_settled(ports, business, text, code, real_now))
        if results[-1] in ("opted_out", "refused") and is_customer(business, text.to):
            notices.append(_to_the_office(ports, business, text, code, real_now))
    for notice in notices:
        code = SILENT if silent else hand_over(ports, business, notice)
        _settled(ports, business, notice, code, real_now)
    return results


def is_customer(business: Business, number: str | None) -> bool:
    return number not in (None, business.office, *business.on_call)


def reachable(business: Business, to: str) -> bool:
    """Only numbers of the business's own country: texts abroad are what fraud is made of. None
    where its texts are off.

    Premium numbers are nobody's. Most of +1 is the United States, but Canada, Jamaica and some
    twenty more are not. Puerto Rico, Guam and the other US territories are: people move there and
    back with their numbers. Where Twilio does not text them, it says so, and the caller is told.
    """
    home = _country(business.numbers[0])
    return business.sends_texts and home is not None and _country(to) == home


TERRITORIES = frozenset({"AS", "GU", "MP", "PR", "VI"})
PREMIUM_AREAS = frozenset({"900", "976"})


def _country(number: str) -> str | None:
    """The country as its two letters; None for what is no number, or costs extra to text."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    national = str(parsed.national_number)
    if parsed.country_code == 1:
        if len(national) != 10 or national[:3] in PREMIUM_AREAS:
            return None
        # In +1 the area code alone tells the country; whether the rest is in use does not matter.
        parsed = phonenumbers.parse(f"+1{national[:3]}2345678")
    if phonenumbers.number_type(parsed) == PhoneNumberType.PREMIUM_RATE:
        return None
    region = phonenumbers.region_code_for_number(parsed)
    # An area code that is not given out, as 555, is of the main country.
    region = region or phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    return "US" if region in TERRITORIES else region


def still_waiting(ports: Ports, key: str) -> bool:
    """Whether the text of this key is still to be sent."""
    return ports.follow_ups.waiting(f"text:{key}")


def hand_over(ports: Ports, business: Business, text: Sms) -> int | None:
    """None when the network took it, else its error number. Staff of a business whose texts are
    off get it as a mail; a customer's waits, and is told to the office when it is given up.

    The one place from which texts go: no customer is texted who wants none, nor while that cannot
    be read. What goes to the office has the way to its page."""
    if link := ports.office_link(business.id) if text.to == business.office else None:
        text = replace(text, body=f"{text.body[: LONGEST - len(link) - 1]} {link}")
    if not business.sends_texts:
        return _mailed(ports, business, text)
    if is_customer(business, text.to):
        if not reachable(business, text.to):
            return ABROAD
        try:
            if ports.texting.opted_out(business.id, text.to) is not None:
                return SAID_STOP
        except PortError:
            logger.error("opt-out not read", extra={"follow_up_id": _id(text)})
            return UNREAD
    try:
        ports.texts.send(text.to, text.body[:LONGEST], sender=business.numbers[0])
    except TextFailed as exc:
        return exc.code
    return None


def _mailed(ports: Ports, business: Business, text: Sms) -> int | None:
    address = business.mail_of(text.to)
    if address is None:
        return UNREGISTERED
    subject = text.body.partition(". ")[0]
    try:
        ports.mail.send(address, subject, text.body[:LONGEST])
    except MailFailed as exc:
        logger.error("mail not sent", extra={"follow_up_id": _id(text), "error": str(exc)})
        return SILENT
    return None


def _settled(
    ports: Ports, business: Business, text: Sms, code: int | None, real_now: datetime
) -> Sent:
    count_sent(ports, business, code)
    if code is None:
        struck_off(ports, _id(text))
        return "sent"
    if code in HOPELESS:
        if by_mail(ports, business, text):
            struck_off(ports, _id(text))
            return "mailed"
        _hopeless(ports, business, text)
        return "opted_out" if code in OPTED_OUT else "refused"
    failed(ports, _id(text), f"twilio {code}", real_now)
    return "failed"


def by_mail(ports: Ports, business: Business, text: Sms) -> bool:
    """Whether a customer's text went to the address that was given for its job instead."""
    if text.job_id is None or not is_customer(business, text.to):
        return False
    try:
        job = ports.jobs.get(text.job_id)
        if job is None or job.email is None or job.phone.normalised != text.to:
            return False
        ports.mail.send(job.email, f"{business.name}: your visit", text.body[:LONGEST])
    except PortError as exc:  # a mail that failed is one
        logger.error("mail not sent", extra={"follow_up_id": _id(text), "error": str(exc)})
        return False
    return True


def count_sent(ports: Ports, business: Business, code: int | None) -> None:
    """Count a text that was handed over, or was not; a mail is none."""
    if business.sends_texts:
        metric = "SmsSent" if code is None else "SmsFailed"
        ports.metrics.count(metric, business=business.id)


def _hopeless(ports: Ports, business: Business, text: Sms) -> None:
    """Never tried again. A customer's text makes way for a notice to the office."""
    if not is_customer(business, text.to):
        logger.error("staff cannot be texted", extra={"follow_up_id": _id(text)})
        ports.metrics.count("FollowUpsGivenUp", business=business.id)
        struck_off(ports, _id(text))


def _to_the_office(
    ports: Ports, business: Business, text: Sms, code: int | None, real_now: datetime
) -> Sms:
    """What was said to the caller made true: the office learns that they have to be called."""
    refused = as_follow_up(business, text, real_now).model_copy(update={"error": f"twilio {code}"})
    notice = not_reached(business, refused)
    kept = as_follow_up(business, notice, real_now)
    try:
        if not ports.follow_ups.replace(_id(text), kept):
            ports.follow_ups.leave(kept)
    except PortError:
        logger.warning("follow-up unchanged", extra={"follow_up_id": _id(text)})
    return notice


def not_reached(business: Business, follow_up: FollowUp) -> Sms:
    """For the office: a customer who cannot be texted has to be called."""
    about = f" about job {follow_up.job_id}" if follow_up.job_id else ""
    who = wording.number(follow_up.to)
    body = f"{business.name}: we could not text {who}{about} ({follow_up.error}). Please call them."
    return Sms(business.office, body, f"given_up:{follow_up.follow_up_id}", follow_up.job_id)


def struck_off(ports: Ports, follow_up_id: str) -> None:
    """It is done; where that cannot be kept, it is done once more."""
    try:
        ports.follow_ups.done(follow_up_id)
    except PortError:
        logger.warning("follow-up unchanged", extra={"follow_up_id": follow_up_id})


def failed(ports: Ports, follow_up_id: str, error: str, real_now: datetime) -> None:
    """It was tried and is left to a retry."""
    try:
        ports.follow_ups.put_off(follow_up_id, until=real_now + FIRST_RETRY, error=error[:200])
    except PortError:
        logger.warning("follow-up unchanged", extra={"follow_up_id": follow_up_id})


def _id(text: Sms) -> str:
    return f"text:{text.key}"
