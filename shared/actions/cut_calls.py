"""A call that was cut off: who calls back goes on from there, and who does not is called.

"Cut off" is a call in which the agent had spoken, which something of ours broke, and whose caller
no person has spoken to and no mailbox has taken a message from.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from shared.actions.admission import NOT_ADMITTED
from shared.actions.ports import Ports
from shared.domain.errors import PortError
from shared.domain.models import Call, FollowUp, FollowUpKind
from shared.domain.outcomes import Failure

log = logging.getLogger(__name__)

# Who calls back later than that has hung up on it, and is a new caller.
CALLS_BACK_WITHIN: Final = timedelta(minutes=10)
_NEVER_BEGUN: Final = NOT_ADMITTED | {Failure.CAPACITY, Failure.REFUSED, Failure.NO_START}
_SPOKEN_TO: Final = frozenset({"answered", "voicemail"})


def tell_once(
    ports: Ports, call_sid: str, count: Callable[[], None], *, real_now: datetime
) -> None:
    """Do `count` for a call that broke, unless that was done: bridge and webhook both see it, in
    any order. A table that does not answer knows of none."""
    try:
        first = ports.follow_ups.leave_once(f"{call_sid}:cut", at=real_now)
    except PortError:
        first = True
    if first:
        count()


def note(ports: Ports, call_sid: str, *, real_now: datetime) -> None:
    """Keep that this call was cut off, and have the office call unless its caller calls back.

    As often as asked. Raises PortError.
    """
    call = ports.calls.get(call_sid)
    if call is None or call.caller is None or call.synthetic or not was_cut_off(call):
        return
    until = real_now + CALLS_BACK_WITHIN
    later = FollowUp(
        follow_up_id=f"cut:{call_sid}",
        kind=FollowUpKind.CUT_CALL,
        business_id=call.business_id,
        call_sid=call_sid,
        to=call.caller,
        error="cut off",
        created_at=real_now,
        due_at=until,
    )
    if ports.follow_ups.leave_once(later.follow_up_id, [later], at=real_now):
        ports.admissions.cut_off(call.business_id, call.caller, call_sid, until=until)


def was_cut_off(call: Call) -> bool:
    """As the row tells by now; a person may still answer."""
    begun = call.disclosed_at is not None or call.disclosure_heard_ms is not None
    broke = call.failure is not None and call.failure not in _NEVER_BEGUN
    return begun and broke and not (call.escalation and call.escalation.result in _SPOKEN_TO)


def resumed(ports: Ports, call_sid: str | None, attestation: str | None) -> str | None:
    """`call_sid` where its caller may go on from it, and from now on they have called back.

    Not where the carriers say that the number on the line is not the caller's.
    """
    if call_sid is None or "Failed" in (attestation or ""):
        return None
    try:
        call = ports.calls.get(call_sid)
        if call is None or call.caller is None or not was_cut_off(call):
            return None
        ports.admissions.called_back(call.business_id, call.caller, call_sid)
        ports.follow_ups.done(f"cut:{call_sid}")
    except PortError as exc:
        log.warning("a call back was not recognized", extra={"why": str(exc)})
        return None
    return call_sid
