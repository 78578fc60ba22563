"""The office's commands: a day's visits by crew, one visit, a crew that takes none for a while."""

import argparse
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from services.operator.told import board
from services.operator.told.fit import clean
from services.operator.where.office import Office
from services.operator.where.trouble import CannotTell
from shared.domain.business import Business
from shared.domain.call_time import CallTime
from shared.domain.errors import PortError
from shared.domain.models import Job
from shared.domain.money import Cents, as_cents
from shared.office import blocks as blocking
from shared.office import visits
from shared.office.cannot import CannotDo
from shared.office.crew_days import bounds

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FURTHEST = timedelta(days=400)


def jobs(asked: argparse.Namespace, office: Office, at: CallTime) -> Iterator[str]:
    """A day's visits of each business, by crew. Raises CannotTell."""
    for n, business in enumerate(_businesses(office, asked.business)):
        day = _day(business, asked.day, at.now)
        first, last = bounds(business, day)
        held = {crew: office.blocks.held(business.id, crew, first, last) for crew in business.crews}
        found = office.ports.jobs.of_business(business.id, day.isoformat())
        yield from [""] if n else []
        yield from board.board(business, day, found, held, asked.unmasked, every=asked.all)


def job(asked: argparse.Namespace, office: Office, at: CallTime) -> Iterator[str]:
    """One visit: shown, noted on, moved, called off, its books closed. Raises CannotTell."""
    found = office.ports.jobs.get(asked.job)
    if found is None:
        raise CannotTell(f"there is no job {clean(asked.job)}")
    business = office.businesses.get(found.business_id)
    if asked.act == "show":
        payments = office.ports.payments.of_job(found.job_id)
        yield from board.whole(business, found, payments, asked.unmasked)
        return
    yield board.line(business, found, asked.unmasked)
    yield from _act(asked, office, business, found, at)
    yield from _unless_applied(asked)


def _act(
    asked: argparse.Namespace, office: Office, business: Business | None, job: Job, at: CallTime
) -> Iterator[str]:
    match asked.act:
        case "note":
            text = clean(" ".join(asked.text)).strip()
            return visits.note(office.ports, job, text, apply=asked.apply)
        case "complete":
            return visits.complete(office.ports, job, asked.amount, at, apply=asked.apply)
    if business is None:
        raise CannotTell(f"its business, {clean(job.business_id)}, has no file here")
    if asked.act == "cancel":
        return visits.cancel(office.ports, business, job, at, apply=asked.apply)
    return visits.move(
        office.ports,
        business,
        job,
        asked.to,
        asked.crew,
        at,
        public_url=office.public_url(),
        apply=asked.apply,
    )


def block(asked: argparse.Namespace, office: Office, at: CallTime) -> Iterator[str]:
    """A crew takes no job from one time to another. Raises CannotTell."""
    business = _of_crew(office, asked.crew, asked.business)
    span = blocking.blocking(business, asked.crew, asked.since, asked.until, at.now)
    reason = clean(" ".join(asked.reason)).strip()
    if asked.undo:
        if reason:
            raise CannotTell("--undo takes no reason")
        yield from blocking.unblock(office.blocks, span, apply=asked.apply)
        yield from _unless_applied(asked)
        return
    if not reason or len(reason) > blocking.MOST_REASON:
        raise CannotTell(f"say why, in 1 to {blocking.MOST_REASON} characters: vacation")

    def named(job_id: str) -> str:
        found = office.ports.jobs.get(job_id)
        return board.line(business, found, asked.unmasked) if found else f"job {clean(job_id)}"

    yield from blocking.block(office.blocks, span, reason, named, apply=asked.apply)
    yield from _unless_applied(asked)


def _unless_applied(asked: argparse.Namespace) -> Iterator[str]:
    if not asked.apply:
        yield "nothing was changed: APPLY=1 (--apply) does it"


def run(asked: argparse.Namespace, office: Office, real_now: datetime) -> Iterator[str]:
    """The lines of whichever command was asked. Raises CannotTell."""
    try:
        yield from asked.command(asked, office, office.at(real_now))
    except (CannotDo, PortError) as exc:
        raise CannotTell(str(exc)) from exc


def _businesses(office: Office, wanted: str | None) -> list[Business]:
    if wanted is None:
        return list(office.businesses.values())
    if wanted not in office.businesses:
        known = ", ".join(office.businesses)
        raise CannotTell(f"there is no business {wanted!r}; there is {known}")
    return [office.businesses[wanted]]


def _of_crew(office: Office, crew: str, wanted: str | None) -> Business:
    """Whose crew it is: where several have one of that name, which is meant must be said."""
    among = _businesses(office, wanted)
    found = [business for business in among if crew in business.crews]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(business.id for business in found)
        raise CannotTell(f"several have a crew {crew}: say which by --business, one of {ids}")
    known = "; ".join(f"{each.id}: {', '.join(each.crews)}" for each in among)
    raise CannotTell(f"there is no crew {crew!r}; there is {known}")


def _day(business: Business, asked: str | None, now: datetime) -> date:
    today = business.local(now).date()
    if asked is None or asked == "today":
        return today
    if asked == "tomorrow":
        return today + timedelta(days=1)
    try:
        day = date.fromisoformat(asked) if _DAY.fullmatch(asked) else None
    except ValueError:
        day = None
    if day is None or abs(day - today) > FURTHEST:
        raise CannotTell(f"a day like {today}, today or tomorrow is wanted: {asked}")
    return day


# -- how they are asked ---------------------------------------------------------------------------


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The office's commands, for the command line."""
    shows = commands.add_parser("jobs", help="a day's visits by crew")
    shows.set_defaults(command=jobs)
    shows.add_argument("--day", metavar="DAY", help="2025-08-29, today or tomorrow [today]")
    shows.add_argument("--business", metavar="ID", help="only this one's")
    shows.add_argument("--all", action="store_true", help="also what was canceled or released")
    one = commands.add_parser("job", help="show, note on, move, cancel or complete one visit")
    acts = one.add_subparsers(required=True, dest="act", metavar="ACT")
    show = acts.add_parser("show", help="all that is known of it")
    note = acts.add_parser("note", help="add a note for the technician")
    move = acts.add_parser("move", help="put it at another window")
    cancel = acts.add_parser("cancel", help="call it off, and give its hours back")
    done = acts.add_parser("complete", help="close its books")
    for act in (show, note, move, cancel, done):
        act.set_defaults(command=job)
        act.add_argument("job", metavar="JOB", help="the job's id, as `jobs` shows it")
    note.add_argument("text", nargs="+", metavar="TEXT", help="the note")
    move.add_argument("to", metavar="TO", help="2025-08-29T13:00, on the business's clock")
    move.add_argument("--crew", metavar="NAME", help="this one alone [its own, else any]")
    done.add_argument("amount", type=_amount, metavar="AMOUNT", help="the whole bill in dollars")
    holds = commands.add_parser("block", help="a crew takes no job for a while")
    holds.set_defaults(command=block)
    holds.add_argument("crew", metavar="CREW")
    holds.add_argument("since", metavar="FROM", help="2025-08-29 or 2025-08-29T13:00")
    holds.add_argument("until", metavar="TO", help="the same; a day is blocked to its end")
    holds.add_argument("reason", nargs="*", metavar="REASON", help="as `jobs` shows it")
    holds.add_argument("--undo", action="store_true", help="give the blocked hours back")
    holds.add_argument("--business", metavar="ID", help="whose crew, where several have the name")
    for each in (note, move, cancel, done, holds):
        each.add_argument("--apply", action="store_true", help="do it; else it is only said")
    for each in (shows, show, note, move, cancel, done, holds):
        each.set_defaults(office=True)
        each.add_argument(
            "--stage", required=True, metavar="NAME", help="local, dev, staging, prod"
        )
        each.add_argument("--unmasked", action="store_true", help="whole numbers, names, addresses")


def _amount(text: str) -> Cents:
    amount = as_cents(text)
    if amount is None:
        raise argparse.ArgumentTypeError(f"dollars like 610 or 610.50 are wanted: {text!r}")
    return amount
