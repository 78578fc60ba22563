"""The kinds of claims, and what becomes of one."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.domain.money import FigureRole


class ClaimVerdict(StrEnum):
    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"  # cut and corrected
    UNSURE = "unsure"  # said, flagged and counted


class ClaimKind(StrEnum):
    AMOUNT = "amount"
    FREE = "free"
    DISCOUNT = "discount"
    CAP = "cap"
    EXTRA = "extra"  # a tax or a fee beside the price
    SUM = "sum"  # one price on top of another
    DATE = "date"
    WINDOW = "window"
    ACTION = "action"
    PROMISE = "promise"
    HUMAN = "human"


class Hedge(StrEnum):
    """How exact an amount was said to be."""

    FLAT = "flat"
    ABOUT = "about"
    UNDER = "under"  # "just under 250": it is less
    OVER = "over"


@dataclass(frozen=True, slots=True)
class AmountClaim:
    """An amount, or a range where `high` is set, both in cents.

    `own` are the words of its clause, `near` those around it: they may tell of which service and
    which rate it is.
    """

    cents: int
    roles: frozenset[FigureRole]  # what it may have been called; empty: nothing
    near: str
    own: str
    hedge: Hedge = Hedge.FLAT
    high: int | None = None
    is_plain: bool = False  # its role stands right at it: "the deposit is", "for the visit"
    is_agreed: bool = False  # the caller's own figure
    is_dollars: bool = False  # said to be: nothing but money


@dataclass(frozen=True, slots=True)
class WhenClaim:
    """A day, a time or both. `days` None: none was named. Hours are 24-hour where `half` was said
    or known from the part of the day, and of either half otherwise."""

    words: str
    near: str  # the sentence
    days: frozenset[date] | None
    is_impossible: bool = False  # "Friday, August 28th" where that is a Thursday
    part: str = ""  # morning, afternoon, evening
    start: tuple[int, int] | None = None
    end: tuple[int, int] | None = None
    half: str = ""
    is_deadline: bool = False  # "by eleven"
    is_exact: bool = False  # "right at two"
    is_loose: bool = False  # "around two"
    is_first: bool = False  # "the earliest"
    is_none: bool = False  # "nothing"
    is_booked: bool = False  # said of a visit that stands
    is_plain: bool = False  # its own clause says that somebody comes then, or could


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with its verdict. `said` tells the model what it said, `right` what is true."""

    kind: ClaimKind
    verdict: ClaimVerdict
    said: str
    right: str = ""
