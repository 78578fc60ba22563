"""What a model writes for a value, read as it is meant.

A model fills an argument it knows nothing for with "N/A", writes money as "$825" and an email
address as it was spoken. None of that is a reason to refuse a booking.
"""

import re
from datetime import UTC, date, datetime, time
from typing import Any

from pydantic_core import PydanticCustomError

from shared.domain.calendar.preference import (
    AFTERNOON,
    EVENINGS,
    MORNING,
    DayPart,
    PreferredDay,
    around,
)
from shared.domain.calendar.spoken_dates.resolve import resolve

LONGEST = 60  # characters of filler, or of an amount: what is longer says something
LONGEST_EMAIL = 200
LONGEST_WISH = 200
_SOME_MORNING = datetime(2024, 1, 1, 5, tzinfo=UTC)  # when hardly anything has passed
_EDGES = " \t\r\n.,;:!?-\u2013\u2014\u2026_/\\|*#'\"`()[]{}<>~=+\u00a0"
_KNOWN = (
    "provided|given|specified|available|applicable|known|stated|mentioned|asked|set|sure|said|"
    "disclosed|shared|supplied|collected|obtained|found|required|needed|on file"
)
_WHO = r"(?:the )?(?:caller|customer|user|client)"
# A whole value that says that there is none, whatever the argument is.
_FILLER = re.compile(
    r"n ?[/\\.]? ?a|n[iu]ll?|none|nan|undefined|unknown|unspecified|unavailable|blank|empty|"
    r"missing|placeholder|string|tb[acd]|to be (?:announced|confirmed|determined|decided)|any|"
    rf"(?:not|none|nothing)(?: yet)? (?:{_KNOWN})(?: yet)?(?: by {_WHO})?|"
    rf"{_WHO} (?:did not|didn't|does not|doesn't) "
    r"(?:say|provide|give|specify|mention|share|know|state)(?: (?:it|one|any))?|"
    rf"unknown (?:{_WHO}|name|address|number|phone|email|date)",
    re.IGNORECASE,
)
# Whom a model books for where it was told no name.
_NOBODY = re.compile(
    r"(?:(?:the|our|a|valued|dear|new|existing|returning|anonymous|loyal|test|unnamed) )*"
    r"(?:customer|caller|client|user|homeowner|home owner|resident|tenant|owner|sir|ma'?am|madam)"
    r"(?: name)?|first(?: name)?,? (?:and )?last(?: name)?|(?:full )?name",
    re.IGNORECASE,
)
# What says so where the caller may have no answer: an email address, a day, a note.
_WITHOUT = re.compile(
    r"no|nope|no,? thanks|nothing(?: else| special)?|declined|refused|optional|"
    r"no (?:special |other |further |additional |preferred )?"
    r"(?:e-?mail|notes?|zip(?: code)?|date|day|preference|requests?|instructions?)"
    r"(?: (?:address))?(?: (?:provided|given|specified|available))?|"
    r"any ?(?:day|time|date|one)?|whenever|flexible|asap|as soon as possible|now|immediately|"
    r"(?:(?:the )?(?:next|first|earliest|soonest)(?: (?:available|possible|open|free))?)"
    r"(?: (?:day|date|time|slot|opening|appointment|window))?|does(?:n't| not) matter|"
    r"do(?:es)?(?:n't| not) have (?:one|any|an e-?mail(?: address)?)",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"(?:about|around|approximately|approx\.?|roughly|~)?\s*(?:us\s?\$|usd|\$)?\s*"
    r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*(?:us dollars?|dollars?|bucks|usd|\$)?",
    re.IGNORECASE | re.ASCII,
)
_TRUE = frozenset({"true", "yes", "y", "1", "on"})
_FALSE = frozenset({"false", "no", "n", "0", "off"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)
_CLOCK = re.compile(r"t?(\d{1,2})(?::(\d{2}))?(?::\d{2}(?:\.\d+)?)?\s*([ap]m)?", re.ASCII)
_OFFSET = re.compile(r"(?<=\d)\s*(?:z|[+-]\d{2}:?\d{2})$", re.ASCII)
_AROUND = re.compile(r"\b(?:in|the|at|around|about|early|late|mid|during|of|on)\b|[,()-]")
PARTS = {
    "morning": MORNING,
    "am": MORNING,
    "noon": around(time(12)),
    "midday": around(time(12)),
    "afternoon": AFTERNOON,
    "pm": AFTERNOON,
    "evening": EVENINGS,
    "tonight": EVENINGS,
    "night": EVENINGS,
}
A_DAY = (
    'must be the day as YYYY-MM-DD, with "morning", "afternoon", "evening" or a time as HH:MM '
    "behind it if the caller named one, or null when the caller named no day"
)


def wrong(reason: str) -> PydanticCustomError:
    """An error whose words are for the model: what the argument must be."""
    return PydanticCustomError("told", "{reason}", {"reason": reason})


def is_filler(value: Any) -> bool:
    """True for null and for text that only says that there is no value."""
    if isinstance(value, str):
        text = _bare(value)
        return not text or _says(_FILLER, text)
    return value is None


def named(name: str) -> str:
    """A name that is somebody's, and not "Valued Customer"."""
    if is_filler(name):
        raise wrong("must not be empty")
    if _says(_NOBODY, _bare(name)):
        raise wrong("is nobody's name; ask the caller for theirs")
    return name


def is_none_given(value: Any) -> bool:
    """The same for an argument which a caller may have nothing for: "no", "any day", "ASAP"."""
    return is_filler(value) or (isinstance(value, str) and _says(_WITHOUT, _bare(value)))


def _bare(value: str) -> str:
    return " ".join(value.strip(_EDGES).split())


def _says(pattern: re.Pattern[str], text: str) -> bool:
    return len(text) <= LONGEST and pattern.fullmatch(text) is not None


def truth(value: Any) -> Any:
    if isinstance(value, str):
        word = value.strip(_EDGES).casefold()
        return True if word in _TRUE else False if word in _FALSE else value
    return value


def choice(value: Any) -> Any:
    """One of a few words, however it is spelt: "Wrong number" is "wrong_number"."""
    if isinstance(value, str):
        return re.sub(r"[\s-]+", "_", value.strip(_EDGES).casefold())
    return value


def money(value: Any) -> Any:
    """Dollars: 825 for "$825", "825 dollars" and "$825.00"."""
    if isinstance(value, bool):
        raise wrong("must be a number of dollars, like 825")
    short = isinstance(value, str) and len(value) <= LONGEST
    if short and (found := _MONEY.fullmatch(value.strip().rstrip("."))):
        return float(found[1].replace(",", "") + (found[2] or ""))
    return value


def text(value: Any) -> Any:
    """A code or a number that a model wrote without quotation marks."""
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18
    return str(value) if whole else value


def zip_code(value: Any) -> Any:
    """Five digits or ZIP+4, also with blanks between; a number has lost its leading zeros."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:05}" if 100 < value < 100_000 else value
    if is_none_given(value):
        return None
    if isinstance(value, str) and re.fullmatch(r"[\d\s.-]+", value, re.ASCII):
        digits = re.sub(r"\D", "", value)
        return f"{digits[:5]}-{digits[5:]}" if len(digits) == 9 else digits
    return value


def email(value: Any) -> Any:
    """An address, "sarah at example dot com" too. Nothing hangs on it: one that can be none is
    left out, and the visit is booked without it."""
    if not isinstance(value, str) or len(value) > LONGEST_EMAIL or is_none_given(value):
        return None
    spoken = re.sub(r"\s+at\s+", "@", value.strip(_EDGES), flags=re.IGNORECASE)
    spoken = re.sub(r"\s+dot\s+", ".", spoken, flags=re.IGNORECASE)
    return spoken if _EMAIL.fullmatch(spoken) else None


def notes(value: Any) -> Any:
    """A list of notes: one text is one note, and what only says "none" is no note."""
    if is_none_given(value):
        return ()
    given = value if isinstance(value, list | tuple) else (value,)
    return [text(note) for note in given if not is_none_given(note)]


def preferred_day(value: Any) -> PreferredDay | str | None:
    """The day, and the part of it, that a text names: "2025-08-29", "2025-08-29 afternoon",
    "2025-08-29T14:00". A time is the business's own, whatever offset stands behind it; at
    midnight it is no time, because that is how many write a day. Words that name a day are kept
    as they are: which day it is, the time of the call decides.

    Raises:
        PydanticCustomError: it is neither a day nor a way to say that none was named.
    """
    if is_none_given(value):
        return None
    if not isinstance(value, str) or len(value) > LONGEST_WISH:
        raise wrong(A_DAY)
    found = _DATE.search(value)
    if found is None and resolve(value, _SOME_MORNING, UTC) is not None:
        return value
    try:
        day = date.fromisoformat(found[0]) if found else None
    except ValueError:
        day = None
    if found is None or day is None:
        raise wrong(A_DAY)
    rest = _OFFSET.sub("", f"{value[: found.start()]} {value[found.end() :]}".strip().casefold())
    words = " ".join(_AROUND.sub(" ", rest).split()).strip(".")
    return PreferredDay(day, _part(words))


def words(value: Any) -> Any:
    """A caller's own words; None where they only say that there is no wish."""
    return None if is_none_given(value) else value


def _part(words: str) -> DayPart | None:
    if not words or is_none_given(words):
        return None
    if words in PARTS:
        return PARTS[words]
    clock = _CLOCK.fullmatch(words.replace(".m.", "m").replace("a.m", "am").replace("p.m", "pm"))
    if clock is None or (clock[2] is None and clock[3] is None):
        raise wrong(A_DAY)
    hour, minute = int(clock[1]), int(clock[2] or 0)
    if clock[3]:  # 12 AM is midnight, 12 PM noon; there is no 13 PM
        hour = hour % 12 + 12 * (clock[3] == "pm") if 1 <= hour <= 12 else 24
    if hour > 23 or minute > 59:
        raise wrong(A_DAY)
    return around(time(hour, minute)) if (hour, minute) != (0, 0) else None
