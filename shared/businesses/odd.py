"""What a good business file says that is most likely not meant: a warning for each."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from shared.domain.business import Business
from shared.domain.calendar.scheduling import offers
from shared.domain.fields import DAYS

SOON = timedelta(days=60)  # before a list of holidays ends
WEEK = 7
LONGEST_QUESTION = 12  # words


def warnings(business: Business, today: date) -> Iterator[str]:
    """A line for each, as `check` tells them."""
    if business.is_example:
        yield "numbers: they are of the range of examples, nobody can call them"
    yield from _holidays(business, today)
    yield from _windows(business, today)
    for name, service in business.card.services.items():
        if service.high == 0:
            yield f"card.services.{name}: it costs nothing"
    if not business.on_call:
        yield "on_call: nobody is named: at night the office is rung"
    words = len((business.wording.danger_question or "").split())
    if words > LONGEST_QUESTION:
        yield f"wording.danger_question: {words} words are long to hear; twelve at most"


def holidays_end(business: Business, today: date) -> date | None:
    """The last of its single holidays, where that is past or comes soon; None where it is not, and
    where there are holidays by rule, which never end."""
    last = max(business.holidays, default=None)
    ends = last is not None and last < today + SOON and not business.yearly_holidays
    return last if ends else None


def _holidays(business: Business, today: date) -> Iterator[str]:
    last = holidays_end(business, today)
    if not business.holidays and not business.yearly_holidays:
        yield "holidays: none is named, so it is open on all of them; see yearly_holidays"
    elif last is not None and last < today:
        yield f"holidays: the last one, {last}, is past; yearly_holidays never run out"
    elif last is not None:
        yield f"holidays: the list runs out on {last}; yearly_holidays never do"


def _windows(business: Business, today: date) -> Iterator[str]:
    """Starts that no day of the week ever offers."""
    week = [today + timedelta(days=n) for n in range(WEEK)]
    offered = {
        (day.weekday(), hour)
        for day in week
        for hour in business.starts_on(day)
        if offers(business, datetime.combine(day, time(hour), business.zone))
    }
    if not offered:
        yield "window_starts: no window is ever offered but the emergency one: see hours"
        return
    hours = {hour for _, hour in offered}
    length = business.window_hours
    for hour in business.window_starts:
        if hour not in hours and any(
            DAYS[d.weekday()] not in business.window_starts_on for d in week
        ):
            yield (
                f"window_starts: the window from {hour}:00 to {(hour + length) % 24}:00 is never "
                "offered: it lies within no day's hours, breaks left out"
            )
    for name, starts in business.window_starts_on.items():
        for hour in starts:
            if (DAYS.index(name), hour) not in offered:
                yield f"window_starts_on.{name}: the window from {hour}:00 is never offered"
