"""`python -m services.operator`: calls of a stage, its visits and crews, a customer forgotten."""

import argparse
import os
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from services.operator import business, desk, events, office
from services.operator.done import forget as forgetting
from services.operator.done.found import find
from services.operator.told import listing, story
from services.operator.told import page as paging
from services.operator.told.fit import Mask
from services.operator.where.keepers import keepers_of
from services.operator.where.logs import AROUND
from services.operator.where.office import office_of
from services.operator.where.published_files import with_published
from services.operator.where.rows import LeftRows
from services.operator.where.stage import StageView, stage_view
from services.operator.where.trouble import CannotTell
from shared.command_line import Command
from shared.domain.models.call import RecordingState
from shared.domain.spoken.phone import WITHHELD

_SPAN = re.compile(r"([1-9]\d{0,4})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_E164 = re.compile(r"\+[1-9]\d{7,14}")
_SID = re.compile(r"CA[0-9a-f]{32}")
LONGEST = timedelta(days=800)
UTC_ZONE = ZoneInfo("UTC")


def main(argv: Sequence[str] | None = None) -> int:
    """0; 1 with one line on stderr where it cannot be told; 2 where it was asked wrongly."""
    asked = _parser().parse_args(argv)
    try:
        if getattr(asked, "act_on_file", False):
            return business.run(asked, os.environ, _now().date(), print)
        if asked.command is forget_customer:
            return 0 if forget_customer(asked, _now()) else 1
        if getattr(asked, "office", False):
            for line in office.run(asked, office_of(asked.stage, os.environ, _now, _say), _now()):
                print(line)
            return 0
        stage = with_published(stage_view(asked.stage, os.environ, _say), os.environ)
        for line in asked.command(asked, stage, _now() + stage.offset):
            print(line)
    except CannotTell as exc:
        _say(str(exc))
        return 1
    except BrokenPipeError:  # whoever read it has seen enough, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def calls(asked: argparse.Namespace, stage: StageView, now: datetime) -> Iterator[str]:
    """The calls of a stage since a while ago. Raises CannotTell."""
    until = now + timedelta(minutes=1)  # of a clock that runs a little ahead of ours
    ids = [asked.business] if asked.business else list(stage.businesses)
    if asked.business and asked.business not in stage.businesses:
        known = ", ".join(stage.businesses)
        raise CannotTell(f"there is no business {asked.business!r}; there is {known}")
    found = sorted(
        (
            row
            for each in ids
            for row in stage.rows.calls(each, until - asked.since, until)
            if listing.wanted(row, hazard=asked.hazard, failed=asked.failed)
        ),
        key=lambda row: str(row.get("started_at")),
    )
    mask = Mask(off=asked.unmasked)
    if asked.json:
        yield listing.as_json(found, mask)
        return
    rows = [listing.columns(row, _zone(stage, row.get("business_id")), mask) for row in found]
    yield from listing.table(rows) if rows else ["no such call in that time"]


def tell(asked: argparse.Namespace, stage: StageView, now: datetime) -> Iterator[str]:
    """One call, from its first webhook to its payment. Raises CannotTell."""
    left = stage.rows.of(asked.call)
    if left.call is None:
        raise CannotTell(f"stage {stage.name} has no call {asked.call}")
    business_id = str(left.call.get("business_id"))
    mask, zone = story.mask_of(left, off=asked.unmasked), _zone(stage, business_id)
    found = [*story.moments(left, mask)]
    if asked.html:
        yield from _page(asked, stage, left, mask, zone)
        return
    found += story.later(story.waiting(left, mask), stage.offset)
    notes: list[str] = []
    try:
        found += _by_real_clock(stage, left, mask, now)
    except CannotTell as exc:  # the rows are told all the same
        notes.append(f"not told: {exc}")
    yield from story.head(left.call, business_id, zone, mask)
    yield ""
    yield from story.told(found, zone)
    yield from notes
    yield ""
    yield from _elsewhere(stage)


def _page(
    asked: argparse.Namespace, stage: StageView, left: LeftRows, mask: Mask, zone: ZoneInfo
) -> Iterator[str]:
    """Leave the call's page here. A voice cannot be masked: it is on an unmasked page alone."""
    call, notes, sound = left.call or {}, [], None
    kept = call.get("recording_sid") if call.get("recording") != RecordingState.DELETED else None
    told = [each for each in story.moments(left, mask) if each.what in paging.LANES]
    try:
        told += [each for each in _by_real_clock(stage, left, mask, _now()) if each.what == "text"]
        twilio = (
            keepers_of(asked.stage, os.environ, _say).twilio if asked.unmasked and kept else None
        )
        wav = twilio.sound(str(kept)) if twilio else None
        sound = paging.sound_of(wav) if wav else None
    except CannotTell as exc:  # the page is made all the same
        notes.append(f"not told: {exc}")
    path = Path(f"{asked.call}.html")
    try:
        path.write_text(paging.page(left, zone, mask, told, sound), "utf-8")
    except OSError as exc:
        raise CannotTell(f"{path} cannot be written: {exc.strerror}") from exc
    yield from notes
    yield f"look at it: {path.resolve()}"


def forget_customer(asked: argparse.Namespace, now: datetime) -> bool:
    """Say what is kept of a customer, and with --apply take it out; whether all is as asked.

    Raises:
        CannotTell: something cannot be asked, or must not be forgotten yet.
    """
    if asked.phone in WITHHELD:
        raise CannotTell("that number stands for everybody whose caller id is withheld")
    keepers = keepers_of(asked.stage, os.environ, _say)
    stage = with_published(stage_view(asked.stage, os.environ), os.environ)
    businesses = stage.businesses.values()
    staff = {number for each in businesses for number in forgetting.staff_of(each)}
    if asked.phone in staff:
        raise CannotTell("that is a number of the business's own or of its staff")
    at = now + keepers.offset
    found = find(keepers, asked.phone, at)
    for line in forgetting.listed(found):
        print(line)
    if found.nothing:
        return True
    if not asked.apply:
        print("nothing was changed: APPLY=1 (--apply) takes it out")
        return True
    done = forgetting.forget(keepers, found, at, print)
    if done:
        print(forgetting.KEPT)
    return done


def _by_real_clock(
    stage: StageView, left: LeftRows, mask: Mask, now: datetime
) -> list[story.Moment]:
    """Log lines, and texts of a local stack, from a little before the call on."""
    call = left.call or {}
    call_sid = str(call.get("call_sid"))
    since = listing.time_of(call.get("started_at")) or now - AROUND
    until = listing.time_of(call.get("ended_at")) or now
    lines = stage.log_lines(call_sid, since, until)
    found = list(story.log_moments(lines, mask))
    about = {call_sid, *(str(job.get("job_id")) for job in left.jobs)}
    numbers = {str(call.get("caller"))}
    sent = [
        text
        for text in stage.sent_texts()
        if text.get("to") in numbers or any(each in text.get("body", "") for each in about)
    ]
    found += story.texts(sent, mask)
    return [each for each in story.later(found, stage.offset) if each.at >= since - AROUND]


def _elsewhere(stage: StageView) -> Iterator[str]:
    if stage.texts is None:
        yield "sent texts and recordings: Twilio's console, Monitor > Logs > Calls, by the SID"
    else:
        yield f"all texts: {stage.texts.removesuffix('.json')}"


def _zone(stage: StageView, business_id: object) -> ZoneInfo:
    business = stage.businesses.get(str(business_id))
    return business.zone if business else UTC_ZONE


def _now() -> datetime:
    return datetime.now(UTC)


def _say(told: str) -> None:
    for line in told.split("\n"):
        print(f"operator: {line}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m services.operator",
        description="The calls of a stage, its visits and crews. Numbers, names and addresses are "
        "masked unless --unmasked is given.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Command)
    lists = commands.add_parser("calls", help="a line for each call, the newest last")
    lists.set_defaults(command=calls)
    lists.add_argument("--since", type=_span, default="24h", metavar="1h", help="30m, 1h, 2d [24h]")
    lists.add_argument("--hazard", action="store_true", help="only with danger in it")
    lists.add_argument("--failed", action="store_true", help="only where something broke")
    lists.add_argument("--business", metavar="ID", help="only this one's")
    lists.add_argument("--json", action="store_true", help="one JSON array")
    one = commands.add_parser("story", help="all that happened in one call, in order")
    one.set_defaults(command=tell)
    one.add_argument("call", type=_sid, metavar="CA…", help="the call's SID, as `calls` shows it")
    one.add_argument("--html", action="store_true", help="as a page: CA….html, in this folder")
    forgets = commands.add_parser(
        "forget", help="take one customer's personal data out, everywhere in our reach"
    )
    forgets.set_defaults(command=forget_customer)
    forgets.add_argument("phone", type=_phone, metavar="+1…", help="the customer's number, E.164")
    forgets.add_argument("--apply", action="store_true", help="do it; else it is only listed")
    office.add(commands)
    desk.add(commands)
    events.add(commands)
    business.add(commands)
    for each in (lists, one, forgets):
        each.add_argument(
            "--stage", required=True, metavar="NAME", help="local, dev, staging, prod"
        )
    for each in (lists, one):
        each.add_argument("--unmasked", action="store_true", help="whole numbers, names, addresses")
    return parser


def _span(text: str) -> timedelta:
    found = _SPAN.fullmatch(text)
    span = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None
    if span is None or span > LONGEST:
        raise argparse.ArgumentTypeError(f"like 30m, 1h or 2d, at most {LONGEST.days}d: {text!r}")
    return span


def _phone(text: str) -> str:
    if not _E164.fullmatch(text):
        raise argparse.ArgumentTypeError("a number like +15551230000 is wanted")
    return text


def _sid(text: str) -> str:
    if not _SID.fullmatch(text):
        raise argparse.ArgumentTypeError(f"a call's SID is CA and 32 digits of 0-9a-f: {text!r}")
    return text


if __name__ == "__main__":
    sys.exit(main())
