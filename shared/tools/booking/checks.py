"""What a booking has to be before the caller is asked about it, and again before it is made."""

from datetime import datetime
from typing import Protocol

from shared.actions.texts import wording
from shared.domain.calendar.scheduling import find, still_free
from shared.domain.call_time import CallTime
from shared.domain.errors import (
    NoHouseNumber,
    OutsideServiceArea,
    PriceRose,
    WindowNotOffered,
    WindowTaken,
)
from shared.domain.facts import Fact, ToolFactKind
from shared.domain.models import Job, Quote, Slot
from shared.domain.money import Cents
from shared.domain.spoken.addresses.address import Address, as_said, parse
from shared.tools import figures
from shared.tools.availability import held_windows, offer, window_json
from shared.tools.context import ToolContext


class Wished(Protocol):
    """A visit that is to be at some window: what is asked for, or a job."""

    @property
    def service_type(self) -> str: ...

    @property
    def is_emergency(self) -> bool: ...


def place_of(context: ToolContext, said: str) -> Address:
    """The address in its parts; one without a house number is asked for once, then kept as said."""
    try:
        return parse(said)
    except NoHouseNumber:
        if not context.memory.asked_for_house:
            context.memory.asked_for_house = True
            raise
        return as_said(said)


def check_area(context: ToolContext, place: Address, zip_code: str) -> None:
    """The ZIP decides; without one the city and the state do."""
    business = context.business
    if zip_code and not business.serves(zip_code):
        outside, check = zip_code[:5], "check the ZIP"
    elif not zip_code and not business.serves_city(place.city, place.state):
        outside = ", ".join(part for part in (place.city, place.state) if part)
        check = "check the city and ask for the ZIP"
    else:
        return
    context.note(bookable=False)
    raise OutsideServiceArea(
        f"We do not serve {outside}, and they are told so; {check} if it may be misheard.",
        place=outside,
    )


def slot_of(
    context: ToolContext, asked: Wished, at: CallTime, start: datetime, before: Job | None
) -> Slot:
    """The window, offered in this call before or offerable now, with the crews still free: the
    hours of the job that would be moved are."""
    service = asked.service_type
    held = held_windows(context, at.now, service, start.date())
    if before is not None:
        held -= set(before.holds)
        if before.window.start == start:
            return still_free(context.business, held, before.window, service=service)
    offered = context.memory.offered.get(start)
    # An emergency window was offered an hour and a half ahead; by now its lead may have passed.
    if offered is not None and start > at.now:
        return still_free(context.business, held, offered.window, service=service)
    return find(
        context.business, held, at.now, start, service=service, is_emergency=asked.is_emergency
    )


def to_pay(quote: Quote, before: Job | None) -> Quote:
    """The quote as it is said: no deposit is asked for again where it was paid."""
    paid = before is not None and before.deposit_paid
    return quote.model_copy(update={"deposit": Cents(0)}) if paid else quote


def check_price(
    context: ToolContext, slot: Slot, quote: Quote, agreed: float, at: CallTime
) -> None:
    if quote.total_estimate <= round(agreed * 100):
        return
    today = context.business.local(at.now).date()
    day = wording.day(context.business.local(slot.window.start), today)
    raise PriceRose(
        "It costs more than the caller agreed to. Say the figures, and book again if they agree, "
        "with total_estimate as estimated_cost.",
        figures=figures.of_rate(quote, settled=True),
        say=wording.say_cost(quote, day),
        window=window_json(context.business, slot.window),
        **wording.cost(quote),
    )


def offer_others(
    context: ToolContext,
    asked: Wished,
    at: CallTime,
    refusal: WindowTaken | WindowNotOffered,
) -> None:
    """Put other windows into the refusal of one that is not to be had."""
    offered = offer(context, asked.service_type, at, asked.is_emergency)
    refusal.details["available_slots"], refusal.figures = offered.slots, offered.figures
    taken = (Fact(ToolFactKind.TAKEN),) if isinstance(refusal, WindowTaken) else ()
    refusal.facts = (*taken, *offered.facts)
