"""The kinds of value that a business file has, each with its check."""

import re
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field

from shared.domain.money import Cents, cents

MOST_DOLLARS = 1_000_000
PREMIUM = ("+1900", "+1976")
_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
KNOWN_TRADES = ("hvac", "plumbing", "electrical")
Voice = Literal[
    "alloy", "ash", "ballad", "cedar", "coral", "echo", "marin", "sage", "shimmer", "verse"
]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _number(value: str) -> str:
    """An E.164 number that may be dialled: never 911 or another N11."""
    if not _E164.fullmatch(value):
        raise ValueError(
            f"{value[:60]!r} is not a number like +19375550190: +, country, area and number, "
            "8 to 15 digits without blanks and dashes"
        )
    if value.startswith("+1") and value[3:5] == "11":
        raise ValueError(f"{value!r} has an emergency number for its area code")
    if value.startswith(PREMIUM):
        raise ValueError(f"{value!r} costs whoever calls it")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:  # OSError: the name of a folder
        raise ValueError(f"{value[:60]!r} is no time zone like America/New_York") from exc
    return value


def _decimal(value: Any) -> Decimal:
    number = Decimal("NaN")
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        with suppress(InvalidOperation):
            number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError(f'{str(value)[:60]!r} is no number like 165 or "0.25", without $ and %')
    return number


def _dollars(value: Any) -> Cents:
    amount = _decimal(value)
    if abs(amount) > MOST_DOLLARS:
        raise ValueError(f"no price is above {MOST_DOLLARS:,} dollars")
    return cents(amount)


Phone = Annotated[str, AfterValidator(_number)]
Dollars = Annotated[Cents, BeforeValidator(_dollars), Field(ge=0)]
Share = Annotated[Decimal, BeforeValidator(_decimal)]
# One of KNOWN_TRADES, or another one, whose words the file then brings itself.
Trade = Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,29}$")]
ServiceName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Hour = Annotated[int, Field(ge=0, le=23)]
TimeZone = Annotated[str, AfterValidator(_zone)]
# A crew's name is part of the key of its locks.
CrewName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
City = Annotated[str, Field(pattern=r"^[A-Z][^,]*[^,\s], [A-Z]{2}$")]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Words = Annotated[str, Field(pattern=r"^\S(.*\S)?$")]  # one line, not blank
