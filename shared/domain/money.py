"""Money in whole US cents, computed through Decimal and rounded half up, once."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NewType

Cents = NewType("Cents", int)


class FigureRole(StrEnum):
    """What an amount that may be said to a caller is the price of."""

    VISIT = "visit"  # the technician's coming, at one of the two rates
    ESTIMATE = "estimate"  # the whole job
    DEPOSIT = "deposit"  # what holds the window
    LOW = "low"  # the ends of the range that a service usually costs
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Figure:
    """One amount that a tool returned, and which may therefore be said.

    `settled` is True for the amounts of the one rate, or the one job, that the tool's answer is
    about; False for those of an alternative: the other rate, or one window of several.
    """

    role: FigureRole
    cents: Cents
    settled: bool = False
    service: str = ""  # of the rate card; "" where it is not known
    after_hours: bool | None = None  # the rate; None where it is that of both


def scaled(amount: Cents, factor: Decimal) -> Cents:
    """`amount` times `factor`, rounded half up to whole dollars, as the spec's figures are.

    The spec's 247.50 is 248 and its 206.25 is 206: prices are spoken and charged in dollars.
    """
    dollars = (Decimal(amount) * factor / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return Cents(int(dollars) * 100)


def cents(dollars: int | Decimal) -> Cents:
    """`dollars` in cents.

    Raises:
        ValueError: `dollars` is finer than a cent.
    """
    exact = Decimal(dollars) * 100
    if exact != int(exact):
        raise ValueError(f"{dollars} dollars is finer than a cent")
    return Cents(int(exact))


_DOLLARS = re.compile(r"\$?(\d{1,3}(?:,\d{3})+|\d{1,7})(\.\d{2})?")


def as_cents(text: str) -> Cents | None:
    """What somebody wrote as dollars: `610`, `$1,610.50`; None where it is no such amount."""
    if not _DOLLARS.fullmatch(text):
        return None
    return cents(Decimal(text.replace("$", "").replace(",", "")))


def dollars(amount: Cents) -> int | float:
    """For JSON replies: a whole number where it is one, as in the spec (248, not 248.0)."""
    return amount // 100 if amount % 100 == 0 else float(Decimal(amount) / 100)


def spoken(amount: Cents) -> str:
    """`$1,250` or `$12.50`."""
    whole, rest = divmod(amount, 100)
    return f"${whole:,}" if rest == 0 else f"${whole:,}.{rest:02d}"
