"""Who may be sent: what a crew can do and when it works, and what a service asks of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shared.domain.calendar.hours import DAY, OpenHours
from shared.domain.fields import DAYS, Day, Trade
from shared.domain.models import Value
from shared.domain.rate_card import Service

WEEK = len(DAYS) * DAY  # minutes


class Crew(Value):
    """What is so of one crew alone. A crew without such terms does every trade of the business and
    comes whenever a window is offered."""

    trades: tuple[Trade, ...] = ()  # none named: all of the business's
    # When it works, whatever the business's own hours are: nothing that it does begins before or
    # ends after. A day that is not named it does not work; without any it is bound to none.
    hours: dict[Day, OpenHours] | None = None
    days_off: tuple[date, ...] = ()  # from midnight to midnight

    def does(self, trade: Trade | None) -> bool:
        return not self.trades or trade is None or trade in self.trades

    def works_on(self, day: date) -> OpenHours | None:
        """Its hours that begin on that date."""
        return (self.hours or {}).get(DAYS[day.weekday()])


ANY_TIME = Crew()


@dataclass(frozen=True, slots=True)
class Work:
    """What a visit asks of a crew: its trade, and for how many hours it is held."""

    trade: Trade | None  # None: the rate card no longer knows the service
    hours: int


def overlap(hours: Mapping[Day, OpenHours]) -> str | None:
    """The day whose hours run into the next one's, as a fault; None where none do."""
    for n, day in enumerate(DAYS):
        following = DAYS[(n + 1) % len(DAYS)]
        today, tomorrow = hours.get(day), hours.get(following)
        # Swapped by mistake, or two days' hours at once: either way not what was meant.
        if today and tomorrow and today.closes - DAY >= max(tomorrow.opens, 1):
            return (
                f"hours.{day} closes before it opens, and taken as the next day's time it "
                f"runs into hours.{following}"
            )
    return None


def faults(
    trades: Sequence[Trade],
    crews: Sequence[str],
    terms: Mapping[str, Crew],
    services: Mapping[str, Service],
    least: int,
) -> Iterator[str]:
    """What does not fit together, a line each, in the words of whoever wrote the file.

    `least` is for how many hours a crew is held at least.
    """
    named = " and ".join(trades)
    if len(set(trades)) != len(trades):
        yield f"more_trades names a trade twice: the business's are {named}"
        return
    for name, crew in terms.items():
        if name not in crews:
            yield f"crew.{name}: crews has no such name; it has {', '.join(crews)}"
        if strange := [trade for trade in crew.trades if trade not in trades]:
            yield f"crew.{name}.trades: {strange[0]} is no trade of this business, {named} is"
        if fault := overlap(crew.hours or {}):
            yield f"crew.{name}: {fault}"
    for name, service in services.items():
        trade = service.trade or trades[0]
        where = f"card.services.{name}"
        if service.trade is None and len(trades) > 1:
            yield f"{where}: say its trade, one of {named}"
        elif trade not in trades:
            yield f"{where}.trade: {trade} is no trade of this business, {named} is"
        else:
            able = [each for crew in crews if (each := terms.get(crew, ANY_TIME)).does(trade)]
            if not able:
                yield f"{where}: no crew does {trade}"
            elif all(_longest_shift(crew) < 60 * max(service.hours, least) for crew in able):
                yield f"{where}: no {trade} crew works {max(service.hours, least)} hours on end"
    for trade in trades:
        if len(trades) > 1 and not any(s.trade == trade for s in services.values()):
            yield f"more_trades: card.services has nothing of {trade}"


def _longest_shift(crew: Crew) -> int:
    """For how many minutes it works on end, at most: one day's hours may go on in the next's."""
    if crew.hours is None:
        return WEEK
    days = [(n * DAY, crew.hours.get(DAYS[n % len(DAYS)])) for n in range(2 * len(DAYS))]
    spans = [(at + first, at + last) for at, each in days if each for first, last in each.spans]
    longest, begun, until = 0, 0, -1
    for opens, closes in spans:
        begun = begun if opens == until else opens
        longest, until = max(longest, closes - begun), closes
    return min(longest, WEEK)
