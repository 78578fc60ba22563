"""Stripe's events for tests of the money: about the spec's booking and its deposit of $206."""

import json
from typing import Any

from shared.actions.stripe_event import API_VERSION, StripeEvent

DEPOSIT = 20_600
JOB_ID = "job1"  # tests.examples.a_job


def raw_event(
    kind: str, about: dict[str, object], event_id: str = "evt_1", *, at: int = 1_795_000_000
) -> bytes:
    """The body of a webhook, with the fields around `about` that Stripe sends."""
    return json.dumps(
        {
            "id": event_id,
            "object": "event",
            "api_version": API_VERSION,
            "created": at,
            "data": {"object": about},
            "livemode": about.get("livemode", False),
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
        },
        indent=2,
    ).encode()


def an_event(
    kind: str, about: dict[str, object], event_id: str = "evt_1", *, at: int = 1_795_000_000
) -> StripeEvent:
    return StripeEvent.model_validate_json(raw_event(kind, about, event_id, at=at))


def a_session(n: int = 1, *, job_id: str | None = JOB_ID, **changes: Any) -> dict[str, object]:
    """Checkout session `n` as an event carries it, paid."""
    session: dict[str, object] = {
        "id": f"cs_test_{n}",
        "object": "checkout.session",
        "amount_total": DEPOSIT,
        "client_reference_id": job_id,
        "currency": "usd",
        "livemode": False,
        "metadata": {"job_id": job_id, "business_id": "coolcare_hvac"} if job_id else {},
        "payment_intent": f"pi_{n}",
        "payment_status": "paid",
        "status": "complete",
        "url": None,
    }
    return session | changes


def a_charge(n: int = 1, *, refunded: int = DEPOSIT, **changes: Any) -> dict[str, object]:
    """The charge of session `n`, with `refunded` cents of it given back in all."""
    charge: dict[str, object] = {
        "id": f"ch_{n}",
        "object": "charge",
        "amount": DEPOSIT,
        "amount_refunded": refunded,
        "currency": "usd",
        "livemode": False,
        "metadata": {"job_id": JOB_ID, "business_id": "coolcare_hvac"},
        "payment_intent": f"pi_{n}",
        "refunded": refunded == DEPOSIT,
    }
    return charge | changes


def a_dispute(n: int = 1, **changes: Any) -> dict[str, object]:
    """A dispute of the charge of session `n`; Stripe copies no metadata to it."""
    dispute: dict[str, object] = {
        "id": f"dp_{n}",
        "object": "dispute",
        "amount": DEPOSIT,
        "charge": f"ch_{n}",
        "currency": "usd",
        "livemode": False,
        "metadata": {},
        "payment_intent": f"pi_{n}",
        "reason": "fraudulent",
        "status": "needs_response",
    }
    return dispute | changes


def a_refund(
    n: int = 1, *, refund: str = "re_1", amount: int = DEPOSIT, **changes: Any
) -> dict[str, object]:
    """One refund of the charge of session `n`; Stripe copies no metadata to it."""
    made: dict[str, object] = {
        "id": refund,
        "object": "refund",
        "amount": amount,
        "charge": f"ch_{n}",
        "currency": "usd",
        "metadata": {},
        "payment_intent": f"pi_{n}",
        "reason": "requested_by_customer",
        "status": "succeeded",
    }
    return made | changes
