"""The composition root: POST /stripe/webhook, GET or HEAD of /pay/{job_id} and its thanks, the
customer's page /visit/{job_id}, and the calendars that owners subscribe to."""

import base64
import binascii
import logging
import os
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast
from urllib.parse import parse_qs

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from functions.stripe_webhook import feed, pay, receipt, webhook
from functions.stripe_webhook.context import RequestContext
from functions.stripe_webhook.reply import Reply, json_reply
from functions.stripe_webhook.settings import settings_of
from shared.actions.ports import Ports
from shared.adapters import business_store, wiring
from shared.adapters.business_store import BusinessStore
from shared.adapters.secrets import Secrets
from shared.adapters.settings import AdapterSettings
from shared.domain.errors import PortError
from shared.logs import by_kind, kind_of

logger = logging.getLogger(__name__)

app = APIGatewayHttpResolver()
PAGES = ("/pay/", "/visit/")  # read by people, not by programs
LONGEST_FORM = 1_000


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request of the HTTP API (payload 2.0)."""
    with by_kind(logger):
        settings = settings_of(os.environ)
        ports = _opened(settings.adapters)
        real_now = datetime.now(UTC)
        _store(settings.adapters.business_store).keep_current(real_now, ports.metrics)
        request = RequestContext(settings, ports, _secrets().get, real_now, _secrets().of_business)
        return answer(event, context, request)


def answer(event: dict[str, Any], context: Any, request: RequestContext) -> dict[str, Any]:
    app.append_context(request=request)  # type: ignore[no-untyped-call]
    return app.resolve(event, context)


@app.post("/stripe/webhook")
def _webhook() -> Response[str]:
    body = _raw_body(app.current_event.raw_event)
    if body is None:
        return _answer(json_reply(400, error="bad_encoding"))
    signature = app.current_event.headers.get("Stripe-Signature")
    return _answer(webhook.receive(body, signature, _request()))


@app.get("/pay/<job_id>")
def _pay(job_id: str) -> Response[str]:
    return _answer(pay.pay(job_id, _request()))


@app.get("/pay/<job_id>/thanks")
def _thanks(job_id: str) -> Response[str]:
    return _answer(pay.thanks(job_id, _request()))


@app.get("/visit/<job_id>")
def _visit(job_id: str) -> Response[str]:
    return _answer(receipt.show(job_id, _request()))


@app.head("/visit/<job_id>")
def _look_at_visit(job_id: str) -> Response[str]:
    return _bodiless(receipt.show(job_id, _request()))


@app.post("/visit/<job_id>")
def _change(job_id: str) -> Response[str]:
    # 100 ms that neither a payer nor Stripe has to wait for.
    from functions.stripe_webhook import changing

    body = _raw_body(app.current_event.raw_event) or b""
    fields = parse_qs(body[:LONGEST_FORM].decode("utf-8", "replace"))
    form = {name: values[0] for name, values in fields.items()}
    return _answer(changing.change(job_id, form, _request()))


@app.head("/pay/<job_id>")
def _look(job_id: str) -> Response[str]:
    return _bodiless(pay.look(job_id, _request()))


@app.head("/pay/<job_id>/thanks")
def _look_at_thanks(job_id: str) -> Response[str]:
    return _bodiless(pay.thanks(job_id, _request()))


@app.get("/calendar/<business_id>/<crew>/<key>")
def _feed(business_id: str, crew: str, key: str) -> Response[str]:
    return _answer(feed.feed(business_id, crew, key.removesuffix(".ics"), _request()))


@app.exception_handler(PortError)  # type: ignore[untyped-decorator]
def _unavailable(exc: PortError) -> Response[str]:
    """A secret or table that cannot be read: Stripe delivers again, a payer may try again."""
    logger.error("not available", extra={"why": str(exc)})
    if app.current_event.path.startswith(PAGES):
        return _answer(pay.later())
    return _answer(json_reply(503, error="not_available", message="try again"))


@app.exception_handler(Exception)  # type: ignore[untyped-decorator]
def _broke(exc: Exception) -> Response[str]:
    """A bug of ours: told by kind. Stripe delivers again, and a payer may try again."""
    if isinstance(exc, NotFoundError):
        return _answer(json_reply(404, error="not_found"))
    logger.error("webhook broke", extra={"route": app.current_event.route_key} | kind_of(exc))
    if app.current_event.path.startswith(PAGES):
        return _answer(pay.later())
    return _answer(json_reply(500, error="failed", message="try again"))


def _request() -> RequestContext:
    return cast(RequestContext, app.context["request"])


@cache
def _opened(settings: AdapterSettings) -> Ports:
    """The clients, made by the first request of this process and then kept."""
    of_business = _secrets().of_business  # busy calendars are read before a visit is moved
    return wiring.open_ports(settings, _secrets().get, secret_of_business=of_business)


@cache
def _store(bucket: str) -> BusinessStore:
    return business_store.opened(bucket, os.environ)


@cache
def _secrets() -> Secrets:
    return Secrets(os.environ, lambda: datetime.now(UTC))


def _raw_body(event: dict[str, Any]) -> bytes | None:
    """The bytes that were signed, never a re-serialised copy; None when they cannot be decoded."""
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(body).encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return None


def _bodiless(reply: Reply) -> Response[str]:
    return _answer(replace(reply, body=""))


def _answer(reply: Reply) -> Response[str]:
    return Response(
        status_code=reply.status,
        content_type=reply.content_type,
        body=reply.body,
        headers=dict(reply.headers),
    )
