"""What a caller is told of a window before the yes that books it: when, the fee, the deposit."""

from datetime import UTC

from shared.actions.texts import wording
from shared.domain.call_time import CallTime
from shared.domain.errors import WindowNotOffered, WindowTaken
from shared.domain.money import Figure
from shared.domain.read_back import Detail
from shared.domain.spoken import contact
from shared.tools import figures
from shared.tools.arguments import BookAppointment
from shared.tools.availability import is_unsure, quote_of
from shared.tools.booking import visits
from shared.tools.booking.checks import (
    check_area,
    check_price,
    offer_others,
    place_of,
    slot_of,
    to_pay,
)
from shared.tools.booking.visits import Visit
from shared.tools.context import ToolContext


def terms_of(
    context: ToolContext, asked: BookAppointment, at: CallTime
) -> tuple[Detail, tuple[Figure, ...]]:
    """The words for a booking that could be made now, and the amounts in them.

    Raises:
        WindowTaken, WindowNotOffered, PriceRose, OutsideServiceArea, BadContact, UnknownService: as
        book_appointment does, so that nobody says yes to what cannot be had.
    """
    start = asked.scheduled_time.astimezone(UTC)
    place = place_of(context, asked.address)
    check_area(context, place, asked.zip or place.zip)
    phone = contact.phone(asked.phone, context.caller).normalised
    visit = Visit(start, asked.service_type, phone, place.normalised)
    before = visits.meant(visit, visits.of_call(context.ports.jobs, context.call_sid))
    try:
        slot = slot_of(context, asked, at, start, before)
    except (WindowTaken, WindowNotOffered) as refusal:
        offer_others(context, asked, at, refusal)
        raise
    quote = to_pay(quote_of(context, slot, asked.service_type, asked.description), before)
    check_price(context, slot, quote, asked.estimated_cost, at)
    words = wording.terms(context.business, slot.window, quote, at.now)
    if is_unsure(context, slot):
        words += f", and {wording.TIME_CONFIRMED}"
    return Detail("terms", start.isoformat(), words), figures.of_rate(quote, settled=True)
