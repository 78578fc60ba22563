"""Where a call stands when a stream of it has ended, as far as its row and its turns tell."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from shared.domain.models import Call, Turn
from shared.domain.outcomes import EndReason

ALIVE_FOR = timedelta(seconds=90)  # after its newest turn a call may still be under way


def was_told(call: Call) -> bool:
    """Whether the agent said that nobody can be reached, and the call then ended as it should.

    Nobody is rung then: the caller was promised that the office calls back, and has said goodbye.
    """
    nobody_there = call.escalation is not None and call.escalation.result == "nobody"
    went_well = call.ended_at is not None and call.failure is None
    return nobody_there and went_well and call.end_reason not in (None, EndReason.HANDED_OVER)


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
