"""The tools of one call, as the model calls them: an object in, an object out, never an exception.

A refusal is data: whatever is wrong with a call becomes `{"error": code, "message": ...}`, which
the model can act on. The arguments are a model's, so they may be anything.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.actions.ports import Ports
from shared.domain.business import Business
from shared.domain.call_time import CallTime
from shared.domain.errors import BookingError, OutsideServiceArea, PortError
from shared.domain.moments import CallMoment
from shared.domain.telling import Telling, telling
from shared.schema import ToolName
from shared.tools.appointments.cancel import cancel_appointment
from shared.tools.appointments.codes import new_code
from shared.tools.appointments.find import find_appointment
from shared.tools.appointments.reschedule import reschedule_appointment
from shared.tools.arguments import Arguments
from shared.tools.availability import check_availability
from shared.tools.booking.book import Confirmed, book_appointment
from shared.tools.context import Memory, ToolContext, ToolReply
from shared.tools.escalate import escalate_to_human
from shared.tools.messages import add_note, end_call, take_message
from shared.tools.moments import confirm_details, report_danger
from shared.tools.quote import get_pricing_quote
from shared.tools.resume import resume_call
from shared.tools.schemas import BY_NAME, TOOLS, BadArguments, check

__all__ = ["TOOLS", "ToolDispatcher", "ToolReply"]

logger = logging.getLogger(__name__)

Action = Callable[[ToolContext, Any, CallTime], ToolReply]
# These are told what the caller has said yes to.
AskedFirst = Callable[[ToolContext, Any, CallTime, Confirmed], ToolReply]
ASKED_FIRST: Mapping[ToolName, AskedFirst] = {
    ToolName.CONFIRM_DETAILS: confirm_details,
    ToolName.BOOK_APPOINTMENT: book_appointment,
    ToolName.RESCHEDULE_APPOINTMENT: reschedule_appointment,
    ToolName.CANCEL_APPOINTMENT: cancel_appointment,
}
ACTIONS: Mapping[ToolName, Action] = {
    ToolName.GET_PRICING_QUOTE: get_pricing_quote,
    ToolName.CHECK_AVAILABILITY: check_availability,
    ToolName.FIND_APPOINTMENT: find_appointment,
    ToolName.ESCALATE_TO_HUMAN: escalate_to_human,
    ToolName.TAKE_MESSAGE: take_message,
    ToolName.ADD_NOTE: add_note,
    ToolName.REPORT_DANGER: report_danger,
    ToolName.RESUME_CALL: resume_call,
    ToolName.END_CALL: end_call,
}
# A booking that timed out may stand after all: the same arguments find it, and book it once.
UNAVAILABLE = (
    "Our system did not answer in time. Do not say that anything is booked. Call this once more "
    "with the same arguments; if it fails again, offer to put the caller through to a person."
)


class ToolDispatcher:
    """The tools of one call. Threads may use it at once: what changes things is done in turn."""

    def __init__(
        self,
        business: Business,
        call_sid: str,
        caller: str | None,
        ports: Ports,
        public_url: str,
        synthetic: bool = False,
        resumes: str | None = None,
        vouched: bool = True,
        new_code: Callable[[], str] = new_code,
    ) -> None:
        """`vouched`: nobody says that the caller id is forged."""
        self._context = ToolContext(
            business,
            call_sid,
            caller,
            ports,
            public_url.rstrip("/"),
            synthetic,
            Memory(),
            vouched,
            new_code,
            resumes,
        )
        # Two at once would each see the state before the other. Only for these: a person must be
        # reachable while a booking hangs.
        self._turns = {
            tool: threading.Lock()
            for tool in (*ASKED_FIRST, ToolName.FIND_APPOINTMENT, ToolName.TAKE_MESSAGE)
        }

    def use(
        self,
        name: str,
        arguments: Mapping[str, object] | None,
        *,
        confirmed: Confirmed = frozenset(),
        now: datetime,
        real_now: datetime,
    ) -> ToolReply:
        """Answer one tool call. Nothing is done when the reply has an `error`.

        `arguments` is the JSON object the model gave; None when it gave none. `confirmed` is what
        the caller said yes to, of "name", "phone" and "address". `now` is business time.
        """
        if name not in BY_NAME:
            known = ", ".join(BY_NAME)
            return _refused("unknown_tool", f"There is no such tool. There is: {known}.")
        tool = ToolName(name)
        try:
            asked = check(tool, arguments)
            with self._turns.get(tool, nullcontext()):
                return self._once(self._answer(tool, asked, CallTime(now, real_now), confirmed))
        except BadArguments as bad:
            # Before a booking it is code that asks; the model has called book_appointment.
            named = ToolName.BOOK_APPOINTMENT if "booking" in (arguments or {}) else name
            return _refused("bad_arguments", f"{bad}. Nothing was done; call {named} again.")
        except BookingError as refusal:
            output = {"error": refusal.code, "message": str(refusal), **refusal.details}
            return ToolReply(output, refusal.figures, refusal.facts, telling=self._refusal(refusal))
        except PortError as exc:
            return self._unavailable(name, exc)

    def _answer(
        self, tool: ToolName, asked: Arguments, at: CallTime, confirmed: Confirmed
    ) -> ToolReply:
        if tool in ASKED_FIRST:
            return ASKED_FIRST[tool](self._context, asked, at, confirmed)
        return ACTIONS[tool](self._context, asked, at)

    def _refusal(self, refusal: BookingError) -> Telling | None:
        """What code says of it; of most of them the model tells."""
        if not isinstance(refusal, OutsideServiceArea):
            return None
        said = self._context.memory.wordings.told(
            CallMoment.OUT_OF_AREA, place=str(refusal.details["place"])
        )
        return self._once(ToolReply({}, telling=telling(said))).telling

    def _once(self, reply: ToolReply) -> ToolReply:
        """Who asks again knows the sentence already, and wants it in other words."""
        told = self._context.memory.told
        if reply.telling is None or reply.telling in told:
            return replace(reply, telling=None)
        told.add(reply.telling)
        return reply

    def _unavailable(self, name: str, exc: PortError) -> ToolReply:
        logger.error(
            "tool could not work",
            extra={"call_sid": self._context.call_sid, "tool": name, "error": type(exc).__name__},
        )
        if name == ToolName.BOOK_APPOINTMENT:
            self._context.count("BookingFailed")
        return replace(_refused("unavailable", UNAVAILABLE), broke=True)


def _refused(code: str, message: str) -> ToolReply:
    return ToolReply({"error": code, "message": message})
