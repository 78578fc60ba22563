"""A reading said back: the weekday always stands with the date."""

from datetime import date, datetime, time

from shared.domain.calendar.spoken_dates.clock import PART_WORDS
from shared.domain.calendar.spoken_dates.names import WEEKDAYS
from shared.domain.calendar.spoken_dates.reading import Ambiguous, Reading
from shared.domain.calendar.spoken_dates.spans import ONE_DAY, next_date


def spoken(meant: Reading | Ambiguous, now: datetime) -> str:
    """ "Tuesday, September 2nd, after 4 PM", or the question which of two readings is meant.

    now: the local time of the call; a date that is not the next one of its name gets its year.
    """
    if isinstance(meant, Ambiguous):
        return f"Do you mean {' or '.join(spoken(reading, now) for reading in meant.readings)}?"
    timed = any(_clock(reading) for reading in meant.all)
    return " or ".join(_alone(reading, now.date(), timed) for reading in meant.all)


def _alone(reading: Reading, today: date, timed: bool) -> str:
    # Beside a choice with a time, one without says so, or that time would be heard for both.
    parts = [_days(reading, today), _clock(reading) or ("any time" if timed else "")]
    without = [_range(*run, today) for run in _runs(reading.without)]
    without += [f"{WEEKDAYS[weekday].title()}s" for weekday in sorted(reading.never_on)]
    if without:
        parts.append(f"but not {' or '.join(without)}")
    return ", ".join(part for part in parts if part) or "any time"


def _runs(days: tuple[date, ...]) -> list[tuple[date, date]]:
    """Days in a row as the first and the last of them."""
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and runs[-1][1] + ONE_DAY == day:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _days(reading: Reading, today: date) -> str:
    if reading.first is None:
        return ""
    if reading.last is None:
        return f"{_day(reading.first, today)} or later"
    return _range(reading.first, reading.last, today)


def _range(first: date, last: date, today: date) -> str:
    return _day(first, today) if first == last else f"{_day(first, today)} to {_day(last, today)}"


def _day(day: date, today: date) -> str:
    year = "" if next_date(today, day.month, day.day) == day else f", {day.year}"
    return f"{day:%A}, {day:%B} {day.day}{_ending(day.day)}{year}"


def _ending(number: int) -> str:
    if 11 <= number <= 13:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _clock(reading: Reading) -> str:
    earliest, latest = reading.earliest, reading.latest
    if reading.loose:
        return PART_WORDS[earliest, latest]
    if earliest is None:
        return "" if latest is None else f"before {_time(latest)}"
    if latest is None:
        return f"after {_time(earliest)}"
    if earliest == latest:
        return f"at {_time(earliest)}"
    return f"between {_time(earliest)} and {_time(latest)}"


def _time(at: time) -> str:
    if (at.hour, at.minute) in ((12, 0), (0, 0)):
        return "noon" if at.hour else "midnight"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes} {'AM' if at.hour < 12 else 'PM'}"
