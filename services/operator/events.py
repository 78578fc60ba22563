"""What others were not told yet: failed, paused and parked deliveries, and telling them again."""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from services.operator.told.fit import Mask, clean
from services.operator.told.listing import NOTHING, at, table
from services.operator.where.office import Office
from services.operator.where.trouble import CannotTell
from shared.actions.events.deliver import Address, address_of, is_paused
from shared.domain.call_time import CallTime
from shared.domain.models import FollowUp
from shared.domain.models.event import event_of

UTC_ZONE = ZoneInfo("UTC")
HEAD = ("state", "business", "by", "for", "event", "about", "since", "tries", "why", "id")
APPLY = "nothing was changed: APPLY=1 (--apply) tells them again"


def events(asked: argparse.Namespace, office: Office, now: CallTime) -> Iterator[str]:
    """List them; or have some told again, from the next minute on. Raises CannotTell."""
    found = _found(office)
    if asked.business:
        found = [each for each in found if each[1].business_id == asked.business]
    if asked.act == "list":
        yield from _listed(office, found, Mask(off=asked.unmasked))
        return
    chosen = _chosen(asked, found)
    for _, delivery in chosen:
        if not asked.apply:
            yield f"{clean(delivery.follow_up_id)}: would be told again"
        elif office.outbox.again(delivery.follow_up_id, at=now.real):
            yield f"{clean(delivery.follow_up_id)}: is told again within a minute"
        else:
            yield f"{clean(delivery.follow_up_id)}: was told meanwhile"
    if not asked.apply:
        yield APPLY


def _found(office: Office) -> list[tuple[str, FollowUp]]:
    """Each with its state, in the order in which they happened."""
    waiting = office.outbox.deliveries()
    by_address: dict[Address, list[FollowUp]] = defaultdict(list)
    for each in waiting:
        by_address[address_of(each)].append(each)
    paused = {address for address, theirs in by_address.items() if is_paused(theirs)}
    found = [("parked", each) for each in office.outbox.parked()]
    for each in waiting:
        failed = "failed" if each.attempts else "waiting"
        found.append(("paused" if address_of(each) in paused else failed, each))
    return sorted(found, key=lambda one: (one[1].created_at, one[1].follow_up_id))


def _listed(office: Office, found: Sequence[tuple[str, FollowUp]], mask: Mask) -> Iterator[str]:
    wrong = [each for each in found if each[0] != "waiting"]
    if wrong:
        yield from table([_line(office, *each, mask) for each in wrong], HEAD)
    else:
        yield "nothing is parked, paused or failed"
    if on_their_way := len(found) - len(wrong):
        yield f"{on_their_way} more wait for the next run, in a minute"


def _line(office: Office, state: str, delivery: FollowUp, mask: Mask) -> tuple[str, ...]:
    business = office.businesses.get(delivery.business_id)
    zone = business.zone if business else UTC_ZONE
    return (
        state,
        clean(delivery.business_id),
        delivery.kind.value,
        mask.text(delivery.to or NOTHING),
        event_of(delivery.body).type if delivery.body else NOTHING,
        clean(delivery.job_id or delivery.call_sid or NOTHING),
        at(delivery.created_at.isoformat(), zone),
        str(delivery.attempts),
        mask.text(delivery.error),
        clean(delivery.follow_up_id),
    )


def _chosen(
    asked: argparse.Namespace, found: Sequence[tuple[str, FollowUp]]
) -> list[tuple[str, FollowUp]]:
    """Those that were named; else all that failed of one address, or of all. Raises CannotTell."""
    if asked.ids:
        by_id = {each.follow_up_id: (state, each) for state, each in found}
        if unknown := [each for each in asked.ids if each not in by_id]:
            raise CannotTell(f"nothing waits or is parked as {clean(unknown[0])}: see `list`")
        return [by_id[each] for each in asked.ids]
    if asked.to is None and not asked.all:
        raise CannotTell("resend what? An id of `list`, --to NAME for all of one, or --all")
    wrong = [each for each in found if each[0] != "waiting"]
    chosen = [each for each in wrong if asked.to in (None, each[1].to)]
    if not chosen:
        raise CannotTell("nothing is parked, paused or failed there")
    return chosen


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """This command, for the command line."""
    parser = commands.add_parser(
        "events", help="what other systems were not told: parked, paused, failed; tell it again"
    )
    parser.set_defaults(command=events, office=True)
    parser.add_argument("act", choices=("list", "resend"))
    parser.add_argument("ids", nargs="*", metavar="ID", help="as `list` shows them")
    parser.add_argument("--business", metavar="ID", help="only this one's")
    parser.add_argument("--to", metavar="NAME", help="resend: all of this webhook, or mailbox")
    parser.add_argument("--all", action="store_true", help="resend: all")
    parser.add_argument("--apply", action="store_true", help="do it; else it is only said")
    parser.add_argument("--unmasked", action="store_true", help="whole addresses")
    parser.add_argument("--stage", required=True, metavar="NAME", help="local, dev, staging, prod")
