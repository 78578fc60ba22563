"""When people call: four weeks of calls, more on Mondays and in the morning."""

import random
from datetime import UTC, date, datetime, time, timedelta

from shared.domain.business import Business

FIRST_DAY = date(2025, 10, 6)  # a Monday; the clocks go back on the last day
DAYS = 28
_WEEKDAYS = (13, 11, 10, 10, 10, 6, 4)
_HOURS = (1, 1, 1, 1, 1, 2, 5, 10, 14, 13, 11, 10, 9, 9, 8, 8, 8, 7, 6, 5, 4, 3, 2, 1)


def moments(business: Business, rng: random.Random, calls: int) -> list[datetime]:
    """When each call came in, in order; aware, to the millisecond."""
    days = [FIRST_DAY + timedelta(days=n) for n in range(DAYS)]
    chosen = rng.choices(days, weights=[_WEEKDAYS[day.weekday()] for day in days], k=calls)
    return sorted(_within(business, day, rng) for day in chosen)


def _within(business: Business, day: date, rng: random.Random) -> datetime:
    hour = rng.choices(range(24), weights=_HOURS)[0]
    at = time(hour, rng.randrange(60), rng.randrange(60), rng.randrange(1000) * 1000)
    return datetime.combine(day, at, business.zone).astimezone(UTC)
