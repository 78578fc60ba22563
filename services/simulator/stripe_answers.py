"""How Stripe's API answers: an object, or an error object."""

from aiohttp import web

from services.simulator import stripe_objects as objects
from services.simulator.stripe_params import Refused


def answered(body: dict[str, object], status: int = 200, *, replayed: bool = False) -> web.Response:
    headers = {"Request-Id": objects.new_id("req_")}
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    return web.json_response(body, status=status, headers=headers)


def refusal(refused: Refused) -> web.Response:
    kind = "idempotency_error" if refused.code == "idempotency_error" else "invalid_request_error"
    error: dict[str, object] = {"type": kind, "message": refused.message}
    if refused.param:
        error["param"] = refused.param
    if refused.code and refused.code != kind:
        error["code"] = refused.code
    return answered({"error": error}, refused.status)
