"""Which of the free windows come nearest to the day, and the part of it, that was asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Protocol

from shared.domain.business import Business
from shared.domain.calendar.hours import DAY
from shared.domain.models import Slot

NOON, EVENING = 12 * 60, 17 * 60  # minutes after local midnight
WINDOW_MINUTES = 120


@dataclass(frozen=True, slots=True)
class DayPart:
    """Windows that start from `earliest` to `latest` are meant, in minutes after midnight."""

    words: str  # as in "nothing is free in the afternoon"
    earliest: int
    latest: int

    def distance(self, business: Business, slot: Slot) -> int:
        """How many minutes the window starts too early or too late; 0 when it is meant."""
        start = business.local(slot.window.start)
        minute = start.hour * 60 + start.minute
        return max(self.earliest - minute, minute - self.latest, 0)


MORNING = DayPart("in the morning", 0, NOON - 1)
AFTERNOON = DayPart("in the afternoon", NOON, EVENING - 1)
EVENINGS = DayPart("in the evening", EVENING, DAY - 1)


@dataclass(frozen=True, slots=True)
class PreferredDay:
    """The day somebody asked for, and the part of it if they named one."""

    day: date
    part: DayPart | None = None

    @property
    def timed(self) -> bool:
        """A part of the day was named."""
        return self.part is not None

    @property
    def words(self) -> str:
        """As in "nothing is free on Friday, August 29 in the afternoon"."""
        part = f" {self.part.words}" if self.part else ""
        return f"{self.day:%A, %B} {self.day.day}{part}"

    def has(self, business: Business, slot: Slot) -> bool:
        """Whether the window starts on that day."""
        return is_on(business, slot, self.day)

    def distance(self, business: Business, slot: Slot) -> int:
        """How many minutes the window lies outside the part; 0 when it is meant."""
        return self.part.distance(business, slot) if self.part else 0


class Wanted(Protocol):
    """A day, or more of them, and the part of it that is wanted."""

    @property
    def day(self) -> date: ...
    @property
    def timed(self) -> bool: ...
    @property
    def words(self) -> str: ...
    def has(self, business: Business, slot: Slot) -> bool: ...
    def distance(self, business: Business, slot: Slot) -> int: ...


def around(clock: time) -> DayPart:
    """The part of a day that somebody means by a time: the windows that hold it."""
    minute = clock.hour * 60 + clock.minute
    hour = f"{clock.hour % 12 or 12}:{clock:%M %p}"
    return DayPart(f"around {hour}", minute - WINDOW_MINUTES + 1, minute)


def nearest(
    business: Business, slots: Iterable[Slot], wanted: Wanted | None, most: int
) -> list[Slot]:
    """At most `most` of the free `slots`, which come in the order of time.

    The immediate window of an emergency stays first. Then come those of the day that was asked
    for: by their distance from its part, or spread over the day where no part was named, since
    a day's first three are all mornings. Then the days after it.
    """
    slots = list(slots)
    if wanted is None:
        return slots[:most]
    first = [slot for slot in slots if slot.immediate]
    there = [slot for slot in slots if not slot.immediate and wanted.has(business, slot)]
    later = [slot for slot in slots if slot not in first and slot not in there]
    if wanted.timed:
        there.sort(key=lambda slot: wanted.distance(business, slot))
    else:
        there = _spread(there, most - len(first))
    return [*first, *there, *later][:most]


def is_on(business: Business, slot: Slot, day: date) -> bool:
    """Whether the window starts on that local day."""
    return business.local(slot.window.start).date() == day


def _spread(slots: Sequence[Slot], most: int) -> list[Slot]:
    """`most` of the slots, from the first to the last at even distances."""
    if len(slots) <= most or most < 2:
        return list(slots[: max(most, 0)])
    return [slots[round(n * (len(slots) - 1) / (most - 1))] for n in range(most)]
