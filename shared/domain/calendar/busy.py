"""When a crew is busy with what is not in our tables: read from a calendar of the owner's."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.domain.models import Hold

FRESH_FOR = timedelta(minutes=5)  # then it is read again before a window is offered
SURE_FOR = timedelta(minutes=30)  # then what is offered is to be confirmed
HORIZON = timedelta(days=75)  # as far as windows are offered, and a little more
HOUR = timedelta(hours=1)

Span = tuple[datetime, datetime]  # aware; the end is not in it


@dataclass(frozen=True, slots=True)
class BusyCrews:
    """What is known of the calendars of a business's crews at this moment."""

    holds: frozenset[Hold] = frozenset()
    unsure: frozenset[str] = frozenset()  # crews whose calendar could not be read lately


def holds(crew: str, spans: Iterable[Span]) -> Iterator[Hold]:
    """Every hour, in UTC, that a span touches: a crew that is busy for half of it is not free."""
    for start, end in spans:
        at = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        while at < end:
            yield crew, at
            at += HOUR
