"""book_appointment: the job first, in one transaction; then the deposit; then the texts.

From the transaction on the caller is booked, whatever Stripe or the phone network do: what fails
later leaves a follow-up and is told as it is. A second booking of the same visit moves the first.
"""

from dataclasses import replace
from datetime import UTC

from shared.actions.ports import JobChanged
from shared.actions.texts import wording
from shared.domain.call_time import CallTime
from shared.domain.errors import (
    PortError,
    TooManyBookings,
    WindowNotOffered,
    WindowTaken,
)
from shared.domain.models import (
    LIFE_SAFETY,
    Contact,
    Customer,
    Job,
    Priority,
    Quote,
    Slot,
)
from shared.domain.outcomes import CallStage
from shared.domain.spoken import contact
from shared.domain.spoken.addresses.address import Address
from shared.tools.arguments import BookAppointment
from shared.tools.availability import assigned, quote_of
from shared.tools.booking import consent, visits
from shared.tools.booking.checks import (
    check_area,
    check_price,
    offer_others,
    place_of,
    slot_of,
    to_pay,
)
from shared.tools.booking.move import move
from shared.tools.booking.reply import KeptJob, confirm, follow_ups_of
from shared.tools.booking.visits import Visit
from shared.tools.context import MAX_BOOKINGS, MAX_MOVES, ToolContext, ToolReply

# Which of "phone" and "address" the caller said yes to.
Confirmed = frozenset[str]
# Each try that fails means that the job of this call was changed by somebody else meanwhile.
TRIES = 5


def book_appointment(
    context: ToolContext, asked: BookAppointment, at: CallTime, confirmed: Confirmed
) -> ToolReply:
    """Book the window, or say why not; the same visit of the same call is the same job, and at
    another window it is moved there.

    `confirmed` names what the caller said yes to when it was read back: "phone", "address", both
    or neither. Code that heard the call knows it; a model only claims it. Keys of the reply: see
    `booking.reply`.

    Raises:
        WindowTaken, WindowNotOffered: `available_slots` in the details are offered instead.
        PriceRose: it costs more than the caller agreed to; the figures are in the details.
        OutsideServiceArea, BadContact, UnknownService, TooManyBookings: nothing was done.
    """
    question = f"{sorted(confirmed)} {asked.model_dump_json()}"
    if question in context.memory.replies:
        # What is so is known since it was told first: one text is not two.
        return replace(context.memory.replies[question], facts=(), telling=None)
    kept = _decided(context, asked, at, confirmed)
    context.note(CallStage.BOOKED, job_id=kept.job.job_id, bookable=True)
    reply = confirm(context, kept, asked.estimated_cost, at)
    if kept.is_new:
        consent.keep(context, kept.job)
    replies = context.memory.replies
    if kept.is_new and kept.was is not None:
        # What was told of the old window is no longer true.
        replies = {k: r for k, r in replies.items() if r.output["job_id"] != kept.job.job_id}
    context.memory.replies = {**replies, question: reply}
    return reply


def _decided(
    context: ToolContext, asked: BookAppointment, at: CallTime, confirmed: Confirmed
) -> KeptJob:
    for _ in range(TRIES):
        try:
            return _book(context, asked, at, confirmed)
        except JobChanged:
            continue  # paid, or clicked on, at this very moment: decided anew
    raise PortError("the job of this call kept changing")


def _book(
    context: ToolContext, asked: BookAppointment, at: CallTime, confirmed: Confirmed
) -> KeptJob:
    start = asked.scheduled_time.astimezone(UTC)
    phone, place, address = _contacts(context, asked, confirmed)
    check_area(context, place, asked.zip or place.zip)
    visit = Visit(start, asked.service_type, phone.normalised, address.normalised)
    ours = visits.of_call(context.ports.jobs, context.call_sid)
    before = visits.meant(visit, ours)
    if before is not None and visit.is_met_by(before):
        return KeptJob(before, is_new=False)
    _check_often(context, ours, before)
    try:
        slot = slot_of(context, asked, at, start, before)
        quote = quote_of(context, slot, asked.service_type, asked.description)
        check_price(context, slot, to_pay(quote, before), asked.estimated_cost, at)
        job_id = visits.new_id(context.call_sid, start, ours)
        job = _job(context, asked, at, job_id, slot, quote, phone, address).model_copy(
            update={"consent": consent.given(context, confirmed, at)}
        )
        if before is None:
            return _keep(context, job, slot, at)
        return move(context, before, job, customer_of(job), slot.crews, at)
    except (WindowTaken, WindowNotOffered) as refusal:
        now = visits.meant(visit, visits.of_call(context.ports.jobs, context.call_sid))
        if now is not None and visit.is_met_by(now):
            return KeptJob(now, is_new=False)  # the same call, asked twice at the same moment
        if now is not None and before is not None and now.version != before.version:
            # Moved meanwhile, by the same call: the hours that were in the way may be its own.
            raise JobChanged(now.job_id) from refusal
        offer_others(context, asked, at, refusal)
        raise


def _contacts(
    context: ToolContext, asked: BookAppointment, confirmed: Confirmed
) -> tuple[Contact, Address, Contact]:
    """The caller's phone, the place of the visit in its parts, and that place as it is kept.

    Phone and address are each confirmed or not, whatever the other is.
    """
    phone = contact.phone(asked.phone, context.caller)
    place = place_of(context, asked.address)
    address = Contact(
        raw=asked.address,
        normalised=place.normalised,
        # An address without a house number is kept as it was said: nobody can have confirmed it.
        confirmed="address" in confirmed and bool(place.number),
    )
    return phone.model_copy(update={"confirmed": "phone" in confirmed}), place, address


def _check_often(context: ToolContext, ours: list[Job], before: Job | None) -> None:
    if before is None and len(ours) >= MAX_BOOKINGS:
        raise TooManyBookings("This call has made all the bookings one call may. Offer a person.")
    if before is not None and context.memory.moves >= MAX_MOVES:
        raise TooManyBookings(
            "This call has moved its booking as often as one call may; it stands as it was last "
            "confirmed. Offer a person."
        )


def customer_of(job: Job) -> Customer:
    return Customer(
        business_id=job.business_id,
        phone=job.phone.normalised,
        name=job.customer_name,
        email=job.email,
        address=job.address.normalised,
        synthetic=job.synthetic,
        created_at=job.created_at,
        updated_at=job.created_at,
    )


def _keep(context: ToolContext, job: Job, slot: Slot, at: CallTime) -> KeptJob:
    """Hold the first crew that is still free; somebody may have been quicker."""
    customer = customer_of(job)
    for crew in slot.crews:
        try:
            with_crew = assigned(context, job, crew)
            is_new = context.ports.jobs.book(
                with_crew, customer, follow_ups_of(context, with_crew, at)
            )
        except WindowTaken:
            continue
        stands = with_crew if is_new else context.ports.jobs.get(job.job_id) or with_crew
        return KeptJob(stands, is_new=is_new)
    raise WindowTaken("Somebody else has just taken that window. Offer another.")


def _job(
    context: ToolContext,
    asked: BookAppointment,
    at: CallTime,
    job_id: str,
    slot: Slot,
    quote: Quote,
    phone: Contact,
    address: Contact,
) -> Job:
    return Job(
        job_id=job_id,
        business_id=context.business.id,
        call_sid=context.call_sid,
        customer_name=asked.customer_name,
        phone=phone,
        address=address,
        email=asked.email,
        service_type=asked.service_type,
        description=asked.description,
        notes=asked.notes,
        window=wording.local(context.business, slot.window),
        time_zone=context.business.time_zone,
        crew=slot.crews[0],
        hours=context.business.work(asked.service_type).hours,
        rate="after_hours" if slot.after_hours else "regular",
        after_hours=slot.after_hours,
        is_emergency=asked.is_emergency,
        priority=_priority(context, asked),
        estimate=quote.total_estimate,
        visit_fee=quote.visit_fee,
        deposit=quote.deposit,
        covered=quote.covered,
        synthetic=context.synthetic,
        created_at=at.now,
    )


def _priority(context: ToolContext, asked: BookAppointment) -> Priority:
    try:
        call = context.ports.calls.get(context.call_sid)
    except PortError:
        call = None
    if call is not None and call.danger is not None:
        return Priority.LIFE_SAFETY if call.danger in LIFE_SAFETY else Priority.SAME_DAY
    if asked.is_emergency:
        return Priority.SAME_DAY
    return Priority.MAINTENANCE if asked.service_type == "maintenance" else Priority.NORMAL
