"""Stripe's objects as its API gives them: a Checkout session, and the charge and dispute of one."""

import secrets
import time

DAY = 24 * 3600
NOT_SET = (
    "after_expiration",
    "allow_promotion_codes",
    "billing_address_collection",
    "client_secret",
    "consent",
    "consent_collection",
    "currency_conversion",
    "customer",
    "customer_account",
    "customer_creation",
    "discounts",
    "integration_identifier",
    "invoice",
    "invoice_creation",
    "locale",
    "origin_context",
    "payment_link",
    "payment_method_configuration_details",
    "permissions",
    "recovered_from",
    "saved_payment_method_options",
    "setup_intent",
    "shipping_address_collection",
    "shipping_cost",
    "submit_type",
    "subscription",
    "ui_mode",
    "wallet_options",
)


def new_id(prefix: str) -> str:
    """`cs_test_` and 40 random characters, or another prefix."""
    return prefix + secrets.token_hex(20)


def session(params: dict[str, object], total: int, base_url: str) -> dict[str, object]:
    """A Checkout session, open, of checked `params`."""
    session_id, now = new_id("cs_test_a1"), int(time.time())
    none: dict[str, object] = dict.fromkeys(NOT_SET)
    return none | {
        "id": session_id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "allowed_payment_method_types": params.get("allowed_payment_method_types"),
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "collected_information": {"shipping_details": None},
        "created": now,
        "currency": "usd",
        "custom_fields": [],
        "custom_text": params.get("custom_text") or {"submit": None, "after_submit": None},
        "customer_details": None,
        "customer_email": params.get("customer_email"),
        "expires_at": params.get("expires_at") or now + DAY,
        "livemode": False,
        "managed_payments": {"enabled": False},
        "metadata": params.get("metadata") or {},
        "mode": "payment",
        "payment_intent": None,
        "payment_method_collection": "if_required",
        "payment_method_options": {},
        "payment_method_types": params.get("allowed_payment_method_types") or ["card"],
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "success_url": params.get("success_url"),
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "url": f"{base_url}/c/pay/{session_id}",
    }


def charge(paid: dict[str, object], metadata: object, charge_id: str) -> dict[str, object]:
    """The charge of a paid session; it has the payment intent's metadata, not the session's."""
    return {
        "id": charge_id,
        "object": "charge",
        "amount": paid["amount_total"],
        "amount_captured": paid["amount_total"],
        "amount_refunded": 0,
        "balance_transaction": new_id("txn_"),
        "captured": True,
        "created": int(time.time()),
        "currency": "usd",
        "disputed": False,
        "livemode": False,
        "metadata": metadata or {},
        "paid": True,
        "payment_intent": paid["payment_intent"],
        "refunded": False,
        "status": "succeeded",
    }


def refund(charged: dict[str, object], amount: int) -> dict[str, object]:
    """A refund of `amount` cents of a charge; it gets none of the charge's metadata."""
    return {
        "id": new_id("re_"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": new_id("txn_"),
        "charge": charged["id"],
        "created": int(time.time()),
        "currency": "usd",
        "metadata": {},
        "payment_intent": charged["payment_intent"],
        "reason": "requested_by_customer",
        "receipt_number": None,
        "status": "succeeded",
    }


def dispute(charged: dict[str, object], reason: str, status: str) -> dict[str, object]:
    """A cardholder's objection to all of a charge."""
    return {
        "id": new_id("dp_"),
        "object": "dispute",
        "amount": charged["amount"],
        "balance_transactions": [],
        "charge": charged["id"],
        "created": int(time.time()),
        "currency": "usd",
        "evidence": {},
        "evidence_details": {"due_by": int(time.time()) + 7 * DAY, "has_evidence": False},
        "is_charge_refundable": True,
        "livemode": False,
        "metadata": {},
        "payment_intent": charged["payment_intent"],
        "reason": reason,
        "status": status,
    }
