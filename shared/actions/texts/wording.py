"""Times and money as the agent says them and as the tools write them."""

from datetime import date, datetime, timedelta

from shared.domain.business import Business
from shared.domain.deposits import refundable_until
from shared.domain.models import Job, Quote, Window
from shared.domain.money import dollars, spoken
from shared.domain.spoken.contact import read_back_phone

EVENING = 17
# Of a visit that is covered by a plan or a warranty, or was just made: nothing is quoted.
OFFICE_CONFIRMS = "our office will confirm the cost before the visit"
# Of a window whose crew may be busy elsewhere, for all we could read.
TIME_CONFIRMED = "our office will confirm the time"
# Of a number that takes no texts of ours, by what became of one (see `outbox.Sent`).
_UNREACHED = "That number does not take our texts, so the office will be in touch."
NOT_TEXTED = {
    "opted_out": "I can't text that number, so the office will be in touch.",
    "mailed": "I can't text that number, so it goes to your email.",
    "refused": _UNREACHED,
    "skipped": _UNREACHED,
}


def display(at: datetime) -> str:
    """`Thu, Aug 28, 9:00 PM`: the day and the hour without leading zeros, on every platform."""
    return f"{at:%a, %b} {at.day}, {_hour(at)}:{at:%M %p}"


def span(window: Window) -> str:
    """`9 to 11 PM`, `11 AM to 1 PM`, `10 AM to noon`: which 12 o'clock it is, not all agree on."""
    start, end = window.start, window.end
    first = f"{_hour(start)}" if f"{start:%p}" == f"{end:%p}" else f"{_hour(start)} {start:%p}"
    last = f"{_hour(end)} {end:%p}"
    return f"{_twelve(start) or first} to {_twelve(end) or last}"


def _twelve(at: datetime) -> str:
    return {0: "midnight", 12: "noon"}.get(at.hour, "") if at.minute == 0 else ""


def day(start: datetime, today: date) -> str:
    """`tonight`, `today`, `tomorrow`, else `Monday, September 1`."""
    if start.date() == today:
        return "tonight" if start.hour >= EVENING else "today"
    if start.date() == today + timedelta(days=1):
        return "tomorrow"
    return f"{start:%A, %B} {start.day}"


def when(business: Business, window: Window, now: datetime) -> str:
    """`tonight 9 to 11 PM`: what the agent says."""
    shown = local(business, window)
    return f"{day(shown.start, business.local(now).date())} {span(shown)}"


def moved(business: Business, was: Job, job: Job, now: datetime) -> str:
    """What the agent says of a visit that stands at another window now, or is put right."""
    if was.window == job.window:
        return f"I've changed that: {when(business, job.window, now)} at {job.address.normalised}."
    old, new = when(business, was.window, now), when(business, job.window, now)
    return f"I've moved your visit from {old} to {new}."


def written(business: Business, window: Window) -> str:
    """`Thu, Aug 28, 9 to 11 PM`: what a text message says, read on any day."""
    shown = local(business, window)
    return f"{shown.start:%a, %b} {shown.start.day}, {span(shown)}"


def local(business: Business, window: Window) -> Window:
    """The window on the business's own clock."""
    return Window(start=business.local(window.start), end=business.local(window.end))


def cost(quote: Quote) -> dict[str, object]:
    """One rate's prices for a tool's reply: `rate` ("regular" or "after_hours"), and in dollars
    `visit_fee`, `total_estimate` and `deposit`; of a covered visit `office_confirms_cost` alone."""
    if quote.covered is not None:
        return {"office_confirms_cost": True}
    return {
        "rate": "after_hours" if quote.after_hours else "regular",
        "visit_fee": dollars(quote.visit_fee),
        "total_estimate": dollars(quote.total_estimate),
        "deposit": dollars(quote.deposit),
    }


def price(quote: Quote, day: str) -> str:
    """`Tonight's visit is $248, about $825 in all.` The visit is credited: it is part of the
    estimate. `day` is that of the visit, in the words of `day`."""
    said = f"visit is {spoken(quote.visit_fee)}, about {spoken(quote.total_estimate)} in all."
    if not quote.after_hours:
        return f"The {said}"
    return f"{capital(day)}'s {said}" if day in ("tonight", "today") else f"After hours the {said}"


def say_cost(quote: Quote, day: str) -> str:
    """What a visit in one window costs; the deposit is never called anything else."""
    rate = "after-hours" if quote.after_hours else "regular"
    deposit = f" The deposit to hold it is {spoken(quote.deposit)}." if quote.deposit else ""
    return (
        f"{capital(day)} is at {rate} rates: the visit is {spoken(quote.visit_fee)}, credited "
        f"toward the work, and the estimate is about {spoken(quote.total_estimate)}.{deposit}"
    )


def terms(business: Business, window: Window, quote: Quote | Job, now: datetime) -> str:
    """`tonight 9 to 11 PM, $248 visit, $206 deposit, not refundable`; of a covered
    visit that the office confirms what it costs.

    A deposit is refundable when the visit is canceled so many hours before it; where that has
    passed, or is less than an hour away, nobody is told that it is.
    """
    if quote.covered is not None:
        return f"{when(business, window, now)}, with no deposit, and {OFFICE_CONFIRMS}"
    said = f"{when(business, window, now)}, {spoken(quote.visit_fee)} visit"
    if not quote.deposit:
        return said
    return f"{said}, {spoken(quote.deposit)} deposit, {refundable(business, window, now)}"


def refundable(business: Business, window: Window, now: datetime) -> str:
    """`refundable until tomorrow 2 PM`, or `not refundable`: in less than an hour it is not."""
    until = business.local(refundable_until(business.policy, window))
    if until - business.local(now) < timedelta(hours=1):
        return "not refundable"
    return f"refundable until {day(until, business.local(now).date())} {clock(until)}"


def clock(at: datetime) -> str:
    """`9 PM`, `9:30 PM`."""
    return f"{_hour(at)}:{at:%M %p}" if at.minute else f"{_hour(at)} {at:%p}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def number(e164: str | None) -> str:
    """A phone number as a text shows it: "555-123-0000"."""
    return read_back_phone(e164).replace(", ", "-") if e164 else "number withheld"


def _hour(at: datetime) -> int:
    return at.hour % 12 or 12
