"""POST /stripe/webhook: checked, read, settled. Stripe delivers again whatever is not a 2xx."""

import json
import logging

from pydantic import ValidationError

from functions.stripe_webhook.context import RequestContext
from functions.stripe_webhook.reply import Reply, json_reply
from functions.stripe_webhook.signature import BadSignature, verify
from shared.actions.payments.settle import settle
from shared.actions.payments.stripe_event import API_VERSION, StripeEvent
from shared.actions.ports import JobChanged
from shared.domain.errors import PortError

logger = logging.getLogger(__name__)

LARGEST = 256 * 1024  # Stripe's events have a few kilobytes


def receive(body: bytes, signature: str | None, context: RequestContext) -> Reply:
    """Settle what one webhook says. `body` is as it was signed, `signature` its Stripe-Signature.

    200 for what is settled, known already or none of ours; 400 and 413 for what Stripe cannot have
    sent; 503 for what must come again.

    Raises:
        PortError: the secret that Stripe signs with is not to be had.
    """
    metrics = context.ports.metrics
    if len(body) > LARGEST:
        metrics.count("WebhooksRejected")
        return json_reply(413, error="too_large")
    secrets = context.secret("STRIPE_WEBHOOK_SECRET")
    try:
        # Stripe dates its signatures by the real time, whatever day a laptop plays.
        verify(body, signature, secrets, now=int(context.real_now.timestamp()))
        return _settled(_read(body), context)
    except BadSignature as exc:
        metrics.count("WebhooksRejected")
        logger.warning("stripe webhook refused", extra={"why": str(exc)})
        return json_reply(400, error="bad_signature", message=str(exc))
    except ValidationError as exc:
        # Which field, never its value. A fixed version may read it: Stripe tries for three days.
        metrics.count("WebhooksRejected")
        fields = [".".join(map(str, error["loc"])) for error in exc.errors()]
        logger.error("stripe event unreadable", extra={"fields": fields})
        message = ", ".join(filter(None, fields)) or "the body is no JSON object"
        return json_reply(400, error="unreadable", message=message)
    except (JobChanged, PortError) as exc:
        metrics.count("PaymentsNotSettled")
        logger.error("stripe event not settled", extra={"why": type(exc).__name__})
        return json_reply(503, error="not_settled", message="deliver it again")


def _settled(event: StripeEvent | None, context: RequestContext) -> Reply:
    """Settle a signed event, and say what became of it. Raises as `settle` does."""
    if event is None:
        return json_reply(200, settled="ignored")
    if event.api_version != API_VERSION:
        logger.warning("stripe api version differs", extra={"api_version": event.api_version})
    ports = context.ports
    settled = settle(
        event,
        ports.jobs,
        ports.payments,
        ports.metrics,
        now=context.now,
        live=context.settings.live,
        real_now=context.real_now,
    )
    logger.info(
        "stripe event", extra={"event_id": event.id, "type": event.type, "settled": settled.value}
    )
    return json_reply(200, settled=settled.value)


def _read(body: bytes) -> StripeEvent | None:
    """The event; None for a thin one (`v2.core.event`), which carries no object."""
    return None if _thin(body) else StripeEvent.model_validate_json(body)


def _thin(body: bytes) -> bool:
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError):
        return False  # pydantic says what is wrong with it
    return isinstance(whole, dict) and str(whole.get("object", "")).startswith("v2.")
