"""Stripe's request bodies: form fields with brackets into a tree, and which of them are allowed."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

TEXT, WHOLE = "text", "whole"
# What this stand-in knows of POST /v1/checkout/sessions, API version 2026-10-28.endive, which took
# payment_method_types away. A list has one element: the schema of its items; "*" is any key.
Schema = str | list["Schema"] | dict[str, "Schema"]
METADATA: Schema = {"*": TEXT}
SESSION: dict[str, Schema] = {
    "mode": TEXT,
    "allowed_payment_method_types": [TEXT],
    "line_items": [
        {
            "quantity": WHOLE,
            "price_data": {
                "currency": TEXT,
                "unit_amount": WHOLE,
                "product_data": {"name": TEXT, "description": TEXT, "metadata": METADATA},
            },
        }
    ],
    "client_reference_id": TEXT,
    "customer_email": TEXT,
    "metadata": METADATA,
    "payment_intent_data": {"metadata": METADATA, "description": TEXT, "receipt_email": TEXT},
    "success_url": TEXT,
    "cancel_url": TEXT,
    "expires_at": WHOLE,
    "submit_type": TEXT,
    "locale": TEXT,
    "custom_text": {"submit": {"message": TEXT}, "after_submit": {"message": TEXT}},
    "expand": [TEXT],
}
HALF_HOUR, DAY = 30 * 60, 24 * 3600
SMALLEST_CENTS = 50


class BadParameter(Exception):
    """A request that Stripe answers with an error object."""

    def __init__(
        self, message: str, *, param: str | None = None, code: str | None = None, status: int = 400
    ) -> None:
        super().__init__(message)
        self.message, self.param, self.code, self.status = message, param, code, status


def read_form(body: str) -> dict[str, object]:
    """`a[b][0]=x` as `{"a": {"b": {"0": "x"}}}`."""
    tree: dict[str, object] = {}
    for name, value in parse_qsl(body, keep_blank_values=True):
        if not re.fullmatch(r"[^\[\]]+(\[[^\[\]]*\])*", name):
            raise BadParameter(f"Invalid parameter name: {name}", param=name)
        first, *rest = re.findall(r"[^\[\]]+", name)
        at = tree
        for step in [first, *rest][:-1]:
            inner = at.setdefault(step, {})
            if not isinstance(inner, dict):
                raise BadParameter(f"Invalid {step}", param=name)
            at = inner
        at[[first, *rest][-1]] = value
    return tree


def checked(
    tree: Mapping[str, object], schema: Mapping[str, Schema], path: str = ""
) -> dict[str, object]:
    """The tree with lists and whole numbers as such; refuses what the schema does not name."""
    good: dict[str, object] = {}
    for name, value in tree.items():
        full = f"{path}[{name}]" if path else name
        kind = schema.get(name, schema.get("*"))
        if kind is None:
            raise BadParameter(
                f"Received unknown parameter: {full}", param=full, code="parameter_unknown"
            )
        good[name] = _value(value, kind, full)
    return good


def _value(value: object, kind: Schema, path: str) -> object:
    if isinstance(kind, dict):
        if not isinstance(value, dict):
            raise BadParameter("Invalid object", param=path)
        return checked(value, kind, path)
    if isinstance(kind, list):
        if not isinstance(value, dict) or not all(key.isdigit() for key in value):
            raise BadParameter("Invalid array", param=path)
        items = sorted(value.items(), key=lambda item: int(item[0]))
        return [_value(item, kind[0], f"{path}[{key}]") for key, item in items]
    if not isinstance(value, str):
        raise BadParameter(f"Invalid string: {path}", param=path)
    if kind == WHOLE:
        if not re.fullmatch(r"-?[0-9]+", value):
            raise BadParameter(
                f"Invalid integer: {value}", param=path, code="parameter_invalid_integer"
            )
        return int(value)
    return value


def check_session(params: dict[str, object], now: int) -> int:
    """The session's total in cents; refuses what Stripe refuses of a payment session."""
    for name in ("line_items", "mode", "success_url"):
        if not params.get(name):
            raise BadParameter(
                f"Missing required param: {name}.", param=name, code="parameter_missing"
            )
    if params["mode"] != "payment":
        raise BadParameter(f"Invalid mode: {params['mode']}: not simulated here", param="mode")
    for name in ("success_url", "cancel_url"):
        url = urlsplit(str(params.get(name, "https://none.invalid")))
        if url.scheme not in ("http", "https") or not url.netloc:
            raise BadParameter("Not a valid URL", param=name, code="url_invalid")
    expires = params.get("expires_at")
    if isinstance(expires, int) and not now + HALF_HOUR <= expires <= now + DAY:
        raise BadParameter(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout "
            "Session creation.",
            param="expires_at",
        )
    _check_metadata(params)
    return _total(params["line_items"])


def _check_metadata(params: dict[str, object]) -> None:
    intent = params.get("payment_intent_data")
    inner = intent.get("metadata") if isinstance(intent, dict) else None
    for metadata in (params.get("metadata"), inner):
        if not isinstance(metadata, dict):
            continue
        if len(metadata) > 50:
            raise BadParameter("Metadata can have up to 50 keys", param="metadata")
        for key, value in metadata.items():
            if len(key) > 40 or len(str(value)) > 500:
                raise BadParameter(f"Metadata too long: {key}", param=f"metadata[{key}]")


def _total(items: object) -> int:
    total = 0
    for index, item in enumerate(items if isinstance(items, list) else []):
        path = f"line_items[{index}]"
        price = item.get("price_data")
        if not isinstance(price, dict):
            raise BadParameter(f"Missing required param: {path}[price_data].", param=path)
        for name in ("currency", "unit_amount", "product_data"):
            if name not in price:
                full = f"{path}[price_data][{name}]"
                raise BadParameter(
                    f"Missing required param: {full}.", param=full, code="parameter_missing"
                )
        if price["currency"] != "usd":
            raise BadParameter(f"Invalid currency: {price['currency']}", param=path)
        if not price["product_data"].get("name"):
            raise BadParameter(
                "Missing required param: name.", param=path, code="parameter_missing"
            )
        if item.get("quantity", 0) < 1 or price["unit_amount"] < 0:
            raise BadParameter("Invalid quantity or amount", param=path)
        total += item["quantity"] * price["unit_amount"]
    if total < SMALLEST_CENTS:
        raise BadParameter(
            "The Checkout Session's total amount due must add up to at least $0.50 usd",
            code="amount_too_small",
        )
    return total
