"""What stands in a stage's Secrets Manager: its own five entries, and those its files name."""

import base64
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from infra.config import Stage
from shared.domain.business import Business
from shared.domain.integrations import SecretUse

TOKEN_BYTES = 32


class BadValue(Exception):
    """A value that cannot be right; the message names the entry and never the value."""


@dataclass(frozen=True, slots=True)
class Need:
    """A permission in the service's own words, and every request it is for."""

    permission: str
    asks: tuple[str, ...]  # "POST /v1/checkout/sessions"


@dataclass(frozen=True, slots=True)
class Entry:
    """One secret: what it looks like, who gives it, and the least it has to be allowed."""

    name: str
    variable: str
    looks_like: str
    shape: str  # a regular expression
    given: bool = True  # by the operator; else it is made here, or by `make connect`
    needs: tuple[Need, ...] = ()
    made: Callable[[], str] | None = None  # where nothing is given and nothing is there
    of_businesses: tuple[str, ...] = ()  # whose files name it


OPENAI = Entry(
    "openai-api-key",
    "OPENAI_API_KEY",
    "sk-…",
    r"sk-\S{8,}",
    needs=(
        Need("Model capabilities: Request", ("GET /v1/realtime",)),
        Need("Models: Read", ("GET /v1/models/{model}",)),
    ),
)
_ACCOUNT = "/2010-04-01/Accounts/{account}"
TWILIO = Entry(
    "twilio-auth-token",
    "TWILIO_AUTH_TOKEN",
    "32 hex digits",
    r"[0-9a-f]{32}",
    # It checks the signatures of webhooks, which no lesser key can.
    needs=(
        Need(
            "the account's auth token, which is all of the account: use one for nothing else",
            (
                f"POST {_ACCOUNT}/Messages.json",
                f"GET {_ACCOUNT}/Messages.json",
                f"DELETE {_ACCOUNT}/Messages/{{sid}}.json",
                f"GET {_ACCOUNT}/Calls/{{sid}}.json",
                f"POST {_ACCOUNT}/Calls/{{sid}}/Recordings/Twilio.CURRENT.json",
                f"GET {_ACCOUNT}/Recordings.json",
                f"GET {_ACCOUNT}/Recordings/{{sid}}",
                f"DELETE {_ACCOUNT}/Recordings/{{sid}}.json",
                f"GET {_ACCOUNT}/IncomingPhoneNumbers.json",
                f"POST {_ACCOUNT}/IncomingPhoneNumbers/{{sid}}.json",
                "GET /v1/DialingPermissions/Countries/{country}",
                "GET /v1/Services",
                "GET /v1/Services/{sid}/Compliance/Usa2p",
            ),
        ),
    ),
)
STRIPE = Entry(
    "stripe-api-key",
    "STRIPE_API_KEY",
    "rk_…, or sk_…",
    r"(sk|rk)_(live|test)_[A-Za-z0-9]{8,}",
    needs=(
        Need(
            "Checkout Sessions: Write",
            (
                "POST /v1/checkout/sessions",
                "GET /v1/checkout/sessions",
                "GET /v1/checkout/sessions/{id}",
                "POST /v1/checkout/sessions/{id}/expire",
            ),
        ),
    ),
)
# Given to `make connect` for one run, as STRIPE_ADMIN_KEY, and kept nowhere.
STRIPE_ADMIN = Need("Webhook Endpoints: Write", ("GET", "POST", "DELETE"))
WEBHOOK = Entry(
    "stripe-webhook-secret", "STRIPE_WEBHOOK_SECRET", "whsec_…", r"whsec_\S{8,}", given=False
)
STREAM = Entry(
    "stream-token",
    "STREAM_TOKEN_SECRET",
    "40 characters or more",
    r"\S{40,}",
    given=False,
    made=lambda: secrets.token_urlsafe(TOKEN_BYTES),
)
ENTRIES = (OPENAI, TWILIO, STRIPE, WEBHOOK, STREAM)


def of_businesses(businesses: Iterable[Business]) -> tuple[Entry, ...]:
    """The entries that these businesses' files name, each once.

    Raises:
        BadValue: two of them name one for different things.
    """
    found: dict[str, tuple[SecretUse, list[str]]] = {}
    for business in businesses:
        for name, use in business.integrations.secrets:
            known, users = found.setdefault(name, (use, []))
            if known != use:
                raise BadValue(
                    f"{_PREFIX}{name}: {users[0]} and {business.id} differ in what it is"
                )
            if business.id not in users:
                users.append(business.id)
    return tuple(_of_business(name, *each) for name, each in sorted(found.items()))


_PREFIX: Final = "business/"


def _of_business(name: str, use: SecretUse, users: list[str]) -> Entry:
    looks_like, shape, made = _USES[use]
    variable = f"BUSINESS_SECRET_{name.upper().replace('-', '_')}"
    return Entry(
        f"{_PREFIX}{name}", variable, looks_like, shape, made=made, of_businesses=tuple(users)
    )


def _signing_key() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"


def _feed_key() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


_USES: Final[dict[SecretUse, tuple[str, str, Callable[[], str] | None]]] = {
    "signing": ("whsec_…; Enter makes one", r"(whsec_)?\S{24,}", _signing_key),
    "feed": ("24 characters or more; Enter makes one", r"\S{24,}", _feed_key),
    "address": ("an https address", r"https://[^\s/]+\.[^\s/]+/?\S*", None),
}


def check(entry: Entry, value: str, stage: Stage) -> None:
    """Raises BadValue."""
    if not re.fullmatch(entry.shape, value):
        raise BadValue(f"{entry.name}: does not look like {entry.looks_like}; nothing was stored")
    if entry is STRIPE and ("_live_" in value) is not (stage.name == "prod"):
        wanted = "a live key" if stage.name == "prod" else "a test key, never a live one"
        raise BadValue(f"{entry.name}: stage {stage.name} takes {wanted}; nothing was stored")
