"""Which day a model's arguments ask for: the caller's own words decide, where there are any."""

from datetime import datetime

from shared.domain.business import Business
from shared.domain.calendar.preference import PreferredDay
from shared.domain.calendar.spoken_dates.reading import Ambiguous, Reading
from shared.domain.calendar.spoken_dates.resolve import resolve
from shared.domain.calendar.spoken_dates.said import spoken
from shared.domain.calendar.wishes import Wish, wish
from shared.domain.errors import WhichDay
from shared.tools.coercion import A_DAY
from shared.tools.schemas import BadArguments


def wanted(
    business: Business, day: PreferredDay | str | None, when: str | None, now: datetime
) -> PreferredDay | Wish | None:
    """`day` is preferred_date, a day or words; `when` are words, and may name the day as well.

    Raises:
        WhichDay: two readings stand; the message asks which is meant.
        BadArguments: `day` is words that name no day and no time.
    """
    local = business.local(now)
    meant = None if when is None else resolve(when, now, business.zone)
    if day is not None and _names_no_day(meant):
        words = _words(day) if meant is None else f"{_words(day)} {when}"
        meant = resolve(words, now, business.zone) if meant or isinstance(day, str) else None
        if meant is None and isinstance(day, str):
            raise BadArguments(f"preferred_date: {A_DAY}; today is {local:%A} {local.date()}")
    if isinstance(meant, Ambiguous):
        said = [spoken(reading, local) for reading in meant.readings]
        raise WhichDay(spoken(meant, local), readings=said)
    return wish(meant, local) if meant else day if isinstance(day, PreferredDay) else None


def _names_no_day(meant: Reading | Ambiguous | None) -> bool:
    return meant is None or (isinstance(meant, Reading) and meant.first is None)


def _words(day: PreferredDay | str) -> str:
    if isinstance(day, str):
        return day
    return f"{day.day.isoformat()} {day.part.words if day.part else ''}".strip()
