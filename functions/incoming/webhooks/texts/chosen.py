"""Which of the windows that were texted the answer names: by number, day or hour."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from functions.incoming.webhooks.texts.visits import nth
from shared.domain.models import Window

_ORDINALS = {"first": 0, "the first": 0, "first one": 0, "the first one": 0}
_ORDINALS |= {word.replace("first", "second"): 1 for word in _ORDINALS}
_HOUR = re.compile(r"\b(\d{1,2})(?::00)?\s*([ap])?\.?m?\b")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def chosen(word: str, windows: Sequence[Window], today: date) -> int | None:
    """The one window that fits all that was said of it; None where none or more than one does.

    `windows` are on the business's own clock.
    """
    by_number = nth(word, len(windows))
    if by_number is None:
        by_number = _ORDINALS.get(word)
    if by_number is not None:
        return by_number if by_number < len(windows) else None
    day, hour = _day(word, today), _HOUR.search(word)
    if day is None and hour is None:
        return None
    fit = [
        n
        for n, window in enumerate(windows)
        if (day is None or _is_on(window, day)) and (hour is None or _is_at(window, hour))
    ]
    return fit[0] if len(fit) == 1 else None


def _day(word: str, today: date) -> int | date | None:
    """A weekday from 0 on, or a date."""
    for name, days in (("tomorrow", 1), ("today", 0), ("tonight", 0)):
        if name in word:
            return today + timedelta(days=days)
    return next((n for n, name in enumerate(_DAYS) if re.search(rf"\b{name[:3]}", word)), None)


def _is_on(window: Window, day: int | date) -> bool:
    on = window.start.date()
    return on.weekday() == day if isinstance(day, int) else on == day


def _is_at(window: Window, hour: re.Match[str]) -> bool:
    said, half = int(hour[1]), hour[2]
    at = window.start.hour
    if half:
        return at == said % 12 + (12 if half == "p" else 0)
    return at in (said, said + 12) or (said == 12 and at == 0)
