"""Who answers the phone now, who is not taken, and who is still to be called back."""

import argparse
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import get_args

from services.operator.told.fit import Mask, clean
from services.operator.told.listing import NOTHING, at, table, time_of
from services.operator.where.office import Office
from services.operator.where.rows import Row
from services.operator.where.trouble import CannotTell
from shared.actions import callbacks as asked_back
from shared.domain.business import Business, Mode
from shared.domain.call_time import CallTime

BACK = timedelta(days=30)
HEAD = ("due", "call", "caller", "urgency", "topic", "state")
_E164 = re.compile(r"\+[1-9]\d{7,14}")
_SID = re.compile(r"CA[0-9a-f]{32}")


def mode(asked: argparse.Namespace, office: Office, at: CallTime) -> Iterator[str]:
    """Say who answers each business's phone; with a mode, switch one. Raises CannotTell."""
    if asked.to is None:
        switched = office.switches.read().modes
        for each in office.businesses.values():
            by = "switched" if each.id in switched else "by its file"
            yield f"{each.id}: {switched.get(each.id, each.mode)} ({by})"
        return
    business = _business(office, asked.business)
    office.switches.set_mode(business.id, asked.to)
    yield f"{business.id}: {asked.to}, for calls from within a minute on"


def blocklist(asked: argparse.Namespace, office: Office, at: CallTime) -> Iterator[str]:
    """The numbers whose calls are not taken; one more, or one less. Raises CannotTell."""
    if asked.act == "list":
        mask = Mask(off=asked.unmasked)
        found = sorted(office.switches.read().blocked)
        yield from map(mask.number, found) if found else ["no number is blocked"]
        return
    if asked.number is None:
        raise CannotTell(f"{asked.act} which number? Like +15551230000")
    if asked.act == "add":
        for each in office.businesses.values():
            topics = [number for topic in each.topics.values() for number in topic.numbers]
            if asked.number in (*each.numbers, each.office, *each.on_call, *topics):
                raise CannotTell("that is a number of the business's own or of its staff")
        office.switches.block(asked.number)
        yield "blocked: it hears that it is not taken, and to call 911 in danger"
        return
    office.switches.unblock(asked.number)
    yield "not blocked any more"


def callbacks(asked: argparse.Namespace, office: Office, at: CallTime) -> Iterator[str]:
    """Who is still to be called back, the most urgent first; or mark one as done.

    Raises:
        CannotTell: there is no such call, or nobody was to be called back.
    """
    if asked.done is not None:
        yield _mark(office, asked.done, at)
        return
    ids = [_business(office, asked.business)] if asked.business else office.businesses.values()
    lines: list[tuple[str, ...]] = []
    mask = Mask(off=asked.unmasked)
    for business in ids:
        rows = office.rows.calls(business.id, at.now - BACK, at.now + timedelta(minutes=1))
        lines += [
            _line(business, row, mask, at) for row in rows if _is_wanted(row, every=asked.all)
        ]
    yield from table(sorted(lines), HEAD) if lines else ["nobody is to be called back"]


def page(asked: argparse.Namespace, office: Office, at: CallTime) -> Iterator[str]:
    """A link to the office's page of each business; or every device of it locked. Raises
    CannotTell."""
    ids = [_business(office, asked.business)] if asked.business else office.businesses.values()
    for business in ids:
        if asked.lock_all:
            count = office.devices.lock_all(business.id)
            yield f"{business.id}: {count} {'device' if count == 1 else 'devices'} locked"
            continue
        link = office.ports.office_link(business.id)
        if link is None:
            raise CannotTell("no link: the stage's stream-token secret or address is not to be had")
        yield f"{business.id}: {link}"


def _mark(office: Office, call_sid: str, at: CallTime) -> str:
    call = office.ports.calls.get(call_sid)
    if call is None:
        raise CannotTell(f"there is no call {clean(call_sid)}")
    if call.callback is None:
        raise CannotTell(f"nobody was to be called back about {clean(call_sid)}")
    late = at.now > call.callback.due_at
    if not asked_back.done(office.ports, call, now=at.now):
        return f"{call_sid}: was marked as done before"
    return f"{call_sid}: done{', late' if late else ', in time'}"


def _is_wanted(row: Row, *, every: bool) -> bool:
    return bool(row.get("callback")) and (every or not row.get("called_back_at"))


def _line(business: Business, row: Row, mask: Mask, now: CallTime) -> tuple[str, ...]:
    callback = row["callback"]
    due = time_of(callback.get("due_at"))
    done = time_of(row.get("called_back_at"))
    late = due is not None and (done or now.now) > due
    state = ("done, late" if late else "done") if done else ("LATE" if late else "open")
    return (
        at(callback.get("due_at"), business.zone),
        clean(row.get("call_sid", NOTHING)),
        mask.number(callback.get("phone") or row.get("caller")),
        clean(callback.get("urgency", NOTHING)),
        clean(callback.get("topic") or NOTHING),
        state,
    )


def _business(office: Office, wanted: str | None) -> Business:
    if wanted is not None and wanted in office.businesses:
        return office.businesses[wanted]
    known = ", ".join(office.businesses)
    raise CannotTell(f"say which business: one of {known}")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """These commands, for the command line."""
    modes = commands.add_parser("mode", help="who answers: the agent, people, or both")
    modes.set_defaults(command=mode)
    modes.add_argument("--business", metavar="ID", help="whose phone")
    modes.add_argument("--to", choices=get_args(Mode), help="switch it; else it is only said")
    blocks = commands.add_parser("blocklist", help="numbers whose calls are not taken")
    blocks.set_defaults(command=blocklist)
    blocks.add_argument("act", choices=("add", "remove", "list"))
    blocks.add_argument("number", nargs="?", type=_phone, metavar="NUMBER", help="E.164")
    backs = commands.add_parser("callbacks", help="who is still to be called back")
    backs.set_defaults(command=callbacks)
    backs.add_argument("--business", metavar="ID", help="only this one's")
    backs.add_argument("--done", type=_sid, metavar="CA…", help="it was made: mark it")
    backs.add_argument("--all", action="store_true", help="also those that were made")
    pages = commands.add_parser("office", help="a link to the office's page, good for a week")
    pages.set_defaults(command=page)
    pages.add_argument("--business", metavar="ID", help="only this one's")
    pages.add_argument("--lock-all", action="store_true", help="lock every device instead")
    for each in (modes, blocks, backs, pages):
        each.set_defaults(office=True)
        each.add_argument(
            "--stage", required=True, metavar="NAME", help="local, dev, staging, prod"
        )
        each.add_argument("--unmasked", action="store_true", help="whole numbers")


def _phone(text: str) -> str:
    if not _E164.fullmatch(text):
        raise argparse.ArgumentTypeError("a number like +15551230000 is wanted")
    return text


def _sid(text: str) -> str:
    if not _SID.fullmatch(text):
        raise argparse.ArgumentTypeError(f"a call's SID is CA and 32 digits of 0-9a-f: {text!r}")
    return text
