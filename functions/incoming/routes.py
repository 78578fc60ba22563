"""Every webhook of Twilio, by its path: signature first, then the answer.

What needs tables is imported by the route that needs it: /incoming loads nothing of it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from functions.incoming import phone_numbers, signature, twiml
from functions.incoming.settings import Settings
from functions.incoming.signature import Form
from functions.incoming.webhooks import answer
from shared.metrics import EmfMetrics

if TYPE_CHECKING:
    from functions.incoming.webhooks.handoff import WebhookContext
    from functions.incoming.webhooks.voicemail import RecordingSource
    from shared.actions.ports import Ports

app = APIGatewayHttpResolver()
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """What one webhook is answered with. `ports` opens the tables, for whoever needs them."""

    settings: Settings
    secret: "Callable[[str], tuple[str, ...]]"  # by name, the current value first
    real_now: datetime
    nonce: str
    metrics: EmfMetrics
    ports: "Callable[[Request], Ports]"
    recordings: "Callable[[Request], RecordingSource] | None" = None

    @property
    def now(self) -> datetime:
        """Business time."""
        return self.real_now + self.settings.clock_offset


def _signed(
    app: APIGatewayHttpResolver, next_middleware: Callable[..., Response[str]]
) -> Response[str]:
    """Let only Twilio's own requests through, each with its form."""
    request, event = _request(), app.current_event
    if _has_a_link():
        return next_middleware(app)
    form = signature.form_of(event.body, is_base64=bool(event.is_base64_encoded))
    query = event.get("rawQueryString") or ""
    url = f"{request.settings.public_url}{event.path}{'?' + query if query else ''}"
    if form is None or not signature.is_from_twilio(
        form,
        url,
        event.headers.get(signature.HEADER),
        tokens=request.secret("TWILIO_AUTH_TOKEN"),
        account_sid=request.settings.account_sid,
    ):
        request.metrics.count("CallsRejectedSignature")
        return Response(status_code=403, content_type="text/plain", body="not signed by Twilio")
    if named := _unnamed(event.path, form):
        return Response(status_code=400, content_type="text/plain", body=f"{named} is missing")
    app.append_context(form=form, query=signature.query_of(query))  # type: ignore[no-untyped-call]
    return next_middleware(app)


def _unnamed(path: str, form: Form) -> str | None:
    """The id that a webhook of this path must have and this one lacks: rows are kept under it."""
    if path == "/sms":
        return None if signature.names_a_text(form) else "MessageSid"
    return None if path == "/sms-status" or signature.names_a_call(form) else "CallSid"


app.use(middlewares=[_signed])


@app.exception_handler(Exception)  # type: ignore[untyped-decorator]
def _broke(exc: Exception) -> Response[str]:
    """Whatever of ours breaks, a caller still reaches a person: a 500 would be silence to them."""
    if isinstance(exc, NotFoundError):
        return Response(status_code=404, content_type="text/plain", body="no such webhook")
    path = app.current_event.path
    _request().metrics.count("WebhooksBroken")
    # The message may hold what a caller said; the traceback is in the debug log only.
    logger.error("webhook broke", extra={"path": path, "kind": type(exc).__name__})
    logger.debug("webhook broke", exc_info=exc)
    document = _last_resort(path) if "form" in app.context else None
    if document is None:
        return Response(status_code=500, content_type="text/plain", body="failed")
    return _xml(document)


def _last_resort(path: str) -> str | None:
    """What a call goes on with where its webhook broke; None where nobody follows an answer."""
    public_url, line = _request().settings.public_url, _line()
    if path in ("/incoming", "/after-stream") and line:
        rung = twiml.ring(
            line,
            line.numbers[0],
            public_url=public_url,
            call_sid=_form().get("CallSid"),
            n=1,
            say=twiml.SORRY,
        )
        return rung or twiml.voicemail(public_url=public_url, business_id=line.business_id)
    if path == "/handoff" and line:
        return twiml.voicemail(public_url=public_url, business_id=line.business_id)
    return twiml.hang_up() if path in ("/whisper", "/whisper-accept", "/voicemail") else None


@app.post("/incoming")
def _incoming() -> Response[str]:
    request = _request()
    return _xml(
        answer.answer(
            _form(),
            request.settings,
            secret=request.secret("STREAM_TOKEN_SECRET")[0],
            nonce=request.nonce,
            now=request.real_now,
            metrics=request.metrics,
        )
    )


@app.post("/after-stream")
def _after_stream() -> Response[str]:
    from functions.incoming.webhooks import handoff

    desk = _desk()
    return _xml(handoff.after_stream(_form(), desk) if desk else twiml.hang_up(twiml.UNKNOWN))


@app.post("/handoff")
def _handoff() -> Response[str]:
    from functions.incoming.webhooks import handoff

    desk = _desk()
    return _xml(handoff.handoff(_form(), _query(), desk) if desk else twiml.hang_up())


@app.post("/whisper")
def _whisper() -> Response[str]:
    from functions.incoming.webhooks import handoff

    desk = _desk()
    return _xml(handoff.whisper(_query(), desk) if desk else twiml.hang_up())


@app.post("/whisper-accept")
def _whisper_accept() -> Response[str]:
    from functions.incoming.webhooks import handoff

    desk = _desk()
    return _xml(handoff.whisper_accept(_form(), _query(), desk) if desk else twiml.hang_up())


@app.post("/voicemail")
def _voicemail() -> Response[str]:
    from functions.incoming.webhooks import handoff

    desk = _desk()
    return _xml(handoff.voicemail(_form(), desk) if desk else twiml.hang_up())


@app.route("/voicemail/<token>", method=["GET", "HEAD"])
def _listen(token: str) -> "Response[str | bytes]":
    from functions.incoming.webhooks import voicemail

    request, event = _request(), app.current_event
    heard = voicemail.listen(
        token,
        lambda: request.recordings(request) if request.recordings else None,
        secrets=lambda: request.secret("STREAM_TOKEN_SECRET"),
        now=request.real_now,
        part=event.headers.get("Range") or "",
        head=event.http_method == "HEAD",
    )
    return Response(heard.status, heard.content_type, heard.body, dict(heard.headers))


@app.post("/call-status")
def _call_status() -> Response[str]:
    from functions.incoming.webhooks import status_callbacks

    if desk := _desk():
        status_callbacks.call_status(_form(), desk)
    return _heard()


@app.post("/sms-status")
def _sms_status() -> Response[str]:
    from functions.incoming.webhooks import status_callbacks

    if desk := _desk():
        status_callbacks.sms_status(_form(), desk)
    return _heard()


@app.post("/sms")
def _sms() -> Response[str]:
    from functions.incoming.webhooks import sms

    desk = _desk()
    return _xml(sms.received(_form(), desk) if desk else twiml.message(None))


@app.post("/stream-status")
def _stream_status() -> Response[str]:
    from functions.incoming.webhooks import status_callbacks

    status_callbacks.stream_status(_form())
    return _heard()


def _desk() -> "WebhookContext | None":
    """Everything about the business this webhook is of; None when it is nobody's."""
    from functions.incoming.webhooks import recording_link
    from functions.incoming.webhooks.handoff import WebhookContext
    from shared import businesses
    from shared.actions import smoke

    line = _line()
    owner = businesses.by_id(line.business_id) if line else None
    if line is None or owner is None:
        return None
    request = _request()
    ports, synthetic = request.ports(request), answer.is_synthetic(_form(), request.settings)
    return WebhookContext(
        business=owner,
        line=line,
        ports=smoke.quiet(ports) if synthetic else ports,
        public_url=request.settings.public_url,
        now=request.now,
        real_now=request.real_now,
        synthetic=synthetic,
        recording_link=lambda sid: recording_link.address(
            sid, request.secret, public_url=request.settings.public_url, now=request.real_now
        ),
    )


def _has_a_link() -> bool:
    """A person listens to a voicemail: Twilio signs nothing of that, the link is signed itself."""
    event = app.current_event
    return event.http_method in ("GET", "HEAD") and event.path.startswith("/voicemail/")


def _line() -> phone_numbers.PhoneLine | None:
    """Whose call it is: named by our own URL, dialled, or (of a text) the sender."""
    form = _form()
    return (
        phone_numbers.of_business(_query().get("b"))
        or phone_numbers.dialled(form.get("To"))
        or phone_numbers.dialled(form.get("From"))
    )


def _request() -> Request:
    return cast(Request, app.context["request"])


def _form() -> Form:
    return cast(Form, app.context["form"])


def _query() -> Form:
    return cast(Form, app.context["query"])


def _xml(document: str) -> Response[str]:
    return Response(status_code=200, content_type="text/xml", body=document)


def _heard() -> Response[str]:
    return Response(status_code=204, body="")
