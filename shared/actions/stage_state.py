"""What is counted and kept over all calls of a stage: whether the model may take the next, and
whether its caller was cut off a moment ago."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.domain.money import Cents


@dataclass(frozen=True, slots=True)
class StageState:
    """How a stage fares."""

    lost: int  # of its newest ten calls those that lost the model
    spent: Cents  # on the model, today in UTC


@dataclass(frozen=True, slots=True)
class CallerState:
    """What is known of a number that calls."""

    calls: int  # within this hour, the one that is counted now included
    cut_call: str | None  # the SID of its call that was cut off, for as long as that is kept


class Admissions(Protocol):
    """All of it may raise PortError."""

    def state(self, now: datetime) -> StageState: ...

    def ended(self, *, lost: bool) -> None:
        """A call is over; the oldest of ten makes way."""

    def recovered(self) -> None:
        """None of the newest ten counts as lost any more."""

    def probe(self, now: datetime, *, every: timedelta) -> bool:
        """True for the first who asks, and for nobody else within `every`."""

    def first_today(self, what: str, now: datetime) -> bool:
        """True for the first who says so on this day in UTC."""

    def called(self, business_id: str, caller: str, now: datetime) -> CallerState:
        """Count a call of this number."""

    def cut_off(self, business_id: str, caller: str, call_sid: str, *, until: datetime) -> None:
        """Keep until then that this call of the number was cut off."""

    def called_back(self, business_id: str, caller: str, call_sid: str) -> None:
        """Forget it again: who was cut off is on the line."""

    def spend(self, spent: Cents, now: datetime) -> None: ...
