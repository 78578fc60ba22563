"""What a caller's words about a day and a time are taken for."""

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class Reading:
    """When a visit would suit, in the business's local time.

    first, last: the days, both included; they are equal for one day. `first` is None where no day
        was named, `last` alone is None where there is no end ("Thursday or later").
    earliest, latest: clock times, None where that side is open; equal for one clock time, which
        the window has to hold.
    loose: the times are those of a part of the day ("morning"), so about an hour more will do.
    without: days between `first` and `last` that will not do; `never_on` is the same for weekdays
        (0 is Monday) where the range has no end.
    others: what would do as well ("Friday or Saturday morning"), each with no others of its own.
    """

    first: date | None = None
    last: date | None = None
    earliest: time | None = None
    latest: time | None = None
    loose: bool = False
    without: tuple[date, ...] = ()
    never_on: frozenset[int] = frozenset()
    others: tuple["Reading", ...] = ()

    @property
    def exact(self) -> bool:
        """One clock time was named."""
        return self.earliest is not None and self.earliest == self.latest

    @property
    def all(self) -> tuple["Reading", ...]:
        """This reading and its others."""
        return (self, *self.others)

    def allows(self, day: date) -> bool:
        """Whether this reading itself, without its others, has room for that day."""
        if day in self.without or day.weekday() in self.never_on:
            return False
        if self.first is None:
            return True
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Two readings or more that the words bear alike: which is meant has to be asked."""

    readings: tuple[Reading, ...]
