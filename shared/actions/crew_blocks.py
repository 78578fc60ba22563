"""Where hours are kept in which a crew takes no job; the adapter and fakes implement it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

HOLDER = "block"


class CrewBusy(Exception):
    """A job holds one of the hours. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Held:
    """By whom an hour of a crew is held."""

    holder: str  # a job's id, or HOLDER
    reason: str  # of a block, else ""

    @property
    def is_block(self) -> bool:
        return self.holder == HOLDER


class Blocks(Protocol):
    """The blocks of one stage. What fails is a PortError."""

    def held(
        self, business_id: str, crew: str, first: datetime, last: datetime
    ) -> Mapping[datetime, Held]:
        """Every hour of a crew that is held, from hour `first` to hour `last`, both included."""

    def block(self, business_id: str, crew: str, hours: Iterable[datetime], reason: str) -> None:
        """Hold the hours, at most a hundred, all or none; those that are blocked stay so.

        Raises:
            CrewBusy: a job holds one of them.
        """

    def free(self, business_id: str, crew: str, hours: Iterable[datetime]) -> None:
        """Give blocked hours back, at most a hundred, all or none; what is free is left.

        Raises:
            CrewBusy: a job holds one of them.
        """
