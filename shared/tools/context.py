"""What the tools of one call share: its business, its ports, and what this call has been told."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from shared.actions import calls
from shared.actions.ports import Ports
from shared.domain.business import Business
from shared.domain.errors import PortError
from shared.domain.models import Slot
from shared.domain.outcomes import CallStage

logger = logging.getLogger(__name__)

MAX_BOOKINGS = 2  # each texts the caller once
MAX_MOVES = 5  # of these bookings, in one call: each texts the caller once more
MAX_MESSAGES = 3


@dataclass(frozen=True, slots=True)
class ToolReply:
    """What a tool gives back: JSON for the model, and what code must know of it."""

    output: dict[str, object]
    stage: str | None = None  # quoted, offered, booked: how far the call has come
    hang_up: bool = False  # end_call
    hand_over: bool = False  # escalate_to_human: the line goes to a person after the goodbye


@dataclass(frozen=True, slots=True)
class CallTime:
    """Business time decides windows and prices; real time decides when a retry is due."""

    now: datetime
    real: datetime


@dataclass(slots=True)
class Memory:
    """What this call was offered, quoted and has booked. Lost with the call, on purpose."""

    offered: dict[datetime, Slot] = field(default_factory=dict)  # by start in UTC
    described: dict[str, str] = field(default_factory=dict)  # by service: as it was quoted
    replies: dict[str, dict[str, object]] = field(default_factory=dict)  # by what was asked
    moves: int = 0
    last_job: str | None = None
    messages: int = 0
    bookable: bool = False
    asked_for_house: bool = False  # an address without a house number was refused once


@dataclass(frozen=True, slots=True)
class ToolContext:
    business: Business
    call_sid: str
    caller: str | None
    ports: Ports
    public_url: str
    synthetic: bool
    memory: Memory

    def pay_link(self, job_id: str) -> str:
        return f"{self.public_url}/pay/{job_id}"

    def count(self, metric: str, value: float = 1) -> None:
        """So much of `metric`; a smoke call is counted nowhere."""
        if not self.synthetic:
            self.ports.metrics.count(metric, value, business=self.business.id)

    def bookable(self) -> None:
        """This call could become a job; counted once a call."""
        if not self.memory.bookable:
            self.memory.bookable = True
            self.count("BookableCalls")

    def note(self, stage: str | None = None, **changes: object) -> None:
        """Keep what was learned in the calls row; the caller's business goes on without it."""
        try:
            calls.advance(
                self.ports.calls, self.call_sid, CallStage(stage) if stage else None, **changes
            )
        except (PortError, LookupError):
            logger.warning("call row not noted", extra={"call_sid": self.call_sid})
