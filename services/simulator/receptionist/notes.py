"""What the receptionist has written down about one call, and the two things she can do."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from typing import Literal

from services.simulator.receptionist.hearing.address import SpokenAddress

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Say:
    text: str


@dataclass(frozen=True, slots=True)
class Use:
    """Call a tool of the session."""

    name: str
    arguments: Json


Act = Say | Use


class Ask(Enum):
    """The question that is open."""

    PROBLEM = auto()
    DANGER = auto()
    SAFE = auto()
    VISIT = auto()  # after a hazard: does she want a technician at all?
    NAME = auto()
    PHONE = auto()
    PHONE_OK = auto()
    ADDRESS = auto()
    ADDRESS_OK = auto()
    DETAILS_OK = auto()  # all of it, where a tool has it read back
    BOOKED_UNDER = auto()  # which number a visit of before was booked under
    CODE = auto()  # that was texted to it
    WHEN = auto()  # of a visit that is to be moved
    FIND_TIME = auto()
    WINDOW = auto()
    PRICE_OK = auto()
    NOTES = auto()
    MESSAGE = auto()
    ELSE = auto()


@dataclass(slots=True)
class Notes:
    """Everything she knows; None is what nobody has said yet."""

    asked: Ask | None = None
    tries: int = 0  # how often the open question was not understood
    description: str = ""
    urgent: bool = False
    price_only: bool = False
    danger: bool | None = None
    guided: bool = False  # the safety guidance has been played to the caller
    safe: bool = False
    wants_visit: bool | None = None
    name: str | None = None
    phone: str | None = None
    phone_part: str = ""
    own_number_refused: bool = False  # the number on the display is not the one to call
    phone_ok: bool = False
    address: SpokenAddress = field(default_factory=SpokenAddress)
    address_ok: bool = False
    read_backs: int = 0
    quote: Json | None = None
    wants_time: bool | None = None
    slots: list[Json] | None = None
    today: date | None = None
    offered_from: int = 0
    preferred_date: str | None = None
    chosen: Json | None = None
    estimate: float | None = None
    agreed: bool = False
    extras: list[str] | None = None
    booking: Json | None = None
    # What is wanted of a visit that was booked before.
    change: Literal["ask", "move", "cancel"] | None = None
    not_found: bool = False  # by the name alone
    booked_under: str | None = None  # the number they say, ten digits
    code_sent: bool = False  # to that number
    code: str | None = None  # as they said or keyed it
    visit: Json | None = None  # that visit, once it was found
    wish: str | None = None  # when they would like it instead
    changed: bool = False  # it was told of, moved or called off, or is left as it is
    asked_whether: bool = False  # code has asked, in her name, whether to book it so
    refusals: int = 0
    wants_message: bool = False
    message: str | None = None
    pending: set[str] = field(default_factory=set)  # names of the tools not answered yet
    said_goodbye: bool = False
    handed_over: bool = False
    cut_off: bool = False  # the caller spoke over the open question
