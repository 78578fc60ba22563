"""What the tools of one call share: its business, its ports, and what this call has been told."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from shared.actions import calls
from shared.actions.ports import Ports
from shared.domain import pricing
from shared.domain.business import Business
from shared.domain.errors import PortError
from shared.domain.facts import Fact
from shared.domain.models import HazardCategory, Quote, Slot
from shared.domain.moments import Wordings
from shared.domain.money import Figure
from shared.domain.outcomes import CallStage
from shared.domain.read_back import Detail, Recitation
from shared.domain.telling import Telling
from shared.tools.appointments import codes
from shared.tools.appointments.codes import PendingCode

logger = logging.getLogger(__name__)

MAX_BOOKINGS = 2  # each texts the caller once
MAX_MOVES = 5  # of these bookings, in one call: each texts the caller once more
MAX_MESSAGES = 3


@dataclass(frozen=True, slots=True)
class Danger:
    """What the model took for a danger, and the caller's words it took it from."""

    category: HazardCategory
    words: str


@dataclass(frozen=True, slots=True)
class ToolReply:
    """What a tool gives back: JSON for the model, and what code must know of it.

    `output` is a JSON object whose keys each tool's docstring names. A refusal of any tool is
    `{"error": code, "message": what to do now}`, with further keys where it offers a way on.
    """

    output: dict[str, object]
    figures: tuple[Figure, ...] = ()  # every amount in `output`: these may be said from now on
    facts: tuple[Fact, ...] = ()  # what was done or found: this may be claimed from now on
    hang_up: bool = False  # end_call
    hand_over: bool = False  # escalate_to_human: the line goes to a person after the goodbye
    recitation: Recitation | None = None  # confirm_details: said to the caller word for word
    telling: Telling | None = None  # said to the caller, too, in place of the model's own words
    danger: Danger | None = None  # report_danger
    broke: bool = False  # what the tool needs did not answer


@dataclass(slots=True)
class Memory:
    """What this call was offered, quoted and has booked. Lost with the call, on purpose."""

    # Windows this call was offered, by their start in UTC: each may be booked later in the call.
    offered: dict[datetime, Slot] = field(default_factory=dict)
    # What was wrong, in the words it was quoted by, by service type: the price depends on it.
    described: dict[str, str] = field(default_factory=dict)
    # Replies to bookings that stand, by what was asked: the same question has the same answer.
    replies: dict[str, ToolReply] = field(default_factory=dict)
    # Visits of before this call that may be told of: the caller is who booked them.
    found: set[str] = field(default_factory=set)
    code: PendingCode | None = None  # that was asked for to find one
    moves: int = 0  # how often a booking of this call was put at another window or put right
    last_job: str | None = None  # the job booked or moved last: the one a note is for
    messages: int = 0  # messages taken
    # What was told word for word: nothing is told so twice, the model has its own words then.
    told: set[Telling] = field(default_factory=set)
    wordings: Wordings = field(default_factory=Wordings)  # what was said of code's own sentences
    consent: str | None = None  # the question of the newest read-back whose yes is one to texts
    apart: list[Detail] = field(default_factory=list)  # what was read back without the terms last
    bookable: bool = False  # the call was counted as one that could become a job
    asked_for_house: bool = False  # an address without a house number was refused once
    unsure_crews: frozenset[str] = frozenset()  # whose calendars could not be read lately
    is_known: bool | None = None  # the caller's number has booked before; None: not looked up


@dataclass(frozen=True, slots=True)
class ToolContext:
    """One call as its tools see it."""

    business: Business
    call_sid: str
    caller: str | None  # the caller id, E.164; None when it was withheld
    ports: Ports
    public_url: str  # the public base address, without a slash at its end
    synthetic: bool  # a smoke call: nobody hears of it, and it is counted nowhere
    memory: Memory
    vouched: bool = True  # nobody says that the caller id is forged
    new_code: Callable[[], str] = codes.new_code
    resumes: str | None = None  # the SID of this caller's call that was cut off a moment ago

    def pay_link(self, job_id: str) -> str:
        """Our own short link, under which the job's deposit can be paid."""
        return f"{self.public_url}/pay/{job_id}"

    def visit_link(self, job_id: str) -> str:
        """The customer's own page of the visit, which the confirmation leads to."""
        return f"{self.public_url}/visit/{job_id}"

    def price(self, service_type: str, *, after_hours: bool, description: str) -> Quote:
        """What a visit costs this caller.

        Raises:
            UnknownService: the rate card has no such service.
        """
        card = self.business.card
        known = card.deposit == "new_customers" and self._is_known()
        return pricing.quote(
            self.business,
            service_type,
            after_hours=after_hours,
            description=description,
            is_known=known,
        )

    def _is_known(self) -> bool:
        """Whether the caller's number had booked before this call: what was quoted stays so when
        the call itself books."""
        if self.memory.is_known is None:
            customers, caller = self.ports.customers, self.caller
            known = caller is not None and customers.get(self.business.id, caller) is not None
            self.memory.is_known = known
        return self.memory.is_known

    def count(self, metric: str, value: float = 1) -> None:
        """So much of `metric`; a smoke call is counted nowhere."""
        if not self.synthetic:
            self.ports.metrics.count(metric, value, business=self.business.id)

    def bookable(self) -> None:
        """This call could become a job; counted once a call."""
        if not self.memory.bookable:
            self.memory.bookable = True
            self.count("BookableCalls")

    def note(self, stage: CallStage | None = None, **changes: object) -> None:
        """Keep what was learned in the calls row; the caller's business goes on without it.

        `stage` is how far the call has come; it is written here and nowhere else.
        """
        try:
            calls.advance(self.ports.calls, self.call_sid, stage, **changes)
        except (PortError, LookupError):
            logger.warning("call row not noted", extra={"call_sid": self.call_sid})
