"""GET /office/call/{call_sid}: what came of one call, and what was said in it."""

from functions.office.context import OfficeContext, PageRequest
from functions.office.render import PageReply, page
from functions.office.session import OfficeSession
from shared.actions import callbacks, recording_link
from shared.actions.events import after_call
from shared.actions.texts import wording
from shared.domain.models import Call
from shared.office.cannot import CannotDo

UNKNOWN = "There is no such call."


def of_session(call_sid: str, session: OfficeSession, context: OfficeContext) -> Call:
    """The call, which is of this session's business. Raises CannotDo, PortError."""
    call = context.ports.calls.get(call_sid)
    if call is None or call.business_id != session.business.id or call.synthetic:
        raise CannotDo(UNKNOWN)
    return call


def show(asked: PageRequest, session: OfficeSession, context: OfficeContext) -> PageReply:
    """The page; 404 for a call that is none of the business's. Raises PortError."""
    business, ports = session.business, context.ports
    try:
        call = of_session(asked.path["call_sid"], session, context)
    except CannotDo as exc:
        return page(404, "said", business=business.name, title=str(exc), lines=(), back="")
    job = ports.jobs.get(call.job_id) if call.job_id else None

    def recording(sid: str) -> str | None:
        return recording_link.address(
            sid, context.secret, public_url=context.public_url, now=context.at.real
        )

    facts = dict(after_call.facts(business, call, job, recording))
    heard_at = facts.get("Recording", "")
    return page(
        200,
        "call",
        business=business.name,
        csrf=session.csrf,
        call=call,
        title=f"{wording.number(call.caller)}, {facts['When']}",
        facts=[(name, said) for name, said in facts.items() if not said.startswith("http")],
        recording=heard_at if heard_at.startswith(context.public_url) else "",
        said=list(after_call.transcript(ports.turns.of(call.call_sid))),
        to_call_back=callbacks.is_open(call),
    )
