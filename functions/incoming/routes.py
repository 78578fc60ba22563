"""Every webhook of Twilio, by its path: signature first, then the answer.

Each path has a module of its own in `webhooks`. What needs tables is imported by the route that
needs it, so that /incoming loads nothing of it. A route about a business's call is declared in one
of two ways:

    _twiml(webhook, unknown)    The call goes on with what the webhook answers, or with `unknown`
                                where it is of no business of ours.
    _noted(webhook)             Twilio reports something, and gets an empty answer.
"""

import logging
from collections.abc import Callable
from typing import cast

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from functions.incoming import signature, twiml
from functions.incoming.context import Request, WebhookContext, context_of, line_of
from functions.incoming.mode import RUNG
from functions.incoming.signature import Form
from functions.incoming.webhooks import answer
from shared.domain.twilio_signature import hurried
from shared.logs import kind_of

TEXTED_S = 5.0  # nobody's line is silent for a text, and moving a visit takes some writes
HANGS_UP = ("/whisper", "/whisper-accept", "/alert-accept", "/voicemail")
TABLES_S = 1.5  # the caller hears nothing meanwhile, nor in the 0.8 s the bridge may have waited

app = APIGatewayHttpResolver()
logger = logging.getLogger(__name__)


def _signed(
    app: APIGatewayHttpResolver, next_middleware: Callable[..., Response[str]]
) -> Response[str]:
    """Let only Twilio's own requests through, each with its form and query."""
    request, event = _request(), app.current_event
    if _has_a_link():
        return next_middleware(app)
    form = signature.form_of(event.body, is_base64=bool(event.is_base64_encoded))
    query = event.get("rawQueryString") or ""
    asked = f"{event.path}{'?' + query if query else ''}"
    signed = form and signature.signed_part(
        form,
        # Whether what stands behind a # is signed, no page of Twilio's says: either will do.
        [
            address
            for base in request.settings.signed_urls
            for address in (f"{base}{asked}", hurried(f"{base}{asked}"))
        ],
        event.headers.get(signature.HEADER),
        tokens=request.secret("TWILIO_AUTH_TOKEN"),
        account_sid=request.settings.account_sid,
    )
    if form is None or not signed:
        request.metrics.count("CallsRejectedSignature")
        return Response(status_code=403, content_type="text/plain", body="not signed by Twilio")
    if len(signed) < len(form):
        request.metrics.count("FieldsNotSigned")
    form = signed
    if missing := _missing_id(event.path, form):
        return Response(status_code=400, content_type="text/plain", body=f"{missing} is missing")
    app.append_context(form=form, query=signature.query_of(query))  # type: ignore[no-untyped-call]
    return next_middleware(app)


def _has_a_link() -> bool:
    """A person listens to a voicemail: Twilio signs nothing of that, the link is signed itself."""
    event = app.current_event
    return event.http_method in ("GET", "HEAD") and event.path.startswith("/voicemail/")


def _missing_id(path: str, form: Form) -> str | None:
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
    about = {"path": path, "call_sid": _form().get("CallSid") if "form" in app.context else ""}
    logger.error("webhook broke", extra=about | kind_of(exc))
    document = _last_resort(path) if "form" in app.context else None
    if document is None:
        return Response(status_code=500, content_type="text/plain", body="failed")
    return _xml(document)


def _last_resort(path: str) -> str | None:
    """What a call goes on with where its webhook broke; None where nobody follows an answer."""
    public_url, line = _request().settings.public_url, line_of(_form(), _query())
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
    return twiml.hang_up() if path in HANGS_UP else None


@app.post("/incoming")
def _incoming() -> Response[str]:
    rung = bool(_query().get(RUNG))
    return _xml(answer.answer(_form(), _request(), rung=rung))


@app.post("/after-stream")
def _after_stream() -> Response[str]:
    from functions.incoming.webhooks.after_stream import after_stream

    return _twiml(after_stream, unknown=twiml.hang_up(twiml.UNKNOWN))


@app.post("/handoff")
def _handoff() -> Response[str]:
    from functions.incoming.webhooks.handoff import handoff

    return _twiml(handoff, unknown=twiml.hang_up())


@app.post("/whisper")
def _whisper() -> Response[str]:
    from functions.incoming.webhooks.whisper import whisper

    return _twiml(whisper, unknown=twiml.hang_up())


@app.post("/whisper-accept")
def _whisper_accept() -> Response[str]:
    from functions.incoming.webhooks.whisper import whisper_accept

    return _twiml(whisper_accept, unknown=twiml.hang_up())


@app.post("/alert-accept")
def _alert_accept() -> Response[str]:
    from functions.incoming.webhooks.alert_accept import alert_accept

    return _twiml(alert_accept, unknown=twiml.hang_up())


@app.post("/voicemail")
def _voicemail() -> Response[str]:
    from functions.incoming.webhooks.voicemail import voicemail

    return _twiml(voicemail, unknown=twiml.hang_up())


@app.route("/voicemail/<token>", method=["GET", "HEAD"])
def _listen(token: str) -> "Response[str | bytes]":
    from functions.incoming.webhooks.listen import listen

    event = app.current_event
    heard = listen(
        token,
        _request(),
        part=event.headers.get("Range") or "",
        head=event.http_method == "HEAD",
    )
    return Response(heard.status, heard.content_type, heard.body, dict(heard.headers))


@app.post("/sms")
def _sms() -> Response[str]:
    from functions.incoming.webhooks.sms import sms

    return _twiml(sms, unknown=twiml.message(None), tables_s=TEXTED_S)


@app.post("/call-status")
def _call_status() -> Response[str]:
    from functions.incoming.webhooks.call_status import call_status

    return _noted(call_status)


@app.post("/sms-status")
def _sms_status() -> Response[str]:
    from functions.incoming.webhooks.sms_status import sms_status

    return _noted(sms_status)


@app.post("/recording-status")
def _recording_status() -> Response[str]:
    from functions.incoming.webhooks.recording_status import recording_status

    return _noted(recording_status)


@app.post("/stream-status")
def _stream_status() -> Response[str]:
    from functions.incoming.webhooks.stream_status import stream_status

    stream_status(_form())
    return _no_content()


def _twiml(
    webhook: Callable[[WebhookContext], str], unknown: str, tables_s: float = TABLES_S
) -> Response[str]:
    """What `webhook` answers; `unknown` where the request is of no business of ours.

    A caller waits for it: all its table work has `tables_s` together.
    """
    from shared.adapters.patience import within

    with within(tables_s):
        context = context_of(_request(), _form(), _query())
        return _xml(webhook(context) if context else unknown)


def _noted(webhook: Callable[[WebhookContext], None]) -> Response[str]:
    """Do what `webhook` does; nothing where the request is of no business of ours."""
    if context := context_of(_request(), _form(), _query()):
        webhook(context)
    return _no_content()


def _xml(document: str) -> Response[str]:
    return Response(status_code=200, content_type="text/xml", body=document)


def _no_content() -> Response[str]:
    return Response(status_code=204, body="")


def _request() -> Request:
    return cast(Request, app.context["request"])


def _form() -> Form:
    return cast(Form, app.context["form"])


def _query() -> Form:
    return cast(Form, app.context["query"])
