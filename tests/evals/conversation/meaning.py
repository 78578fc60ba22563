"""What an utterance means, told beside its words: a good speech model understands its caller.

So the benchmark measures what the product makes of a model that understands, and not how well a
scripted one does. The rule-based receptionist gets the words alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Ask(StrEnum):
    """What a caller wants to know or have, beside the answers to what they were asked."""

    BOOK = "book"
    PRICE = "price"
    PERSON = "person"
    ROBOT = "robot"  # "am I talking to a person?"
    DISCOUNT = "discount"
    ADVICE = "advice"  # "should I flip the breaker?"
    MESSAGE = "message"  # a call back from the office
    EXISTING = "existing"  # about a visit that stands
    MOVE = "move"  # it to another window
    CANCEL = "cancel"  # it
    SELL = "sell"
    WRONG_NUMBER = "wrong_number"
    RELAY = "relay"  # an operator speaks for somebody
    UNSERVED = "unserved"  # a place or a trade that is not ours
    REPEAT = "repeat"  # "what was that?"
    OTHER = "other"  # a question of no consequence
    BYE = "bye"


@dataclass(frozen=True, slots=True)
class Meaning:
    """`gives`: facts by name (name, phone, address, zip, problem, notes, email, message, wish).

    `wish` is in the caller's words; `wish_start` is the window they mean, ISO 8601.
    """

    gives: Mapping[str, str] = field(default_factory=dict)
    yes: bool | None = None  # to what was asked; None: neither
    asks: tuple[Ask, ...] = ()
    wish_start: str | None = None
    danger: str | None = None  # a HazardCategory the caller tells of
    wrong: tuple[str, ...] = ()  # facts that were read back wrongly
