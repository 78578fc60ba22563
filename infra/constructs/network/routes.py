"""What the HTTP API answers: which function by which method and path, and who may ask."""

from collections.abc import Mapping

from aws_cdk import aws_apigatewayv2 as http

STRIPE = "/stripe/webhook"
POST, GET, HEAD = http.HttpMethod.POST, http.HttpMethod.GET, http.HttpMethod.HEAD

# Twilio's, each signed.
HOOKS = (
    "/incoming", "/after-stream", "/handoff", "/whisper", "/whisper-accept", "/alert-accept",
    "/voicemail", "/call-status", "/sms-status", "/stream-status", "/recording-status", "/sms",
)  # fmt: skip
ROUTES: Mapping[str, tuple[tuple[http.HttpMethod, str], ...]] = {
    "incoming": (
        *((POST, path) for path in HOOKS),
        (GET, "/voicemail/{token}"),
        (HEAD, "/voicemail/{token}"),
    ),
    "stripe_webhook": (
        (POST, STRIPE),
        (GET, "/pay/{job_id}"),
        (GET, "/pay/{job_id}/thanks"),
        # Whoever only looks at a link, as scanners of texts do.
        (HEAD, "/pay/{job_id}"),
        (HEAD, "/pay/{job_id}/thanks"),
        (GET, "/visit/{job_id}"),
        (HEAD, "/visit/{job_id}"),
        (POST, "/visit/{job_id}"),
        (GET, "/calendar/{business_id}/{crew}/{key}"),
    ),
    "office": (
        (GET, "/office/in/{business_id}/{token}"),
        (POST, "/office/in/{business_id}/{token}"),
        (GET, "/office"),
        (POST, "/office"),
        (GET, "/office/visit/{job_id}"),
        (GET, "/office/call/{call_sid}"),
    ),
}
# Opened by people, from a link: held to a lower rate than what is signed.
LINKS = tuple(
    f"{method.value} {path}"
    for name in ("stripe_webhook", "office")
    for method, path in ROUTES[name]
    if path != STRIPE
)


def who_may_ask(path: str) -> str:
    """Why the API itself asks nobody who they are."""
    if path.startswith("/pay/"):
        return "the payer's link: whoever has it may pay that job's deposit, and see no more"
    if path.startswith("/visit/"):
        return "the customer's link: whoever has it sees window and price, and may move or cancel"
    if path.startswith("/office"):
        return "the function lets in a device that a code to the office's phone has unlocked"
    if path.startswith("/calendar/"):
        return "the address is the key, made with a secret: whoever has it may read that calendar"
    if path.startswith("/voicemail/"):
        return "the link is signed: whoever has it may hear that one message, for a month"
    sender = "Stripe" if path.startswith("/stripe/") else "Twilio"
    return f"the function checks {sender}'s signature before it reads anything else"
