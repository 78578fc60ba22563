"""check_availability: the windows this call is offered, each with what it costs."""

from datetime import UTC, date, datetime, timedelta

from shared.actions import wording
from shared.actions.arguments import CheckAvailability
from shared.actions.desk import Desk, Moment, ToolReply
from shared.actions.ports import Hold
from shared.actions.tools import BadArguments
from shared.domain import pricing
from shared.domain.business import Business
from shared.domain.models import Quote, Slot, Window
from shared.domain.scheduling import HORIZON_DAYS, offerable

FURTHEST_DAYS = 60
TODAY = "For emergency service, I can get you on today's schedule."
LATER = "For emergency service, the soonest I can offer is {soonest}."
REGULAR = "Here are the next available times."
NONE = "Nothing is free then. Offer to take a message for the office, or another day."


def check_availability(desk: Desk, asked: CheckAvailability, at: Moment) -> ToolReply:
    """The first free windows; remembered, so that each may be booked later in this call.

    Raises:
        UnknownService: the rate card has no such service.
        BadArguments: the preferred day is too far away.
    """
    today = desk.business.local(at.now).date()
    wished = asked.preferred_date
    if wished is not None and wished > today + timedelta(days=FURTHEST_DAYS):
        raise BadArguments(f"preferred_date: must be within {FURTHEST_DAYS} days of {today}")
    slots = offer(desk, asked.service_type, at, asked.is_emergency, wished)
    desk.note("offered", bookable=True)
    reply: dict[str, object] = {
        "available_slots": slots,
        "message": _message(desk.business, slots, asked.is_emergency, today),
    }
    return ToolReply(reply, stage="offered")


def offer(
    desk: Desk, service_type: str, at: Moment, is_emergency: bool, wished: date | None = None
) -> list[dict[str, object]]:
    """Free windows as the tools write them; each is from now on an offered one."""
    held = held_windows(desk, at.now, wished)
    found = offerable(
        desk.business, held, at.now, is_emergency=is_emergency, preferred_date=wished
    )[: desk.business.max_slots]
    shown = [slot_json(desk, slot, service_type, at.now) for slot in found]
    desk.memory.offered.update({slot.window.start.astimezone(UTC): slot for slot in found})
    return shown


def held_windows(desk: Desk, now: datetime, wished: date | None = None) -> set[Hold]:
    """Which hours are taken, as far as windows are offered."""
    business = desk.business
    last_day = max(wished or now.date(), business.local(now).date()) + timedelta(days=HORIZON_DAYS)
    last = datetime.combine(last_day, datetime.min.time(), UTC) + timedelta(days=1)
    return desk.ports.jobs.held(business.id, business.crews, now.astimezone(UTC), last)


def quote_of(desk: Desk, slot: Slot, service_type: str, description: str = "") -> Quote:
    """What a visit in this window costs, by what was said when it was quoted and since."""
    said = f"{desk.memory.described.get(service_type, '')} {description}"
    return pricing.quote(
        desk.business, service_type, after_hours=slot.after_hours, description=said
    )


def slot_json(desk: Desk, slot: Slot, service_type: str, now: datetime) -> dict[str, object]:
    """One window for the model: the spec's two keys, and what to say of it."""
    return {
        **window_json(desk.business, slot.window),
        **wording.cost(quote_of(desk, slot, service_type)),
        "say": wording.when(desk.business, slot.window, now),
    }


def window_json(business: Business, window: Window) -> dict[str, object]:
    shown = wording.local(business, window)
    return {
        "datetime": shown.start.isoformat(),
        "display": wording.display(shown.start),
        "end": shown.end.isoformat(),
    }


def _message(
    business: Business, slots: list[dict[str, object]], is_emergency: bool, today: date
) -> str:
    if not slots:
        return NONE
    if not is_emergency:
        return REGULAR
    first = datetime.fromisoformat(str(slots[0]["datetime"]))
    if first.date() == today:
        return TODAY
    return LATER.format(soonest=slots[0]["display"])
