"""What an agent's words may claim, and what becomes of a claim."""

from dataclasses import dataclass
from enum import StrEnum


class ClaimVerdict(StrEnum):
    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"  # cut and corrected
    UNSURE = "unsure"  # said, flagged and counted


class ClaimKind(StrEnum):
    AMOUNT = "amount"
    ROLE = "role"  # an amount that is so, of another thing
    TERM = "term"  # free, less, capped, taxed
    WHEN = "when"
    ACTION = "action"
    PROMISE = "promise"
    HUMAN = "human"
    AGREED = "agreed"  # to what the caller said


class Deed(StrEnum):
    """What a sentence may say that is done, or is so."""

    BOOKED = "booked"
    ALL_SET = "allset"
    MOVED = "moved"
    CANCELED = "canceled"
    REFUNDED = "refunded"
    REFUND_ASKED = "refundasked"
    TEXTED = "texted"
    TEXTED_AGAIN = "again"  # a second time, or to somebody else
    NOTED = "noted"
    MESSAGE = "message"
    ALERTED = "alerted"
    TRANSFER = "transfer"
    ON_THE_WAY = "onway"
    PAID = "paid"
    CALLED_911 = "911"
    OPTED_OUT = "optedout"
    OTHER = "other"
    PROMISE = "promise"
    HUMAN = "human"
    FREE = "free"
    DISCOUNT = "discount"
    CAP = "cap"
    EXTRA = "extra"
    YES = "yes"  # to what the caller claimed or asked


# How the model is told what it said.
WORDS = {
    Deed.BOOKED: "that it is booked",
    Deed.ALL_SET: "that it is all done",
    Deed.MOVED: "that the visit was moved",
    Deed.CANCELED: "that the visit was canceled",
    Deed.REFUNDED: "that the money was given back",
    Deed.REFUND_ASKED: "that a refund was asked for",
    Deed.TEXTED: "that a text was sent",
    Deed.TEXTED_AGAIN: "that a text was sent again",
    Deed.NOTED: "that a note was saved",
    Deed.MESSAGE: "that a message was passed on",
    Deed.ALERTED: "that somebody was told",
    Deed.TRANSFER: "that the caller is being put through",
    Deed.ON_THE_WAY: "that somebody is on the way",
    Deed.PAID: "that a payment came in",
    Deed.CALLED_911: "that 911 was called",
    Deed.OPTED_OUT: "that the number was taken off a list",
    Deed.OTHER: "that something was done",
    Deed.PROMISE: "something nobody here can promise",
    Deed.HUMAN: "that you are a person",
    Deed.FREE: "that it is free",
    Deed.DISCOUNT: "that there is a discount",
    Deed.CAP: "that the price is a cap",
    Deed.EXTRA: "a tax or a fee",
    Deed.YES: "yes to what the caller said",
}


class Role(StrEnum):
    """What a mention may be: of an amount what it is the price of, of a time whose it is."""

    NONE = "none"  # nothing is claimed with it
    VISIT = "visit"
    DEPOSIT = "deposit"
    ESTIMATE = "estimate"
    LOW = "low"
    HIGH = "high"
    RANGE = "range"
    EXTRA = "extra"  # another amount of ours
    CAPS = "caps"  # the most it can be
    AGREE = "agree"  # the caller's figure, taken over
    OPEN = "open"  # a visit could be had then
    SET = "set"  # a visit stands then
    FULL = "full"  # none can be had then
    ARRIVE = "arrive"  # the minute that nobody can hold to


@dataclass(frozen=True, slots=True)
class Odds:
    """What one sentence of the agent's may claim, and how likely that is: what models read in it.

    `deeds` by Deed, `roles` by Role for each mention of the sentence in order, both without what is
    unlikely. `agreed`: where it may be a yes, the odds of what the caller asked, as a statement.
    """

    deeds: dict[str, float]
    roles: tuple[dict[str, float], ...] = ()
    agreed: "Odds | None" = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with its verdict. `said` tells the model what it said, `right` what is true."""

    kind: ClaimKind
    verdict: ClaimVerdict
    said: str
    right: str = ""
