"""What a customer may read of their visit: as it stands, and as it was said to them.

The terms are those of the read-back that the caller said yes to, looked for in the call's own turns
word for word; where they do not stand there, nothing is claimed to have been said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.actions.texts import wording
from shared.domain.business import Business
from shared.domain.models import Call, Job, Quote, RecordingState, Turn
from shared.domain.money import Cents


@dataclass(frozen=True, slots=True)
class SaidTerms:
    """When and how the price and the terms were said."""

    words: str
    at: datetime  # on the business's clock
    second: int | None  # of the recording, about; None where there is none


def said_terms(
    business: Business, job: Job, call: Call | None, turns: Sequence[Turn], now: datetime
) -> SaidTerms | None:
    """The newest turn of the agent's that has the terms of the job as it stands."""
    for turn in reversed(turns):
        if turn.role != "assistant" or (turn.cut and turn.heard is None):
            continue
        words = wording.terms(business, job.window, _quote(job), turn.at)
        heard = turn.heard if turn.cut and turn.heard is not None else turn.text
        if words.casefold() in heard.casefold():
            return SaidTerms(words, business.local(turn.at), _second(call, turn, now))
    return None


def _second(call: Call | None, turn: Turn, now: datetime) -> int | None:
    if call is None or call.recording_sid is None or call.recording_dropped is not None:
        return None
    is_over = call.recording_until is not None and call.recording_until <= now
    if call.recording is RecordingState.DELETED or is_over:
        return None
    return max(0, round((turn.at - call.started_at).total_seconds()))


def _quote(job: Job) -> Quote:
    """What the row kept of the quote: as much as the terms name."""
    return Quote(
        service_type=job.service_type,
        after_hours=job.after_hours,
        service_call=job.visit_fee,
        low=Cents(0),
        high=Cents(0),
        after_hours_low=Cents(0),
        after_hours_high=Cents(0),
        estimated_repair=job.estimate,
        total_estimate=job.estimate,
        emergency_fee=Cents(0),
        deposit=job.deposit,
        covered=job.covered,
    )
