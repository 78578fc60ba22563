"""How other people's sets of dates are read.

Reads `recognizers_*.json` of a folder (Recognizers-Text, MIT): a list of objects with Input, the
reference time and what is found in it. Counted are those with one result or none. Their
convention differs from ours in places (a bare hour is the first half of the day, a weekday named on
itself is today, "next Friday" is one day), so the share says how much is understood, and is no aim.
Nothing of the data is kept here.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from shared.domain.calendar.spoken_dates.reading import Ambiguous, Reading
from shared.domain.calendar.spoken_dates.resolve import resolve
from tests.evals.dates.grade import as_json
from tests.evals.report import Report, Row

Json = dict[str, Any]


def fits(meant: Reading | Ambiguous | None, kind: str, wanted: Json) -> bool:
    """Whether a reading, or one of those that would be asked about, is what the set has."""
    if meant is None:
        return not wanted
    readings = meant.readings if isinstance(meant, Ambiguous) else meant.all
    return any(_fits(reading, kind, wanted) for reading in readings)


def _fits(reading: Reading, kind: str, wanted: Json) -> bool:
    if kind == "date":
        return reading.first == reading.last == _date(wanted.get("date"))
    if kind == "daterange":
        end = _date(wanted.get("endDate"))
        last = None if end is None else end - timedelta(days=1)  # theirs is the day after
        return reading.first == _date(wanted.get("startDate")) and reading.last in (last, end)
    if kind == "datetime":
        at = _moment(wanted.get("dateTime"))
        return at is not None and (reading.first, reading.earliest) == (at.date(), at.time())
    if kind == "datetimerange":
        start, end_at = _moment(wanted.get("startDateTime")), _moment(wanted.get("endDateTime"))
        days = start is not None and reading.first == start.date()
        return days and _times(
            reading,
            None if start is None else start.time(),
            None if end_at is None else end_at.time(),
        )
    start_time, end_time = wanted.get("startTime"), wanted.get("endTime")
    return _times(
        reading,
        time.fromisoformat(start_time) if start_time else None,
        time.fromisoformat(end_time) if end_time else None,
    )


def _times(reading: Reading, start: time | None, end: time | None) -> bool:
    return (reading.loose or reading.earliest == start) and (reading.loose or reading.latest == end)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _as_a_wish(text: str) -> str:
    """ "I'll be out" is how many of the inputs begin; to us that says when it will not do."""
    return re.sub(r"I'll be out", "I'll be there", text)


def _awake(now: datetime) -> datetime:
    """A reference without a time is midnight there, at which ours hears two days in "tomorrow"."""
    return now if (now.hour, now.minute) != (0, 0) else now.replace(hour=8)


def _is_past(text: str, wanted: Json, today: date) -> bool:
    """What is over is no wish for a visit, and never resolved here."""
    first = next((value for name, value in wanted.items() if "end" not in name), "")
    over = len(first) >= 10 and date.fromisoformat(first[:10]) < today
    return over or bool(re.search(r"\b(?:went|left|ago|last|past|previous|did|had)\b", text))


def compared(folder: Path) -> Iterator[Report]:
    """A report for each file of the folder."""
    for path in sorted(folder.glob("recognizers_*.json")):
        n = right = ahead = right_ahead = 0
        misses = []
        for row in json.loads(path.read_text("utf-8-sig")):
            results, reference = row["Results"], row.get("Context", {}).get("ReferenceDateTime")
            known = not results or results[0].get("Type", "").startswith(("date", "time"))
            if reference is None or not known or len(results) > 1:
                continue
            now = datetime.fromisoformat(reference).replace(tzinfo=UTC)
            value = (results[0].get("Value") or {}) if results else {}
            wanted = value.get("FutureResolution") or {}
            meant = resolve(_as_a_wish(row["Input"]), _awake(now), UTC)
            good = fits(meant, results[0]["Type"] if results else "", wanted)
            n, right = n + 1, right + good
            if not _is_past(row["Input"], wanted, now.date()):
                ahead, right_ahead = ahead + 1, right_ahead + good
            if not good:
                misses.append(f"{reference[:16]} {row['Input']!r}: {as_json(meant)} not {wanted}")
        if n:
            rows = [Row("the same", right, n), Row("of those to come", right_ahead, ahead)]
            yield Report(f"dates, {path.name}", rows, misses)
