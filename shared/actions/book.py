"""book_appointment: the job first, in one transaction; then the deposit; then the texts.

From the transaction on the caller is booked, whatever Stripe or the phone network do: what fails
later leaves a follow-up and is told as it is.
"""

import base64
import hashlib
from datetime import UTC, datetime

from shared.actions import wording
from shared.actions.arguments import BookAppointment
from shared.actions.availability import held_windows, offer, quote_of, window_json
from shared.actions.booked import confirm, duties
from shared.actions.desk import MAX_BOOKINGS, Desk, Moment, ToolReply
from shared.domain import contact
from shared.domain.address import Address, as_said, parse
from shared.domain.errors import (
    NoHouseNumber,
    OutsideServiceArea,
    PortError,
    PriceRose,
    TooManyBookings,
    WindowNotOffered,
    WindowTaken,
)
from shared.domain.models import (
    Contact,
    Customer,
    HazardCategory,
    Job,
    Priority,
    Quote,
    Slot,
)
from shared.domain.scheduling import find, still_free

LIFE_SAFETY = frozenset(
    {
        HazardCategory.GAS_LEAK,
        HazardCategory.FIRE_SMOKE,
        HazardCategory.CARBON_MONOXIDE,
        HazardCategory.ELECTRICAL_HAZARD,
        HazardCategory.FLOOD_ELECTRICAL,
    }
)


def book_appointment(desk: Desk, asked: BookAppointment, at: Moment) -> ToolReply:
    """Book the window, or say why not; the same window of the same call is the same job.

    Raises:
        WindowTaken, WindowNotOffered: `available_slots` in the details are offered instead.
        PriceRose: it costs more than the caller agreed to; the figures are in the details.
        OutsideServiceArea, BadContact, UnknownService, TooManyBookings: nothing was done.
    """
    start = asked.scheduled_time.astimezone(UTC)
    job_id = job_id_of(desk.call_sid, start)
    if job_id in desk.memory.replies:
        return ToolReply(desk.memory.replies[job_id], stage="booked")
    before = desk.ports.jobs.get(job_id)
    if before is None:
        before, is_new = _book(desk, asked, at, job_id, start)
    else:
        is_new = False
    return confirm(desk, before, asked.estimated_cost, at, is_new=is_new)


def job_id_of(call_sid: str, start: datetime) -> str:
    """The same call and window always give the same id, so that a retry is the same job."""
    digest = hashlib.sha256(f"{call_sid}|{start:%Y-%m-%dT%H:%MZ}".encode()).digest()
    return base64.b32encode(digest).decode().lower()[:16]


def _book(
    desk: Desk, asked: BookAppointment, at: Moment, job_id: str, start: datetime
) -> tuple[Job, bool]:
    if len(desk.ports.jobs.of_call(desk.call_sid)) >= MAX_BOOKINGS:
        raise TooManyBookings("This call has made all the bookings one call may. Offer a person.")
    phone = contact.phone(asked.phone, desk.caller)
    place = _place(desk, asked.address)
    address = Contact(raw=asked.address, normalised=place.normalised)
    _check_area(desk, place, asked.zip or place.zip)
    try:
        slot = _slot(desk, asked, at, start)
        quote = quote_of(desk, slot, asked.service_type, asked.description)
        _check_price(desk, slot, quote, asked.estimated_cost, at)
        job = _job(desk, asked, at, job_id, slot, quote, phone, address)
        if not place.number:  # kept as it was said: nobody can have confirmed it
            job = job.model_copy(update={"address": address})
        return _keep(desk, job, slot, at)
    except (WindowTaken, WindowNotOffered) as refusal:
        if (ours := desk.ports.jobs.get(job_id)) is not None:
            return ours, False  # the same call, asked twice at the same moment
        refusal.details["available_slots"] = offer(desk, asked.service_type, at, asked.is_emergency)
        raise


def _place(desk: Desk, said: str) -> Address:
    """The address in its parts; one without a house number is asked for once, then kept as said."""
    try:
        return parse(said)
    except NoHouseNumber:
        if not desk.memory.asked_for_house:
            desk.memory.asked_for_house = True
            raise
        return as_said(said)


def _check_area(desk: Desk, place: Address, zip_code: str) -> None:
    """The ZIP decides; without one the city and the state do."""
    business = desk.business
    if zip_code and not business.serves(zip_code):
        outside, check = zip_code[:5], "check the ZIP"
    elif not zip_code and not business.serves_city(place.city, place.state):
        outside = ", ".join(part for part in (place.city, place.state) if part)
        check = "check the city and ask for the ZIP"
    else:
        return
    desk.note(bookable=False)
    raise OutsideServiceArea(
        f"We do not serve {outside}. Say so kindly; {check} if it may be misheard."
    )


def _slot(desk: Desk, asked: BookAppointment, at: Moment, start: datetime) -> Slot:
    """The window, offered in this call before or offerable now, with the crews still free."""
    held = held_windows(desk, at.now, start.date())
    offered = desk.memory.offered.get(start)
    # An emergency window was offered an hour and a half ahead; by now its lead may have passed.
    if offered is not None and start > at.now:
        return still_free(desk.business, held, offered.window)
    return find(desk.business, held, at.now, start, is_emergency=asked.is_emergency)


def _check_price(desk: Desk, slot: Slot, quote: Quote, agreed: float, at: Moment) -> None:
    if quote.total_estimate <= round(agreed * 100):
        return
    today = desk.business.local(at.now).date()
    day = wording.day(desk.business.local(slot.window.start), today)
    raise PriceRose(
        "It costs more than the caller agreed to. Say the figures, and book again if they agree, "
        "with total_estimate as estimated_cost.",
        say=wording.say_cost(quote, day),
        window=window_json(desk.business, slot.window),
        **wording.cost(quote),
    )


def _keep(desk: Desk, job: Job, slot: Slot, at: Moment) -> tuple[Job, bool]:
    """Hold the first crew that is still free; somebody may have been quicker."""
    customer = Customer(
        business_id=job.business_id,
        phone=job.phone.normalised,
        name=job.customer_name,
        email=job.email,
        address=job.address.normalised,
        synthetic=job.synthetic,
        created_at=job.created_at,
        updated_at=job.created_at,
    )
    for crew in slot.crews:
        try:
            with_crew = job.model_copy(update={"crew": crew})
            is_new = desk.ports.jobs.book(with_crew, customer, duties(desk, with_crew, at))
        except WindowTaken:
            continue
        return (with_crew if is_new else desk.ports.jobs.get(job.job_id) or with_crew), is_new
    raise WindowTaken("Somebody else has just taken that window. Offer another.")


def _job(
    desk: Desk,
    asked: BookAppointment,
    at: Moment,
    job_id: str,
    slot: Slot,
    quote: Quote,
    phone: Contact,
    address: Contact,
) -> Job:
    confirmed = {"confirmed": asked.confirmed}
    return Job(
        job_id=job_id,
        business_id=desk.business.id,
        call_sid=desk.call_sid,
        customer_name=asked.customer_name,
        phone=phone.model_copy(update=confirmed),
        address=address.model_copy(update=confirmed),
        email=asked.email,
        service_type=asked.service_type,
        description=asked.description,
        notes=asked.notes,
        window=wording.local(desk.business, slot.window),
        time_zone=desk.business.time_zone,
        crew=slot.crews[0],
        rate="after_hours" if slot.after_hours else "regular",
        after_hours=slot.after_hours,
        is_emergency=asked.is_emergency,
        priority=_priority(desk, asked),
        estimate=quote.total_estimate,
        visit_fee=quote.visit_fee,
        deposit=quote.deposit,
        synthetic=desk.synthetic,
        created_at=at.now,
    )


def _priority(desk: Desk, asked: BookAppointment) -> Priority:
    try:
        call = desk.ports.calls.get(desk.call_sid)
    except PortError:
        call = None
    if call is not None and call.hazard is not None:
        return Priority.LIFE_SAFETY if call.hazard in LIFE_SAFETY else Priority.SAME_DAY
    if asked.is_emergency:
        return Priority.SAME_DAY
    return Priority.MAINTENANCE if asked.service_type == "maintenance" else Priority.NORMAL
