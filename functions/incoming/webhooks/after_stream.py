"""POST /after-stream: the bridge's part of the call is over, and Twilio asks how it goes on.

Whatever of the tables is down, the caller is put through all the same; only what is known of the
call then is lost.
"""

from functions.incoming import call_row, escalation, twiml
from functions.incoming.context import WebhookContext
from shared.actions import calls, cut_calls
from shared.actions.admission import NOT_ADMITTED
from shared.domain.errors import PortError
from shared.domain.models import Call, Escalation
from shared.domain.outcomes import EndReason, EscalationReason, Failure


def after_stream(context: WebhookContext) -> str:
    """Hang up a call that ended well; put the caller through where it was handed over or died."""
    if context.caller_is_gone:
        _hung_up(context)
        return twiml.nothing()
    call, known = call_row.read(context, context.call_sid)
    if call and call.escalation:
        if call.escalation.result in ("answered", "voicemail") or call_row.was_told(call):
            return twiml.hang_up()
        greeted = call.failure not in NOT_ADMITTED
        say = escalation.says(context, call) if greeted else twiml.HOLD
        # What broke has broken more calls than this one: not all of them ring the same phone.
        first = escalation.first_of_many(context) if call.failure else 0
        line = escalation.line_for(context, call)
        return escalation.ring(context, n=1, say=say, first=first, line=line)
    if call and call.ended_at and call.failure is None:
        return twiml.hang_up()
    if call and _goes_on(context, call):
        return twiml.wait(context.line, public_url=context.public_url)
    if known:
        _died(context, call)
    say = twiml.SORRY if call else twiml.HOLD
    return escalation.ring(context, n=1, say=say, first=escalation.first_of_many(context))


def _goes_on(context: WebhookContext, call: Call) -> bool:
    """Whether a refused second stream has ended here, and the call's own one is alive.

    Twilio names the stream that ended; where it names none (asked again after a wait), the
    turns have to tell.
    """
    if not call_row.has_a_second_stream(call):
        return False
    if ended := context.form.get("StreamSid"):
        return ended != call.stream_sid
    try:
        return call_row.is_alive(call, context.ports.turns.of(call.call_sid), context.now)
    except PortError:
        return False


def _hung_up(context: WebhookContext) -> None:
    """The caller hung up: the row gets its outcome also where the bridge died before that."""
    with call_row.kept("ended call", context.call_sid):
        call_row.ensure(context)
        calls.finish(
            context.ports.calls,
            context.ports.jobs,
            context.call_sid,
            now=context.now,
            reason=EndReason.HUNG_UP,
        )


def _died(context: WebhookContext, call: Call | None) -> None:
    """The bridge was lost, or none took the call: the row says so, with an outcome, before anybody
    is rung.

    It is counted once, here or by the bridge; a bridge that was full has counted that.
    """
    failure = Failure.BRIDGE_LOST if call else Failure.CAPACITY
    with call_row.kept("lost bridge", context.call_sid):
        _note_lost_bridge(context, failure)
    if call is not None:
        ports, business = context.ports, context.business.id
        cut_calls.tell_once(
            ports,
            context.call_sid,
            lambda: ports.metrics.count("CallsEndedAbnormally", business=business),
            real_now=context.real_now,
        )


def _note_lost_bridge(context: WebhookContext, failure: Failure) -> None:
    """End the row, and ask for a person in it. Raises PortError: a table is down."""
    ports, call_sid = context.ports, context.call_sid
    call_row.ensure(context)
    calls.finish(
        ports.calls,
        ports.jobs,
        call_sid,
        now=context.now,
        reason=EndReason.BRIDGE_LOST,
        failure=failure,
    )
    lost = Escalation(reason=EscalationReason.FAILURE, urgency="urgent", asked_at=context.now)
    ports.calls.escalate(call_sid, lost)
    cut_calls.note(ports, call_sid, real_now=context.real_now)
