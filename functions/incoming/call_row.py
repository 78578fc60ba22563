"""The calls row as the webhooks read and write it, and where a call stands as it tells.

The bridge and every webhook write the same row, in any order. A webhook makes it where /media
never did. While the table is down the caller is put through all the same: `read` says so instead
of raising, and what could not be written is logged by `kept`.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from functions.incoming.caller import caller_id
from functions.incoming.context import WebhookContext
from shared.actions import calls
from shared.domain.calendar.scheduling import is_after_hours
from shared.domain.errors import PortError
from shared.domain.models import Call, Turn

logger = logging.getLogger(__name__)

ALIVE_FOR = timedelta(seconds=90)  # after its newest turn a call may still be under way


def read(context: WebhookContext, call_sid: str) -> tuple[Call | None, bool]:
    """The row, None where there is none; and whether the table answered at all."""
    try:
        return context.ports.calls.get(call_sid), True
    except PortError:
        logger.error("calls table not read", extra={"call_sid": call_sid})
        return None, False


def ensure(context: WebhookContext) -> Call:
    """The row of the webhook's own call, made where /media never wrote one. Raises PortError."""
    return ensure_of(context, context.call_sid, caller_id(context.form))


def ensure_of(context: WebhookContext, call_sid: str, caller: str | None) -> Call:
    """The same of another call: the webhook is of the leg of a person who was rung for it."""
    row = Call(
        call_sid=call_sid,
        business_id=context.business.id,
        caller=caller,
        started_at=context.now,
        business_hours=not is_after_hours(context.business, context.now),
        business_version=context.business.version or None,
        synthetic=context.synthetic,
    )
    return calls.ensure(context.ports.calls, row)


@contextmanager
def kept(what: str, call_sid: str) -> Iterator[None]:
    """Write to the row in here. Where that fails, it is logged, and the rest of the block is left.

    `what` is for the log: a fixed word or two, nothing of the caller's.
    """
    try:
        yield
    except (PortError, LookupError):
        logger.error("%s not kept", what, extra={"call_sid": call_sid})


def was_told(call: Call) -> bool:
    """Whether the agent said that nobody can be reached, and the call then ended as it should.

    Nobody is rung then: the caller was promised that the office calls back, and has said goodbye.
    """
    nobody_there = call.escalation is not None and call.escalation.result == "nobody"
    went_well = call.ended_at is not None and call.failure is None
    return nobody_there and went_well and call.end_reason not in (None, "handed_over")


def was_answered(call: Call | None) -> bool:
    """Whether a person who was rung has pressed the key that takes the call."""
    return bool(call and call.escalation and call.escalation.result == "answered")


def has_a_second_stream(call: Call) -> bool:
    """Whether a second stream was refused in a call of which no end is known."""
    over = call.ended_at is not None or call.failure is not None
    return not over and call.stream_sid is not None and call.refused_stream is not None


def is_alive(call: Call, turns: Iterable[Turn], now: datetime) -> bool:
    """Whether a bridge still has the call: a live one is never without a turn for so long.

    `now` is business time, as the times of the row and of its turns are.
    """
    newest = max([call.started_at, *(turn.at for turn in turns)])
    return now - newest < ALIVE_FOR
