"""check_availability: the windows this call is offered, each with what it costs."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from shared.actions.texts import wording
from shared.domain.business import Business
from shared.domain.calendar.preference import PreferredDay, Wanted, nearest
from shared.domain.calendar.scheduling import HORIZON_DAYS, offerable
from shared.domain.calendar.wishes import Wish
from shared.domain.call_time import CallTime
from shared.domain.facts import Fact, ToolFactKind
from shared.domain.models import Hold, Job, Quote, Slot, Window
from shared.domain.moments import CallMoment
from shared.domain.money import Figure
from shared.domain.outcomes import CallStage
from shared.domain.telling import Telling
from shared.tools import facts, figures
from shared.tools.arguments import CheckAvailability
from shared.tools.context import ToolContext, ToolReply
from shared.tools.schemas import BadArguments
from shared.tools.wanted import wanted as wanted_by

FURTHEST_DAYS = 60
SAID = 2  # of the windows that are found, at once: a caller keeps no more in mind
TODAY = "For emergency service, I can get you on today's schedule."
LATER = "For emergency service, the soonest I can offer is {soonest}."
REGULAR = "Here are the next available times."
NONE = "Nothing is free then. Offer to take a message for the office, or another day."


def check_availability(context: ToolContext, asked: CheckAvailability, at: CallTime) -> ToolReply:
    """The free windows nearest to what is asked for; remembered, so that each may be booked later
    in this call.

    Keys of the reply: `available_slots`, a list of what `slot_json` gives, and `message`.

    Raises:
        UnknownService: the rate card has no such service.
        BadArguments: the preferred day is past, or too far away, or words that name none.
        WhichDay: the caller's words bear two readings.
    """
    today = context.business.local(at.now).date()
    wanted = wanted_by(context.business, asked.preferred_date, asked.when, at.now)
    if wanted is not None:
        _check_day(wanted.day, today)
    found = _nearest(context, at, asked.service_type, asked.is_emergency, wanted)
    offered = _offered(context, found, asked.service_type, at)
    context.note(CallStage.OFFERED, bookable=True)
    usual = _message(context.business, offered.slots, asked.is_emergency, today)
    missed = "" if wanted is None or not found else _missed(context.business, found, wanted)
    # What was understood of the caller's words is said back, the weekday with its date.
    heard = f"That is {wanted.words}. " if isinstance(wanted, Wish) and not missed else ""
    reply: dict[str, object] = {
        "available_slots": offered.slots,
        "message": heard + missed + usual + _unsure(context, found),
    }
    said = _said(context.business, found, wanted)
    telling = _telling(context, asked.service_type, said, missed, at) if found else None
    return ToolReply(reply, offered.figures, offered.facts, telling=telling)


@dataclass(frozen=True, slots=True)
class Offer:
    """Windows as the tools write them (see `slot_json`), and what each of them costs."""

    slots: list[dict[str, object]]
    figures: tuple[Figure, ...]
    facts: tuple[Fact, ...]


def offer(
    context: ToolContext,
    service_type: str,
    at: CallTime,
    is_emergency: bool,
    wished: date | None = None,
) -> Offer:
    """The nearest free windows; each is from now on an offered one."""
    wanted = None if wished is None else PreferredDay(wished)
    found = _nearest(context, at, service_type, is_emergency, wanted)
    return _offered(context, found, service_type, at)


def _check_day(day: date, today: date) -> None:
    now = f"today is {today:%A} {today}. Ask which day the caller means"
    if day < today:
        raise BadArguments(f"preferred_date: {day} is past; {now}")
    if day > today + timedelta(days=FURTHEST_DAYS):
        raise BadArguments(f"preferred_date: {day} is more than {FURTHEST_DAYS} days ahead; {now}")


def _nearest(
    context: ToolContext,
    at: CallTime,
    service: str,
    is_emergency: bool,
    wanted: Wanted | None,
) -> list[Slot]:
    business, day = context.business, None if wanted is None else wanted.day
    held = held_windows(context, at.now, service, day)
    free = offerable(
        business, held, at.now, service=service, is_emergency=is_emergency, preferred_date=day
    )
    return nearest(business, free, wanted, business.max_slots)


def _offered(context: ToolContext, found: list[Slot], service_type: str, at: CallTime) -> Offer:
    quotes = [quote_of(context, slot, service_type) for slot in found]
    context.memory.offered.update({slot.window.start.astimezone(UTC): slot for slot in found})
    return Offer(
        [slot_json(context, *each, at.now) for each in zip(found, quotes, strict=True)],
        tuple(figure for quote in quotes for figure in figures.of_rate(quote)),
        tuple(facts.of_slot(context.business, slot) for slot in found)
        or (Fact(ToolFactKind.OFFERED),),
    )


def held_windows(
    context: ToolContext, now: datetime, service: str, wished: date | None = None
) -> set[Hold]:
    """Which hours are taken of the crews that can do the service, as far as windows are offered:
    one query a crew."""
    business = context.business
    last_day = max(wished or now.date(), business.local(now).date()) + timedelta(days=HORIZON_DAYS)
    # A long visit of the last day goes on in the night.
    last = datetime.combine(last_day, datetime.min.time(), UTC) + timedelta(days=2)
    crews = business.crews_for(service)
    held = context.ports.jobs.held(business.id, crews, now.astimezone(UTC), last)
    elsewhere = context.ports.calendars.busy(business)
    context.memory.unsure_crews = elsewhere.unsure
    return held | elsewhere.holds


def assigned(context: ToolContext, job: Job, crew: str) -> Job:
    """The job with that crew. Whose calendar could not be read lately may be busy: the window is to
    be confirmed."""
    unsure = crew in context.memory.unsure_crews
    return job.model_copy(update={"crew": crew, "to_be_confirmed": unsure})


def is_unsure(context: ToolContext, slot: Slot) -> bool:
    """Whether the crew that would be sent may be busy elsewhere."""
    return bool(slot.crews) and slot.crews[0] in context.memory.unsure_crews


def quote_of(context: ToolContext, slot: Slot, service_type: str, description: str = "") -> Quote:
    """What a visit in this window costs, by what was said when it was quoted and since."""
    said = f"{context.memory.described.get(service_type, '')} {description}"
    return context.price(service_type, after_hours=slot.after_hours, description=said)


def slot_json(context: ToolContext, slot: Slot, quote: Quote, now: datetime) -> dict[str, object]:
    """One window for the model: the spec's two keys, and what to say of it.

    Keys: those of `window_json`, those of `wording.cost`, and `say` ("tonight 9 to 11 PM").
    """
    return {
        **window_json(context.business, slot.window),
        **wording.cost(quote),
        "say": wording.when(context.business, slot.window, now),
    }


def window_json(business: Business, window: Window) -> dict[str, object]:
    """A window on the business's clock: `datetime`, `display` of its start, and `end`.

    The two times are ISO 8601 with the offset; `display` is "Thu, Aug 28, 9:00 PM".
    """
    shown = wording.local(business, window)
    return {
        "datetime": shown.start.isoformat(),
        "display": wording.display(shown.start),
        "end": shown.end.isoformat(),
    }


def _missed(business: Business, found: list[Slot], wanted: Wanted) -> str:
    """That the day, or the part of it, that was asked for is not to be had; "" where it is."""
    there = [slot for slot in found if wanted.has(business, slot)]
    if there and not all(wanted.distance(business, slot) for slot in there):
        return ""
    if isinstance(wanted, Wish):
        return f"Nothing is free for {wanted.words}. "
    if not there:
        return f"Nothing is free on {PreferredDay(wanted.day).words}. "
    return f"Nothing is free on {wanted.words}. "


def _said(business: Business, found: list[Slot], wanted: Wanted | None) -> list[Slot]:
    """What is told of them: the first two; that alone which is the only one at the time that was
    asked for."""
    if wanted is None or not wanted.timed:
        return found[:SAID]
    met = [s for s in found if wanted.has(business, s) and not wanted.distance(business, s)]
    return met if met == found[:1] else found[:SAID]


def _telling(
    context: ToolContext, service_type: str, found: list[Slot], missed: str, at: CallTime
) -> Telling:
    """The windows, asked: `Would tonight 9 to 11 PM work, or tomorrow 8 to 10 AM?`"""
    business, (first, *more) = context.business, found
    quote = quote_of(context, first, service_type)
    others = ""
    for slot in more:
        same_day = _day_of(business, slot) == _day_of(business, first)
        hours = wording.span(wording.local(business, slot.window))
        less = quote_of(context, slot, service_type).total_estimate < quote.total_estimate
        when = hours if same_day else wording.when(business, slot.window, at.now)
        others += f", or {when}{' for less' if less else ''}"
    first_day = wording.day(business.local(first.window.start), business.local(at.now).date())
    price = wording.price(quote, first_day) if quote.covered is None else ""
    sentence = f"{missed}{_unsure(context, found)}".strip()
    soonest = wording.when(business, first.window, at.now)
    question = context.memory.wordings.told(
        CallMoment.WINDOWS, first=soonest, others=others, alone="" if others else " for you"
    )
    return Telling(sentence, question, instead=price)


def _day_of(business: Business, slot: Slot) -> date:
    return business.local(slot.window.start).date()


def _unsure(context: ToolContext, found: list[Slot]) -> str:
    unsure = any(is_unsure(context, slot) for slot in found)
    return f" {wording.capital(wording.TIME_CONFIRMED)}." if unsure else ""


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
