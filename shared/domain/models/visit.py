"""When a technician comes, and what it costs. Money in US cents, times aware."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, model_validator

from shared.domain.models.value import Value
from shared.domain.money import Cents

HOUR = timedelta(hours=1)
WINDOW_HOURS = 2  # where a file says nothing else
LONGEST_WINDOW = 4
LENGTHS = tuple(n * HOUR for n in range(1, LONGEST_WINDOW + 1))
# One hour of one crew: the crew's name, and the hour in UTC.
Hold = tuple[str, datetime]


class Window(Value):
    """The hours in which a technician arrives. Start is inclusive, end exclusive."""

    start: AwareDatetime
    end: AwareDatetime

    @classmethod
    def at(cls, start: datetime, hours: int = WINDOW_HOURS) -> "Window":
        """The window from `start`, ending so many real hours later, in the zone of `start`."""
        end = (start.astimezone(UTC) + hours * HOUR).astimezone(start.tzinfo)
        return cls(start=start, end=end)

    @model_validator(mode="after")
    def _whole_hours(self) -> Self:
        if self._lasts not in LENGTHS:
            raise ValueError("a window is one to four whole hours")
        if self.start.minute or self.start.second or self.start.microsecond:
            raise ValueError("a window starts on a full hour")
        return self

    @property
    def _lasts(self) -> timedelta:
        return self.end.astimezone(UTC) - self.start.astimezone(UTC)

    @property
    def hours(self) -> tuple[datetime, ...]:
        """The hours it occupies, in UTC: what two overlapping windows always share."""
        first = self.start.astimezone(UTC)
        return tuple(first + n * HOUR for n in range(self._lasts // HOUR))


class Covered(StrEnum):
    """Why nothing is quoted: the office confirms what a visit costs who says so."""

    MEMBER = "member"  # of a plan
    WARRANTY = "warranty"
    RECENT = "recent visit"  # somebody was just there


class Quote(Value):
    """What one visit costs at one rate. Amounts in US cents; all are 0 where it is `covered`."""

    service_type: str
    after_hours: bool
    service_call: Cents  # the flat visit fee, never multiplied
    low: Cents  # the range at regular hours
    high: Cents
    after_hours_low: Cents
    after_hours_high: Cents
    estimated_repair: Cents
    total_estimate: Cents
    emergency_fee: Cents  # the whole visit fee after hours, 0 in business hours
    deposit: Cents
    covered: Covered | None = None

    @property
    def visit_fee(self) -> Cents:
        """What the visit itself costs at this rate: 165 by day, 248 after hours."""
        return self.emergency_fee or self.service_call


class Slot(Value):
    """A window the business could still serve, with the rate that holds in it."""

    window: Window
    after_hours: bool
    immediate: bool = False  # the emergency window, off the business grid
    crews: tuple[str, ...] = ()  # free crews, in the order they are tried
