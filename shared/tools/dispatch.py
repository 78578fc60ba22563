"""The tools of one call, as the model calls them: JSON in, JSON out, and never an exception.

A refusal is data: whatever is wrong with a call becomes `{"error": code, "message": ...}`, which
the model can act on. The arguments are a model's, so they may be anything.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from shared.actions.ports import Ports
from shared.domain.business import Business
from shared.domain.errors import BookingError, PortError
from shared.tools.availability import check_availability
from shared.tools.booking.book import book_appointment
from shared.tools.context import CallTime, Memory, ToolContext, ToolReply
from shared.tools.escalate import escalate_to_human
from shared.tools.messages import add_note, end_call, take_message
from shared.tools.quote import get_pricing_quote
from shared.tools.schemas import BY_NAME, TOOLS, BadArguments, parse

__all__ = ["TOOLS", "ToolDispatcher", "ToolReply"]

logger = logging.getLogger(__name__)

Action = Callable[[ToolContext, Any, CallTime], ToolReply]
ACTIONS: Mapping[str, Action] = {
    "get_pricing_quote": get_pricing_quote,
    "check_availability": check_availability,
    "book_appointment": book_appointment,
    "escalate_to_human": escalate_to_human,
    "take_message": take_message,
    "add_note": add_note,
    "end_call": end_call,
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
    ) -> None:
        self._context = ToolContext(
            business, call_sid, caller, ports, public_url.rstrip("/"), synthetic, Memory()
        )
        # Only for these: a person must be reachable while a booking hangs.
        self._turns = {name: threading.Lock() for name in ("book_appointment", "take_message")}

    def use(self, name: str, arguments: str, *, now: datetime, real_now: datetime) -> ToolReply:
        """Answer one tool call. Nothing is done when the reply has an `error`."""
        if name not in ACTIONS:
            known = ", ".join(BY_NAME)
            return _refused("unknown_tool", f"There is no such tool. There is: {known}.")
        try:
            asked = parse(name, arguments)
            lock = self._turns.get(name)
            if lock is None:
                return ACTIONS[name](self._context, asked, CallTime(now, real_now))
            with lock:
                return ACTIONS[name](self._context, asked, CallTime(now, real_now))
        except BadArguments as bad:
            return _refused("bad_arguments", f"{bad}. Nothing was done; call {name} again.")
        except BookingError as refusal:
            return _refused(refusal.code, str(refusal), refusal.details)
        except PortError as exc:
            return self._unavailable(name, exc)

    def _unavailable(self, name: str, exc: PortError) -> ToolReply:
        logger.error(
            "tool could not work",
            extra={"call_sid": self._context.call_sid, "tool": name, "error": type(exc).__name__},
        )
        if name == "book_appointment":
            self._context.count("BookingFailed")
        return _refused("unavailable", UNAVAILABLE)


def _refused(code: str, message: str, details: Mapping[str, object] | None = None) -> ToolReply:
    return ToolReply({"error": code, "message": message, **(details or {})})
