"""Offered windows: how they are said, and which one the caller means."""

import re
from datetime import date, datetime, timedelta

from services.simulator.receptionist.hearing.numbers import digits, words

Json = dict[str, object]

_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MERIDIEM = re.compile(r"\b([ap])\.?\s?m\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:first|former|earliest|soonest|earlier)\b", re.IGNORECASE)
_SECOND = re.compile(r"\b(?:second|latter|later|last|other one)\b", re.IGNORECASE)
_ANY = re.compile(r"\b(?:either|whichever|any|doesn't matter|don't care|both)\b", re.IGNORECASE)
_NONE = re.compile(
    r"\b(?:neither|none|something else|another (?:time|day)|different|any other|anything else)\b"
    r"|\b(?:don't|doesn't|won't|can't|not) (?:work|do|make|good)\b",
    re.IGNORECASE,
)


def start(slot: Json) -> datetime:
    """Return when a window begins."""
    return datetime.fromisoformat(str(slot["datetime"]))


def end(slot: Json) -> datetime:
    """Return when a window ends: two hours later where the tool does not say."""
    given = slot.get("end")
    return (
        datetime.fromisoformat(given)
        if isinstance(given, str)
        else start(slot) + timedelta(hours=2)
    )


def spoken(slot: Json, today: date | None) -> str:
    """Return a window as one says it, in the tool's words if it has any: "tonight 9 to 11 PM"."""
    own = slot.get("say")
    if isinstance(own, str) and own:
        return own
    begins, ends = start(slot), end(slot)
    first = f"{begins:%I}".lstrip("0")
    if begins.strftime("%p") != ends.strftime("%p"):
        first += f" {begins:%p}"
    hours = f"{first} to {f'{ends:%I}'.lstrip('0')} {ends:%p}"
    return f"{_day(begins, today)} {hours}"


def _day(begins: datetime, today: date | None) -> str:
    if today == begins.date():
        return "tonight" if begins.hour >= 17 else "today"
    if today is not None and today + timedelta(days=1) == begins.date():
        return "tomorrow"
    return f"{begins:%A, %B} {_ordinal(begins.day)},"


def _ordinal(day: int) -> str:
    ending = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def today_of(slots: list[Json]) -> date | None:
    """Return what day it is, where a window's own words tell it."""
    for slot in slots:
        said = str(slot.get("say") or "").lower()
        if said.startswith(("tonight", "today")):
            return start(slot).date()
        if said.startswith("tomorrow"):
            return start(slot).date() - timedelta(days=1)
    return None


def refuses(text: str) -> bool:
    """Tell whether none of the offered windows will do."""
    return _NONE.search(text) is not None


def asked_day(text: str, today: date | None) -> date | None:
    """Return the day that `text` names, None without one or without knowing today."""
    if today is None:
        return None
    heard = words(text)
    if "tomorrow" in heard:
        return today + timedelta(days=1)
    if "today" in heard or "tonight" in heard or "evening" in heard:
        return today
    for index, day in enumerate(_DAYS):
        if day in heard:
            return today + timedelta(days=(index - today.weekday()) % 7)
    return None


def names_time(text: str, today: date | None) -> bool:
    """Whether `text` names a day or an hour."""
    return asked_day(text, today) is not None or bool(_hours(text))


def choose(text: str, offered: list[Json], others: list[Json], today: date | None) -> Json | None:
    """Return the window that `text` means: by day, hour or order; None when it names none."""
    candidates = [*offered, *others]
    day = asked_day(text, today)
    if day is not None:
        candidates = [slot for slot in candidates if start(slot).date() == day]
    hours = _hours(text)
    if hours:
        candidates = [slot for slot in candidates if _fits(slot, hours, text)]
    if day is not None or hours:
        return candidates[0] if candidates else None
    if _SECOND.search(text) and len(offered) > 1:
        return offered[1]
    if _FIRST.search(text) or _ANY.search(text):
        return offered[0] if offered else None
    return None


def _hours(text: str) -> list[int]:
    """Return the hours of the clock named in `text`, 1 to 12."""
    # "the first one" is not one o'clock; "8:00" is one hour, "8-10" two.
    cleaned = re.sub(
        r"\b(?:that|this|first|second|last|other|either|which) one\b", " ", text.lower()
    )
    cleaned = re.sub(r"(\d):\d\d", r"\1", cleaned)
    found = [digits(word) for word in words(cleaned)]
    return [int(value) for value in found if value and 1 <= int(value) <= 12]


def _fits(slot: Json, hours: list[int], text: str) -> bool:
    begins = start(slot)
    if (begins.hour % 12 or 12) != hours[0]:
        return False
    if len(hours) == 1 and (half := _MERIDIEM.search(text)):
        return (half[1].lower() == "p") == (begins.hour >= 12)
    return True
