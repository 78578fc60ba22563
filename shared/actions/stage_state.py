"""What is counted over all calls of a stage, to know whether the model may take the next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.domain.money import Cents


@dataclass(frozen=True, slots=True)
class StageState:
    """How a stage fares."""

    lost: int  # of its newest ten calls those that lost the model
    spent: Cents  # on the model, today in UTC


class Admissions(Protocol):
    """What is counted over all calls of a stage. All of it may raise PortError."""

    def state(self, now: datetime) -> StageState: ...

    def ended(self, *, lost: bool) -> None:
        """A call is over; the oldest of ten makes way."""

    def recovered(self) -> None:
        """None of the newest ten counts as lost any more."""

    def probe(self, now: datetime, *, every: timedelta) -> bool:
        """True for the first who asks, and for nobody else within `every`."""

    def called(self, business_id: str, caller: str, now: datetime) -> int:
        """Count a call of this number, and return how many there were in this hour."""

    def spend(self, spent: Cents, now: datetime) -> None: ...
