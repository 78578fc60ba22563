"""What is texted about a booking: to the caller, to the office, and to whoever is on call.

Each text has a key by which it is kept and struck off (see `outbox`). A job that was moved is of
another version, and so are its texts: what was texted of the old window is no longer the job's.
"""

from datetime import datetime

from shared.actions.texts import wording
from shared.actions.texts.outbox import Sms, reachable
from shared.domain.business import Business
from shared.domain.calendar.scheduling import is_after_hours, next_opening
from shared.domain.models import Job
from shared.domain.money import spoken
from shared.domain.spoken.plain_words import without_links


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


def for_caller(business: Business, job: Job, visit_link: str, *, payable: bool) -> list[Sms]:
    """The confirmation, which leads to the page of the visit; none where they are not told at all.

    `payable`: the deposit can be paid there now.
    """
    body = _confirmation(business, job, visit_link, payable)
    return [_to_caller(job, body)] if is_told(business, job) else []


def moved_for_caller(
    business: Business, was: Job, job: Job, visit_link: str, *, payable: bool
) -> list[Sms]:
    """The visit as it now is, for the caller, where they are told at all."""
    body = _moved(business, was, job, visit_link, payable)
    return [_to_caller(job, body)] if is_told(business, job) else []


def is_told(business: Business, job: Job) -> bool:
    """Whether what is texted to the caller reaches them: by text, else by mail."""
    return reachable(business, job.phone.normalised) or (
        business.sends_texts and job.email is not None
    )


def _to_caller(job: Job, body: str) -> Sms:
    return Sms(job.phone.normalised, body, key(job, "caller"), job.job_id)


def for_crew(business: Business, job: Job, now: datetime) -> list[Sms]:
    """The job, for the office, and for on-call when its window comes before the office."""
    body = _for_crew(business, job)
    texts = [Sms(business.office, body, key(job, "office"), job.job_id)]
    if on_call_apart(business) and before_the_office(business, job, now):
        texts.append(Sms(business.on_call[0], body, key(job, "on_call"), job.job_id))
    return texts


def moved_for_crew(
    business: Business, was: Job, job: Job, now: datetime, *, unheard: bool
) -> list[Sms]:
    """The job as it now is, for the office, and for on-call when the old or the new window comes
    before the office, or an earlier text about it was `unheard`."""
    body = _for_crew(business, job, was)
    texts = [Sms(business.office, body, key(job, "office"), job.job_id)]
    theirs = unheard or any(before_the_office(business, each, now) for each in (was, job))
    if on_call_apart(business) and theirs:
        texts.append(Sms(business.on_call[0], body, key(job, "on_call"), job.job_id))
    return texts


def on_call_apart(business: Business) -> bool:
    """Whether somebody is on call who does not read what the office gets."""
    return bool(business.on_call) and (business.sends_texts or business.on_call_email is not None)


def before_the_office(business: Business, job: Job, now: datetime) -> bool:
    """True when nobody in the office would see this job in time: on-call has to know of it."""
    try:
        opens = next_opening(business, now)
    except LookupError:
        return True
    someone_there = not is_after_hours(business, now) and not job.after_hours
    return job.window.start < opens and not someone_there


def _confirmation(business: Business, job: Job, visit_link: str, payable: bool) -> str:
    lines = [
        f"{business.name}: you're booked for {wording.written(business, job.window)}"
        f" at {without_links(job.address.normalised)}."
    ]
    if job.to_be_confirmed:
        lines.append(f"{wording.capital(wording.TIME_CONFIRMED)}.")
    return " ".join([*lines, *_owed(job, visit_link, payable)])


def _moved(business: Business, was: Job, job: Job, visit_link: str, payable: bool) -> str:
    new, place = wording.written(business, job.window), without_links(job.address.normalised)
    if was.window == job.window:
        said = f"{business.name}: your visit is changed: {new} at {place}."
    else:
        old = wording.written(business, was.window)
        said = f"{business.name}: your visit is moved from {old} to {new}, at {place}."
    sure = [f"{wording.capital(wording.TIME_CONFIRMED)}."] if job.to_be_confirmed else []
    paid = ["Your deposit stays."] if job.deposit_paid else []
    return " ".join([said, *sure, *paid, *_owed(job, visit_link, payable)])


def _owed(job: Job, visit_link: str, payable: bool) -> list[str]:
    if not job.deposit or job.deposit_paid:
        covered = job.covered is not None
        confirms = [f"{wording.capital(wording.OFFICE_CONFIRMS)}."] if covered else []
        return [*confirms, f"Your visit: {visit_link}"]
    there = visit_link if payable else "the payment link will follow."
    return [f"Deposit {spoken(job.deposit)}: {there}"]


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
    if not business.sends_texts and job.deposit and not job.deposit_paid:
        call = f" No link was sent: please call for the deposit of {spoken(job.deposit)}."
    sure = "TO BE CONFIRMED, the crew's calendar cannot be read: " if job.to_be_confirmed else ""
    return (
        f"{business.name}: {_news(business, was, job)}{sure}{urgent}job {job.job_id}, "
        f"{wording.written(business, job.window)}. "
        f"{without_links(job.customer_name)}, {wording.number(job.phone.normalised)}, "
        f"{without_links(job.address.normalised)}. "
        f"{job.service_type}: {what}.{also} "
        f"{_price(job)}{call}"
    )


def _price(job: Job) -> str:
    if job.covered is not None:
        return f"NOTHING WAS QUOTED, the caller says: {job.covered.value}. Please confirm the cost."
    return f"Visit {spoken(job.visit_fee)}, estimate {spoken(job.estimate)}."
