"""The composition root: POST /stripe/webhook, and GET or HEAD of /pay/{job_id} and its thanks."""

import base64
import binascii
import logging
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, cast

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from functions.stripe_webhook import pay, webhook
from functions.stripe_webhook.reply import Reply, told
from functions.stripe_webhook.settings import Settings, settings_of
from shared.adapters.secrets import Secrets
from shared.domain.errors import PortError
from shared.metrics import EmfMetrics

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from shared.adapters.dynamo_jobs import DynamoJobs
    from shared.adapters.dynamo_payments import DynamoPayments
    from shared.adapters.stripe_checkout import StripeCheckout

logger = logging.getLogger(__name__)

app = APIGatewayHttpResolver()


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request of the HTTP API (payload 2.0)."""
    desk = Desk(settings_of(os.environ), datetime.now(UTC))
    app.append_context(desk=desk)  # type: ignore[no-untyped-call]
    return app.resolve(event, context)


@app.post("/stripe/webhook")
def _webhook() -> Response[str]:
    desk = cast(Desk, app.context["desk"])
    body = _raw_body(app.current_event.raw_event)
    if body is None:
        return _answer(told(400, error="bad_encoding"))
    reply = webhook.receive(
        body,
        app.current_event.headers.get("Stripe-Signature"),
        secrets=_secrets().get("STRIPE_WEBHOOK_SECRET"),
        jobs=desk.jobs,
        payments=desk.payments,
        metrics=desk.metrics,
        now=desk.now,
        real_now=desk.real_now,
        live=desk.settings.live,
    )
    return _answer(reply)


@app.get("/pay/<job_id>")
def _pay(job_id: str) -> Response[str]:
    desk = cast(Desk, app.context["desk"])
    public_url = desk.settings.public_url
    return _answer(pay.pay(job_id, jobs=desk.jobs, checkout=desk.checkout, public_url=public_url))


@app.get("/pay/<job_id>/thanks")
def _thanks(job_id: str) -> Response[str]:
    desk = cast(Desk, app.context["desk"])
    return _answer(pay.thanks(job_id, jobs=desk.jobs, public_url=desk.settings.public_url))


@app.head("/pay/<job_id>")
def _look(job_id: str) -> Response[str]:
    desk = cast(Desk, app.context["desk"])
    return _bodiless(pay.look(job_id, jobs=desk.jobs, public_url=desk.settings.public_url))


@app.head("/pay/<job_id>/thanks")
def _look_at_thanks(job_id: str) -> Response[str]:
    desk = cast(Desk, app.context["desk"])
    return _bodiless(pay.thanks(job_id, jobs=desk.jobs, public_url=desk.settings.public_url))


@app.exception_handler(PortError)  # type: ignore[untyped-decorator]
def _unavailable(exc: PortError) -> Response[str]:
    """A secret or table that cannot be read: Stripe delivers again, a payer may try again."""
    logger.error("not available", extra={"why": str(exc)})
    if app.current_event.path.startswith("/pay/"):
        return _answer(pay.later())
    return _answer(told(503, error="not_available", message="try again"))


@dataclass(frozen=True)
class Desk:
    """What one request works with, made when first used."""

    settings: Settings
    real_now: datetime

    @property
    def now(self) -> datetime:
        return self.real_now + self.settings.clock_offset

    @cached_property
    def metrics(self) -> EmfMetrics:
        return EmfMetrics(self.settings.stage, lambda: self.real_now)

    @cached_property
    def jobs(self) -> "DynamoJobs":
        from shared.adapters.dynamo_jobs import DynamoJobs

        return DynamoJobs(_dynamodb(), self.settings.table_prefix)

    @cached_property
    def payments(self) -> "DynamoPayments":
        from shared.adapters.dynamo_payments import DynamoPayments

        return DynamoPayments(_dynamodb(), self.settings.table_prefix)

    @cached_property
    def checkout(self) -> "StripeCheckout":
        from shared.adapters.stripe_checkout import StripeCheckout

        key = _secrets().get("STRIPE_API_KEY")[0]
        return StripeCheckout(key, api_base=self.settings.stripe_api_base)


def _dynamodb() -> "DynamoDBClient":
    return _client(os.environ.get("AWS_ENDPOINT_URL"))


@cache
def _client(endpoint: str | None) -> "DynamoDBClient":
    """One client for the life of the process; region and credentials are boto3's own affair."""
    import boto3
    from botocore.config import Config

    limits = Config(
        connect_timeout=2, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3}
    )
    client: DynamoDBClient = boto3.client("dynamodb", endpoint_url=endpoint, config=limits)
    return client


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
