"""What the times of one choice come to: an earliest and a latest clock time."""

from dataclasses import dataclass
from datetime import time

from shared.domain.calendar.spoken_dates.clock import (
    NIGHT,
    PART_WORDS,
    PARTS,
    At,
    Part,
    Times,
    between,
)
from shared.domain.calendar.spoken_dates.groups import Said

_DAWN_HOUR = 5  # "tonight at three", said after midnight, is before it
_FIRST, _LAST = 0, 24 * 60 - 1  # minutes of a day


@dataclass(frozen=True, slots=True)
class ClockTime:
    earliest: time | None = None
    latest: time | None = None
    loose: bool = False


def clock_of(said: list[Said], refused: list[Said], past: time | None) -> ClockTime | None:
    """The bounds that all of `said` have together; None where they leave no time.

    past: the local time where the day is today: of two halves of the day the one still to come
        is meant.
    """
    parts = [value for value in said if isinstance(value, Part)]
    times = [value for value in said if isinstance(value, Times)]
    half = next((part.half for part in parts if part.half), None)
    if PARTS[NIGHT] in parts and times:
        half = "am" if times[0].first.hour < _DAWN_HOUR else "pm"
    for value in times:
        if value.kind == "at":
            at = _meant(value.first, half, past)
            return ClockTime(at, at)
    bounds = [_bounds(value, half, past) for value in times]
    if any(bound is None for bound in bounds):
        return None
    around = any(value.kind == "around" for value in times)
    alone = bounds[-1:]
    bounds += [(part.earliest, part.latest) for part in parts if not around]
    bounds += [_left(value, half, past) for value in refused]
    known = [bound for bound in bounds if bound is not None]
    together = _together(known, loose=not times and not refused)
    # "Before five tonight", "school until three, so after three": the last clock time counts.
    return together or (
        _together([b for b in alone if b is not None], loose=False) if alone else None
    )


def _together(bounds: list[tuple[time | None, time | None]], *, loose: bool) -> ClockTime | None:
    first = max((bound[0] for bound in bounds if bound[0]), default=None)
    last = min((bound[1] for bound in bounds if bound[1]), default=None)
    if first and last and first >= last:
        return None
    # What two parts have in common is no part that may be stretched.
    return ClockTime(first, last, loose and (first, last) in PART_WORDS and bool(first or last))


def _meant(at: At, half: str | None, past: time | None) -> time:
    usual = at.meant(half)
    if past is None or half or at.half or usual > past:
        return usual
    other = at.meant("am" if usual.hour >= 12 else "pm")
    return other if other > past else usual


def _bounds(
    value: Times, half: str | None, past: time | None
) -> tuple[time | None, time | None] | None:
    if value.kind == "between" and value.second is not None:
        found = between(value.first, value.second, half)
        if found is not None and past is not None and found[1] <= past and not half:
            return between(value.first, value.second, "pm")
        return found
    at = _meant(value.first, half, past)
    if value.kind == "after":
        return at, None
    if value.kind == "before":
        return None, at
    return _moved(at, -60), _moved(at, 60)


def _left(
    value: Said, half: str | None, past: time | None
) -> tuple[time | None, time | None] | None:
    """What is left of the day when `value` will not do."""
    if isinstance(value, Part):
        if value.half is None:
            return None  # what is left when lunchtime is not, is no one range
        if value.earliest is None or (value.half == "am" and value.latest is not None):
            return value.latest, None
        return None, value.earliest
    if isinstance(value, Times) and value.kind in ("after", "before"):
        at = _meant(value.first, half, past)
        return (at, None) if value.kind == "before" else (None, at)
    return None


def _moved(at: time, minutes: int) -> time:
    minute = min(max(at.hour * 60 + at.minute + minutes, _FIRST), _LAST)
    return time(minute // 60, minute % 60)
