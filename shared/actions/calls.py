"""The calls row, from the first webhook to the outcome.

Bridge and webhooks report in any order, late, and more than once. So facts only ever grow (the
first ended_at and failure stay, a stage never goes back, an answered dial stays answered), and
the outcome is computed anew from the facts after each report.
"""

from datetime import UTC, datetime

from shared.actions.ports import Calls, Jobs
from shared.domain.business import Business
from shared.domain.calendar.scheduling import is_after_hours
from shared.domain.models import Call, Escalation, Outcome
from shared.domain.money import Cents
from shared.domain.outcomes import CallStage, EndReason, EscalationReason, Failure

NOT_BOOKABLE = (Outcome.SPAM, Outcome.WRONG_NUMBER, Outcome.NOT_SERVED, Outcome.EXISTING_JOB)

# Ends the bridge made; of a webhook we only know that the line is gone.
_AGENT_ENDS = (
    EndReason.GOODBYE,
    EndReason.HANDED_OVER,
    EndReason.TOO_LONG,
    EndReason.SILENCE,
)
_EMPTY_ENDS = (None, EndReason.SILENCE)
_CALLER_ENDS = (EndReason.HUNG_UP,)
_ROUNDS = 5


def new_call(
    business: Business,
    call_sid: str,
    caller: str | None,
    *,
    now: datetime,
    prompt_version: str | None = None,
    stream_sid: str | None = None,
    synthetic: bool = False,
    attestation: str | None = None,
) -> Call:
    """The row of a call that begins at `now`, business time.

    `caller` is the caller id, None when it is withheld or not known. A call that the bridge opens
    has a prompt and a stream; one that a webhook has to write a row for may have neither.
    """
    return Call(
        call_sid=call_sid,
        business_id=business.id,
        caller=caller,
        started_at=now.astimezone(UTC),
        business_hours=not is_after_hours(business, now),
        prompt_version=prompt_version,
        stream_sid=stream_sid,
        synthetic=synthetic,
        attestation=attestation,
        business_version=business.version or None,
    )


def open_call(calls: Calls, call: Call) -> bool:
    """Write the row; False when the call was opened before."""
    return calls.open(call)


def ensure(calls: Calls, call: Call) -> Call:
    """The row of this call; `call` itself when /media never wrote one."""
    calls.open(call)
    return calls.get(call.call_sid) or call


def advance(calls: Calls, call_sid: str, stage: CallStage | None = None, **changes: object) -> None:
    """Set fields, and the stage where it is further than before.

    Raises:
        LookupError: there is no such row.
    """
    if stage is not None:
        changes["stage"] = stage
    if changes:
        calls.note(call_sid, **changes)


def finish(
    calls: Calls,
    jobs: Jobs,
    call_sid: str,
    *,
    now: datetime,
    reason: EndReason,
    failure: Failure | None = None,
    model_cost: Cents | None = None,
) -> Outcome:
    """End the row as often as asked, and return the outcome as it now stands.

    `model_cost` is known to the bridge alone.

    Raises:
        LookupError: there is no such row; `ensure` makes one.
    """
    call = _get(calls, call_sid)
    if failure is None and reason not in _AGENT_ENDS + _CALLER_ENDS:
        failure = Failure(reason)
    changes: dict[str, object] = {}
    # A bridge that says what broke was not lost, though Twilio may have asked before it said so.
    if failure is not None and call.failure in (None, Failure.BRIDGE_LOST):
        changes["failure"] = failure
    if reason in _AGENT_ENDS and call.end_reason is None:
        changes["end_reason"] = reason
    if model_cost and call.model_cost is None:
        changes["model_cost"] = model_cost
    # The booking is the fact; the note of it in this row may have been lost.
    if call.job_id is None and (booked := jobs.of_call(call_sid)):
        changes["job_id"] = booked[-1]
    if reason == EndReason.HANDED_OVER and call.escalation is None:
        # The intent was lost on its way, but somebody is waiting to be put through.
        calls.escalate(call_sid, Escalation(reason=EscalationReason.HANDED_OVER, asked_at=now))
    if not calls.end(call_sid, at=now, **changes) and changes:
        if failure is Failure.BRIDGE_LOST and _get(calls, call_sid).failure:
            changes.pop("failure", None)  # the bridge was there between our read and our write
        calls.note(call_sid, **changes)
    return _settle(calls, call_sid, gone=reason in _CALLER_ENDS)


def dialled(calls: Calls, call_sid: str, *, answered: bool, now: datetime) -> Outcome | None:
    """A person was rung. Returns the outcome, None while the call goes on.

    Raises:
        LookupError: there is no such row.
    """
    _reached(calls, call_sid, "answered" if answered else "nobody", now)
    return _settled_if_over(calls, call_sid)


def nobody_came(calls: Calls, call_sid: str, *, now: datetime) -> bool:
    """A person was rung and did not come; True for the first report of it, and for no other.

    Raises:
        LookupError: there is no such row.
    """
    first = _reached(calls, call_sid, "nobody", now)
    _settled_if_over(calls, call_sid)
    return first


def voicemail_left(calls: Calls, call_sid: str, *, now: datetime) -> Outcome | None:
    """Nobody answered, and the caller left a recording."""
    _reached(calls, call_sid, "voicemail", now)
    return _settled_if_over(calls, call_sid)


def outcome_of(call: Call) -> Outcome:
    """What came of the call: facts first, then how it ended."""
    dial = call.escalation.result if call.escalation else None
    facts = (
        (call.job_id is not None, Outcome.BOOKED),
        (call.changed == "rescheduled", Outcome.RESCHEDULED),
        (call.changed == "canceled", Outcome.CANCELED),
        (dial == "answered", Outcome.TRANSFERRED),
        (call.danger is not None, Outcome.EMERGENCY_REFERRED),
        (call.quoted_at is not None, Outcome.QUOTE_ONLY),
        (call.message_taken or dial == "voicemail", Outcome.MESSAGE_TAKEN),
        (call.failure is not None, Outcome.FAILED),
        # Handed over and never answered: the caller got nothing.
        (dial is not None or call.end_reason in _EMPTY_ENDS, Outcome.ABANDONED),
    )
    if call.end_reason in NOT_BOOKABLE and not any(is_so for is_so, _ in facts[:7]):
        return Outcome(call.end_reason)
    return next((outcome for is_so, outcome in facts if is_so), Outcome.COMPLETED)


def _reached(calls: Calls, call_sid: str, result: str, now: datetime) -> bool:
    """Keep what came of ringing a person; False where that, or more, was known already."""
    call = _get(calls, call_sid)
    asked = call.escalation or Escalation(
        reason=EscalationReason.FAILURE, urgency="urgent", asked_at=now
    )
    return calls.escalate(call_sid, asked.model_copy(update={"result": result}))


def _settled_if_over(calls: Calls, call_sid: str) -> Outcome | None:
    return _settle(calls, call_sid) if _get(calls, call_sid).ended_at else None


def _settle(calls: Calls, call_sid: str, *, gone: bool = False) -> Outcome:
    """Write the outcome until it agrees with the facts read after writing it.

    Another report may have added a fact between our read and our write; whoever writes last
    has then read everything. `gone`: the caller is, so that nothing will become of a dial.
    """
    call, told = _get(calls, call_sid), False
    for _ in range(_ROUNDS):
        outcome = outcome_of(call)
        concluded = call.model_copy(
            update={"outcome": outcome, "bookable": _bookable(call, outcome)}
        )
        final = gone or is_final(call)
        if concluded == call and (told or not final):
            break
        calls.conclude(concluded, final=final)
        call, told = _get(calls, call_sid), final
    return outcome


def is_final(call: Call) -> bool:
    """Whether an outcome stands: not while a person may still be rung for the caller."""
    if call.escalation is not None:
        return call.escalation.result in ("answered", "voicemail")
    return call.failure is None


def _bookable(call: Call, outcome: Outcome) -> bool | None:
    """Whether the call could have become a job: what the booking rate is a share of."""
    if outcome in NOT_BOOKABLE:
        return False
    return True if outcome is Outcome.BOOKED else call.bookable


def _get(calls: Calls, call_sid: str) -> Call:
    call = calls.get(call_sid)
    if call is None:
        raise LookupError(call_sid)
    return call
