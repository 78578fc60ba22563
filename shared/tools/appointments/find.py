"""find_appointment: who asks about a visit is told of it once they are who booked it.

They are, where they call from its number, nobody says that the number is forged, and the name or
the address they say is the visit's; else by a code that is texted to its number. Whether there is
a visit under a number, nobody else learns: what is said is the same.
"""

from datetime import datetime

from shared.actions.texts import wording
from shared.domain import left_to_people
from shared.domain.call_time import CallTime
from shared.domain.errors import BadContact, NothingToChange, NotTheCaller
from shared.domain.models import Job, JobStatus
from shared.domain.money import dollars
from shared.domain.spoken import contact
from shared.domain.spoken.addresses.address import parse
from shared.tools import facts, figures
from shared.tools.appointments import codes
from shared.tools.appointments.arguments import FindAppointment
from shared.tools.availability import window_json
from shared.tools.booking import visits
from shared.tools.context import ToolContext, ToolReply

NOT_FOUND = (
    "No visit is found by that. Ask under which number it was booked and call this again with it: "
    "a code is texted to that number. Do not say whether there is a visit."
)
CODE_SENT = (
    "If a visit is booked under that number, a six-digit code was just texted to it. Ask them to "
    "read it out or key it, and call this again with it. Do not say whether there is a visit."
)
WRONG_CODE = "That is not the code. Let them read it once more, and call this again."
NO_MORE = "No code is taken any more in this call. Take a message for the office instead."
NO_NUMBER = "Ask under which number it was booked."


def find_appointment(context: ToolContext, asked: FindAppointment, at: CallTime) -> ToolReply:
    """The visits to come that this caller booked.

    Keys of the reply: `appointments`, a list of `job_id`, `service_type`, `window` (see
    `window_json`), `scheduled_time`, `deposit_paid`, `deposit_amount` and `say`; or `code_sent` and
    `message`.

    Raises:
        NotTheCaller: it is not known that they are who booked one, or the code is wrong.
        BadContact: the number cannot be one.
    """
    if asked.code is not None and context.memory.code is not None:
        return _told(context, _by_code(context, asked.code, at), at)
    own = _of_this_call(context)
    number = _number(context, asked)
    if number is None:
        if own:
            return _told(context, own, at)
        raise NotTheCaller(NO_NUMBER)
    jobs = to_come(context, number, at.now)
    if number == context.caller and context.vouched:
        theirs = [job for job in jobs if _is_theirs(context, job, asked)]
        if found := _both(own, theirs):
            return _told(context, found, at)
        raise NotTheCaller(NOT_FOUND)
    return _code_sent(context, number, at, known=bool(jobs))


def to_come(context: ToolContext, phone: str, now: datetime) -> list[Job]:
    """The visits that stand under a number and are not over, the next first."""
    jobs = context.ports.jobs.of_phone(context.business.id, phone)
    standing = [job for job in jobs if job.status is JobStatus.SCHEDULED and job.window.end > now]
    return sorted(standing, key=lambda job: job.window.start)


def known(context: ToolContext, job_id: str) -> Job:
    """The job, where it was found in this call or booked in it.

    Raises:
        NotTheCaller: it was not.
    """
    job = context.ports.jobs.get(job_id) if job_id in context.memory.found else None
    if job is None:
        job = next((one for one in _of_this_call(context) if one.job_id == job_id), None)
    if job is None or job.business_id != context.business.id:
        raise NotTheCaller("Call find_appointment first, and use the job_id it returns.")
    return job


def changeable(context: ToolContext, job_id: str, now: datetime) -> Job:
    """A known job that can still be moved or called off.

    Raises:
        NotTheCaller: as `known`.
        NothingToChange: it stands no more, or is left to people.
    """
    job = known(context, job_id)
    if job.status is not JobStatus.SCHEDULED:
        raise NothingToChange(f"That visit is {job.status.value} already.")
    if (why := left_to_people.why(job, now)) is not None:
        raise NothingToChange(f"{why} Only a person changes that visit. Offer one.")
    return job


def _number(context: ToolContext, asked: FindAppointment) -> str | None:
    if asked.phone is None:
        return context.caller
    return contact.phone(asked.phone, context.caller).normalised


def _of_this_call(context: ToolContext) -> list[Job]:
    jobs = visits.of_call(context.ports.jobs, context.call_sid)
    return [job for job in jobs if job.status is JobStatus.SCHEDULED]


def _both(own: list[Job], theirs: list[Job]) -> list[Job]:
    return list({job.job_id: job for job in (*own, *theirs)}.values())


def _is_theirs(context: ToolContext, job: Job, asked: FindAppointment) -> bool:
    """The name or the address they say is the visit's; one that is another's tells against it."""
    said = [
        _same_name(asked.name, job.customer_name) if asked.name else None,
        _same_place(asked.address, job.address.normalised) if asked.address else None,
    ]
    return any(said) and not (said[0] is False and not said[1])


def _same_name(said: str, known: str) -> bool:
    """All of the shorter one is in the other: "Denton", "Paul Denton", "Mr. Denton"."""
    one, other = (_words(name) for name in (said, known))
    return bool(one and other) and (one <= other or other <= one or _last(known) in one)


def _words(name: str) -> set[str]:
    bare = (word.strip(".,'\"").casefold() for word in name.split())
    return {word for word in bare if word and word not in _TITLES}


_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "this", "is", "it's", "its"})


def _last(name: str) -> str:
    return name.split()[-1].strip(".,'\"").casefold() if name.split() else ""


def _same_place(said: str, known: str) -> bool:
    try:
        return visits.same_place(parse(said).normalised, known)
    except BadContact:
        return False


def _by_code(context: ToolContext, said: str, at: CallTime) -> list[Job]:
    pending = context.memory.code
    assert pending is not None
    if codes.is_right(pending, said, at.real):
        context.memory.code = None
        return to_come(context, pending.phone, at.now)
    raise NotTheCaller(NO_MORE if pending.tries >= codes.TRIES else WRONG_CODE)


def _code_sent(context: ToolContext, phone: str, at: CallTime, *, known: bool) -> ToolReply:
    """The same words whether or not there is a visit; a second code does not make three more
    tries."""
    tries = context.memory.code.tries if context.memory.code is not None else 0
    if tries >= codes.TRIES or not context.business.sends_texts:
        raise NotTheCaller(NO_MORE)
    pending = codes.send(
        context.ports, context.business, phone, context.new_code(), known=known, real_now=at.real
    )
    pending.tries = tries
    context.memory.code = pending
    return ToolReply({"code_sent": True, "message": CODE_SENT})


def _told(context: ToolContext, jobs: list[Job], at: CallTime) -> ToolReply:
    if not jobs:
        raise NotTheCaller(NOT_FOUND)
    context.memory.found.update(job.job_id for job in jobs)
    context.memory.last_job = jobs[0].job_id
    context.note(bookable=False)
    output: dict[str, object] = {"appointments": [_json(context, job, at.now) for job in jobs]}
    return ToolReply(
        output,
        tuple(figure for job in jobs for figure in figures.of_job(job)),
        tuple(fact for job in jobs for fact in facts.of_found(context.business, job)),
    )


def _json(context: ToolContext, job: Job, now: datetime) -> dict[str, object]:
    window = window_json(context.business, job.window)
    when = wording.when(context.business, job.window, now)
    return {
        "job_id": job.job_id,
        "service_type": job.service_type,
        "scheduled_time": window["datetime"],
        "window": window,
        "deposit_paid": job.deposit_paid,
        "deposit_amount": dollars(job.deposit),
        "say": f"I have your {job.service_type} visit {when}.",
    }
