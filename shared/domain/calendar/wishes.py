"""A caller's wish for a visit beside the windows that are free."""

from dataclasses import dataclass
from datetime import date, datetime, time

from shared.domain.business import Business
from shared.domain.calendar.hours import DAY
from shared.domain.calendar.spoken_dates.reading import Reading
from shared.domain.calendar.spoken_dates.said import spoken
from shared.domain.models import Slot

HOUR = 60  # minutes


@dataclass(frozen=True, slots=True)
class Wish:
    """What was read of a caller's words. `words` say it back, the weekday with its date."""

    reading: Reading
    words: str
    day: date  # the first that will do: windows are looked for from it on

    @property
    def timed(self) -> bool:
        """A time or a part of the day was named."""
        return any(one.earliest or one.latest for one in self.reading.all)

    def has(self, business: Business, slot: Slot) -> bool:
        """Whether the window starts on a day that will do."""
        day = business.local(slot.window.start).date()
        return any(one.allows(day) for one in self.reading.all)

    def distance(self, business: Business, slot: Slot) -> int:
        """How many minutes the window lies outside the time that will do; 0 when it will do."""
        start = business.local(slot.window.start)
        there = [one for one in self.reading.all if one.allows(start.date())]
        minute = start.hour * 60 + start.minute
        length = len(slot.window.hours) * HOUR
        return min((_distance(one, minute, length) for one in there), default=DAY)


def wish(reading: Reading, now: datetime) -> Wish:
    """now: the local time of the call."""
    days = [one.first for one in reading.all if one.first is not None]
    return Wish(reading, spoken(reading, now), min(days, default=now.date()))


def _distance(reading: Reading, start: int, length: int) -> int:
    """Minutes from the starts that will do: a window from 8 to 10 is no visit "after nine", and
    one clock time, or a time shorter than a window, only has to lie within it."""
    earliest, latest = _minute(reading.earliest, 0), _minute(reading.latest, DAY)
    if latest - earliest < length:
        first, last = latest - length + (1 if reading.exact else 0), earliest
    else:
        first, last = earliest, latest - (1 if reading.loose else length)
    return max(first - start, start - last, 0)


def _minute(at: time | None, otherwise: int) -> int:
    return otherwise if at is None else at.hour * 60 + at.minute
