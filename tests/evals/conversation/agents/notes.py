"""What a playing model knows of its call, and the session it plays in."""

from dataclasses import dataclass, field
from datetime import datetime

from services.simulator.receptionist.notes import Json
from tests.evals.conversation.meaning import Ask
from tests.evals.conversation.topics import Topic

CONTACT = ("name", "phone", "address")


@dataclass(slots=True)
class Slot:
    """One offered window; amounts in dollars."""

    start: datetime
    end: datetime
    visit_fee: float
    total_estimate: float
    deposit: float
    after_hours: bool


@dataclass(slots=True)
class Notes:
    """Everything the model knows of its call."""

    facts: dict[str, str] = field(default_factory=dict)
    confirmed: set[str] = field(default_factory=set)  # of phone and address: read back, and a yes
    read: tuple[str, ...] = ()  # what was read back last, and not answered yet
    asked: set[Topic] = field(default_factory=set)  # and heard by the caller
    last_asked: tuple[Topic, ...] = ()
    last_said: str = ""
    tries: dict[str, int] = field(default_factory=dict)  # moves, by name
    asks: list[Ask] = field(default_factory=list)  # what the caller wants, not dealt with yet
    about: Ask = Ask.BOOK
    danger: str | None = None
    danger_words: str = ""
    no_danger: bool = False
    guided: bool = False  # code has told them what to do
    safe: bool = False
    quote: Json | None = None
    quote_told: bool = False
    may_find: bool = False  # the caller wants a time
    slots: list[Slot] = field(default_factory=list)
    looked_for: str | None = None  # the wish of the last look
    wish_start: str | None = None
    slot: Slot | None = None  # that the caller chose
    terms_told: bool = False
    notes_known: bool = False
    question: str | None = None  # a tool's, to be asked
    correction: str | None = None  # code's: what was wrong, and what is right
    visit: Json | None = None  # of before the call, once it was found
    changed: bool = False  # it was moved or called off
    booked: Json | None = None
    booked_with: str | None = None  # the notes it was booked with, or that were added since
    is_booked_told: bool = False
    message_taken: bool = False
    escalated: str | None = None  # how: transfer or callback
    refusal: str | None = None  # a booking's, that is not to be mended
    heard_bye: bool = False
    ended: bool = False
    pending: set[str] = field(default_factory=set)  # tools that have not answered
    heard_last: str = ""

    def offered(self, start: str | None) -> Slot | None:
        """The offered window that begins then."""
        if start is None:
            return None
        at = datetime.fromisoformat(start)
        return next((slot for slot in self.slots if slot.start == at), None)

    @property
    def missing(self) -> list[str]:
        """What of name, phone and address nobody has said yet."""
        return [name for name in CONTACT if name not in self.facts]

    @property
    def unconfirmed(self) -> list[str]:
        return [name for name in ("phone", "address") if name not in self.confirmed]


@dataclass(frozen=True, slots=True)
class Briefed:
    """The session as the model was told it."""

    tools: tuple[Json, ...] = ()
    now: datetime | None = None
    caller: str | None = None
    # What the prompt asks for: a good model does as it is told.
    asks_danger: bool = False  # the danger question is left to the model
    is_brief: bool = False  # at most two short sentences a turn
    is_silent: bool = False  # not to announce a tool: now and then it does all the same
    two_at_once: bool = False  # of name, phone and address
    reads_caller_id: bool = False  # the number they call from, when asking whether it is the best
    takes_caller_id: bool = False  # the number they call from is theirs unless they name another
    at_once: bool = False  # price and windows together, and code asks whether to book

    def has(self, tool: str) -> bool:
        return any(known.get("name") == tool for known in self.tools)

    def takes(self, tool: str, argument: str) -> bool:
        """Whether a tool knows an argument of that name."""
        return argument in self.properties(tool)

    def properties(self, tool: str) -> Json:
        """The arguments that a tool knows."""
        for known in self.tools:
            parameters = known.get("parameters")
            if known.get("name") == tool and isinstance(parameters, dict):
                return dict(parameters.get("properties", {}))
        return {}
