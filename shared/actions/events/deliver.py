"""Others are told of what happened: every event at least once, those of one job in order.

    outbox ─► a delivery for each who is to hear of it ─► bus, webhook, calendar, office
                                                    └─► not taken: again after 10, 20, 40 minutes …

Deliveries to one address about one job or call are a lane: the next is not tried before the one
ahead of it was taken, or parked because nobody took it for a day. Lanes do not wait for each other;
an address that keeps failing is paused, and then asked by one delivery at a time.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.actions.calendars.invitation import invitation
from shared.actions.events import after_call, signing, targets
from shared.actions.events.ports import EventBus, HttpsPost, Outbox
from shared.actions.follow_ups.retry import CLAIM, pause_after
from shared.actions.ports import Ports
from shared.domain.business import Business
from shared.domain.errors import PortError
from shared.domain.models import FollowUp, FollowUpKind
from shared.domain.models.event import BookingEvent, event_of
from shared.logs import kind_of

logger = logging.getLogger(__name__)

FAILURES_A_RUN = 3  # of one address: each may take its whole time limit
PAUSED_AFTER = 20  # failed tries of what still waits for one address
PARKED_AFTER = timedelta(days=1)
PARKED_FOR = timedelta(days=30)

Lane = Sequence[FollowUp]  # one address and one subject, in order
Address = tuple[FollowUpKind, str, str | None]  # kind, business, whom


@dataclass(frozen=True, slots=True)
class DeliveryRun:
    """One run, which tells all that waits to be told."""

    ports: Ports
    outbox: Outbox
    bus: EventBus | None
    post: HttpsPost
    secret: Callable[[str], tuple[str, ...]]  # of a business's file, by name; raises PortError
    business: Callable[[str], Business | None]
    organizer: str  # whose address invitations come from
    recording_link: Callable[[str], str | None]  # to a recording, by its SID
    real_now: datetime


def run(this_run: DeliveryRun, more_time: Callable[[], bool]) -> Mapping[str, int]:
    """Tell, while there is time; how often each result.

    Raises:
        PortError: outbox or deliveries cannot be read or kept.
    """
    tally: Counter[str] = Counter()
    waiting = {each.follow_up_id: each for each in this_run.outbox.deliveries()}
    for untold in this_run.outbox.due(this_run.real_now):
        event = untold.event
        left = targets.deliveries(
            event,
            this_run.business(event.business_id),
            this_run.real_now,
            bus=this_run.bus is not None,
        )
        if this_run.outbox.hand_on(untold, left):
            tally["events"] += 1
            waiting |= {each.follow_up_id: each for each in left}
    for lanes in _by_address(waiting.values()).values():
        tally += _address(this_run, lanes, more_time)
    return tally


def address_of(delivery: FollowUp) -> Address:
    """Whom it is for."""
    return delivery.kind, delivery.business_id, delivery.to


def is_paused(waiting: Iterable[FollowUp]) -> bool:
    """Whether an address has failed too often, by all that waits for it."""
    return sum(each.attempts for each in waiting) >= PAUSED_AFTER


def _by_address(waiting: Iterable[FollowUp]) -> dict[Address, list[Lane]]:
    lanes: dict[tuple[Address, str], list[FollowUp]] = defaultdict(list)
    for each in sorted(waiting, key=lambda one: (one.created_at, one.follow_up_id)):
        lanes[address_of(each), each.about or ""].append(each)
    found: dict[Address, list[Lane]] = defaultdict(list)
    for (address, _), lane in lanes.items():
        found[address].append(lane)
    return found


def _address(
    this_run: DeliveryRun, lanes: list[Lane], more_time: Callable[[], bool]
) -> Counter[str]:
    """Work on the lanes of one address until it has failed too often."""
    tally: Counter[str] = Counter()
    paused = is_paused(each for lane in lanes for each in lane)
    if paused:
        first = lanes[0][0]
        logger.warning("endpoint paused", extra={"follow_up_id": first.follow_up_id})
        this_run.ports.metrics.count("EndpointsPaused", business=first.business_id)
        # One that failed before asks for all, when its time has come.
        lanes = sorted(lanes, key=lambda lane: lane[0].attempts == 0)
    failures = 0
    for lane in lanes:
        for delivery in lane:
            if not more_time() or (
                paused and not delivery.attempts and not _is_old(this_run, delivery)
            ):
                return tally
            result = _one(this_run, delivery, paused=paused)
            tally[result] += 1
            paused = paused and result != "delivered"
            failures += result == "failed"
            if failures >= (1 if paused else FAILURES_A_RUN):
                return tally
            if result not in ("delivered", "parked", "dropped"):
                break  # what comes after it waits for it
    return tally


def _one(this_run: DeliveryRun, delivery: FollowUp, *, paused: bool) -> str:
    if _is_old(this_run, delivery) and (delivery.attempts or paused):
        return _parked(this_run, delivery)
    if delivery.due_at > this_run.real_now:
        return "waiting"
    follow_ups = this_run.ports.follow_ups
    claimed = follow_ups.claim(delivery, until=this_run.real_now + CLAIM)
    if claimed is None:
        return "skipped"
    try:
        result = _told(this_run, claimed)
    except PortError as exc:
        return _failed(this_run, claimed, str(exc))
    except Exception as exc:  # noqa: BLE001 - told by kind
        # A bug that one event meets must not keep the others waiting.
        logger.error("delivery broke", extra={"follow_up_id": claimed.follow_up_id} | kind_of(exc))
        return _failed(this_run, claimed, type(exc).__name__)
    follow_ups.done(claimed.follow_up_id)
    if result == "delivered":
        this_run.ports.metrics.count("EventsDelivered", business=claimed.business_id)
    return result


def _told(this_run: DeliveryRun, delivery: FollowUp) -> str:
    """Hand it over; "dropped" where nobody wants it any more. Raises PortError."""
    return WORK[delivery.kind](this_run, delivery)


def _on_the_bus(this_run: DeliveryRun, delivery: FollowUp) -> str:
    if this_run.bus is None:
        return "dropped"
    body = delivery.body or ""
    this_run.bus.put(event_of(body), body)
    return "delivered"


def _posted(this_run: DeliveryRun, delivery: FollowUp) -> str:
    business = this_run.business(delivery.business_id)
    webhook = business.integrations.webhook(delivery.to) if business else None
    if webhook is None:
        return "dropped"  # the business's file names it no more
    body = (delivery.body or "").encode()
    headers = signing.signed_headers(
        event_of(delivery.body or "").id, body, this_run.secret(webhook.secret), this_run.real_now
    )
    this_run.post.post(webhook.url, headers, body)
    return "delivered"


def _mailed(this_run: DeliveryRun, delivery: FollowUp) -> str:
    business, event = this_run.business(delivery.business_id), event_of(delivery.body or "")
    if business is None or delivery.to is None or not isinstance(event, BookingEvent):
        return "dropped"
    mail = invitation(
        business,
        event,
        delivery.to,
        organizer=this_run.organizer,
        invited=delivery.to in business.integrations.invited(event.data.crew),
    )
    this_run.ports.mail.invite(
        delivery.to, mail.subject, mail.body, method=mail.method, ics=mail.ics
    )
    return "delivered"


def _reported(this_run: DeliveryRun, delivery: FollowUp) -> str:
    business = this_run.business(delivery.business_id)
    wanted = business.integrations.report if business else None
    call = this_run.ports.calls.get(delivery.call_sid or "")
    if business is None or wanted is None or call is None:
        return "dropped"
    report = after_call.report(
        business,
        call,
        this_run.ports.turns.of(call.call_sid),
        this_run.ports.jobs.get(call.job_id) if call.job_id else None,
        recording=this_run.recording_link,
        page=this_run.ports.office_link(business.id),
    )
    if wanted.webhook is not None:
        url, body = this_run.secret(wanted.webhook)[0].strip(), after_call.for_slack(report)
        this_run.post.post(url, {"content-type": "application/json"}, body)
    else:
        this_run.ports.mail.send(business.office_email or "", report.subject, report.body)
    return "delivered"


WORK: Mapping[FollowUpKind, Callable[[DeliveryRun, FollowUp], str]] = {
    FollowUpKind.BUS: _on_the_bus,
    FollowUpKind.WEBHOOK: _posted,
    FollowUpKind.INVITATION: _mailed,
    FollowUpKind.REPORT: _reported,
}


def _failed(this_run: DeliveryRun, delivery: FollowUp, error: str) -> str:
    logger.warning("not delivered", extra={"follow_up_id": delivery.follow_up_id, "why": error})
    this_run.ports.metrics.count("EventsNotDelivered", business=delivery.business_id)
    until = this_run.real_now + pause_after(delivery.attempts + 1)
    this_run.ports.follow_ups.put_off(delivery.follow_up_id, until=until, error=error[:200])
    return "failed"


def _is_old(this_run: DeliveryRun, delivery: FollowUp) -> bool:
    return this_run.real_now - (delivery.again_at or delivery.created_at) >= PARKED_AFTER


def _parked(this_run: DeliveryRun, delivery: FollowUp) -> str:
    """Nobody took it for a day: it stands in nobody's way any more, and somebody looks at it."""
    logger.error(
        "delivery parked", extra={"follow_up_id": delivery.follow_up_id, "why": delivery.error}
    )
    this_run.ports.metrics.count("EventsParked", business=delivery.business_id)
    until = this_run.real_now + PARKED_FOR
    this_run.outbox.park(delivery.follow_up_id, until=until)
    return "parked"
