"""Twilio, OpenAI and Stripe: what each lets the stage do, as far as it can be asked."""

import json
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from infra.config import Stage
from infra.ops.checks.finding import Finding, Findings, blocked, later, ok, unseen
from infra.ops.stage import Unready
from infra.ops.twilio_numbers import Numbers
from shared.adapters.openai_models import OpenAiModels
from shared.domain.business import Business
from shared.domain.errors import PortError
from shared.schema import MODEL_ENDS_SOON_DAYS, TRANSCRIPTION_MODEL

TIMEOUT_S = 10
REFUSING = frozenset({"401", "403"})
_BASES = {
    "twilio": "https://api.twilio.com",
    "twilio_voice": "https://voice.twilio.com",
    "twilio_messaging": "https://messaging.twilio.com",
    "openai": "https://api.openai.com",
    "stripe": "https://api.stripe.com",
}


class Refused(Exception):
    """The service answered no, or not at all; the message has no key in it."""


@dataclass(frozen=True, slots=True)
class Services:
    """Who is asked, and with which keys. `bases` replaces their addresses, by name."""

    bases: Mapping[str, str]
    keys: Mapping[str, str]  # by service; one that is missing is not asked

    def get(self, service: str, path: str, **auth: str) -> Any:
        """The JSON at `path`. Raises Refused."""
        base = self.bases.get(service) or _BASES[service]
        request = urllib.request.Request(base.rstrip("/") + path)
        for name, value in auth.items():
            request.add_unredirected_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as exc:
            exc.close()
            raise Refused(f"HTTP {exc.code}") from exc
        except (OSError, ValueError) as exc:
            raise Refused(type(exc).__name__) from exc

    def twilio(self, service: str, path: str, account_sid: str) -> Any:
        token = b64encode(f"{account_sid}:{self.keys['twilio']}".encode()).decode()
        return self.get(service, path, Authorization=f"Basic {token}")


def numbers(
    stage: Stage, services: Services, businesses: Iterable[Business], own: Container[str]
) -> Findings:
    """Each is the account's and takes calls; where it points now. `own`: this stage's addresses
    of /incoming, none before it was deployed."""
    if "twilio" not in services.keys:
        yield unseen("Twilio", "no auth token yet")
        return
    known = Numbers(
        stage.twilio_account_sid, services.keys["twilio"], api_base=services.bases.get("twilio")
    )
    for business in businesses:
        if business.is_example:
            continue
        for phone in business.numbers:
            what = f"Twilio number …{phone[-4:]} of {business.id}"
            try:
                found = known.look_up(phone, {"voice_url": ""})
            except Unready as exc:
                yield blocked(what, str(exc).replace(phone, "it"))
                continue
            yield _points_at(what, found.answers_at, own, stage.name)


def _points_at(what: str, at: str | None, own: Container[str], stage: str) -> Finding:
    if not at:
        return later(what, f"not connected: make connect STAGE={stage}")
    if at in own:
        return ok(what, "points at this stage")
    if at.endswith("/incoming"):
        return later(
            what,
            f"points at {at}, another stage: make connect STAGE={stage} TAKE_OVER=1 would take it",
        )
    return later(what, f"points at {at}: make connect STAGE={stage}")


def permissions(stage: Stage, services: Services) -> Findings:
    """Whether calls to the country may be placed, and texts sent."""
    if "twilio" not in services.keys:
        return
    what = "Twilio: calls to the United States"
    try:
        found = services.twilio(
            "twilio_voice", "/v1/DialingPermissions/Countries/US", stage.twilio_account_sid
        )
        allowed = found.get("low_risk_numbers_enabled")
    except Refused as exc:
        yield unseen(what, f"{exc}; console: Voice, Settings, Geo permissions")
    else:
        if allowed:
            yield ok(what)
        else:
            yield blocked(what, "off, nobody could be rung: Voice, Settings, Geo permissions")
    yield unseen("Twilio: texts to the United States", "console: Messaging, Geo permissions")
    yield from _registration(stage, services)


def _registration(stage: Stage, services: Services) -> Findings:
    what = "Twilio: registration of texts (A2P)"
    try:
        found = services.twilio("twilio_messaging", "/v1/Services", stage.twilio_account_sid)
        states = [
            campaign.get("campaign_status")
            for each in found.get("services", [])
            for campaign in services.twilio(
                "twilio_messaging",
                f"/v1/Services/{each['sid']}/Compliance/Usa2p",
                stage.twilio_account_sid,
            ).get("compliance", [])
        ]
    except (Refused, KeyError) as exc:
        yield unseen(what, f"{exc}; console: Messaging, Regulatory compliance")
        return
    if "VERIFIED" in states:
        yield ok(what, "a verified campaign")
    else:
        told = ", ".join(str(state).lower() for state in states) or "no campaign"
        yield later(what, f"{told}: no text is delivered before it is verified")


def models(stage: Stage, services: Services, today: date) -> Findings:
    """The model that talks and the one that writes down answer this key, and do not end soon."""
    if "openai" not in services.keys:
        yield unseen("OpenAI", "no key yet")
        return
    known = OpenAiModels(lambda: services.keys["openai"], api_base=services.bases.get("openai"))
    for model in (stage.model, TRANSCRIPTION_MODEL):
        yield _model(f"OpenAI model {model}", model, known, today)


def _model(what: str, model: str, known: OpenAiModels, today: date) -> Finding:
    try:
        ends = known.ends(model, today)
    except PortError as exc:
        told = str(exc).rpartition(": ")[2]
        if told in REFUSING:
            return blocked(what, f"HTTP {told}: the key's project may not use it")
        return unseen(what, f"{told}; OpenAI's status page")
    if ends is None:
        return ok(what)
    if ends <= today:
        return blocked(what, "HTTP 404: the key's project may not use it, or it is no more")
    if ends - today <= timedelta(days=MODEL_ENDS_SOON_DAYS):
        return later(what, f"is shut down on {ends}: choose another, `model` in cdk.json")
    return ok(what, f"until {ends}")


def payments(services: Services) -> Findings:
    """What the key can see of itself; a restricted one sees little, and need not see more."""
    if "stripe" not in services.keys:
        yield unseen("Stripe", "no key yet")
        return
    key = f"Bearer {services.keys['stripe']}"
    try:
        services.get("stripe", "/v1/checkout/sessions?limit=1", Authorization=key)
    except Refused as exc:
        yield blocked("Stripe", f"{exc}: the key must be able to write Checkout Sessions")
        return
    yield ok("Stripe", "Checkout Sessions")
    try:
        account = services.get("stripe", "/v1/account", Authorization=key)
    except Refused:
        yield unseen("Stripe: charges enabled", "dashboard: Settings, Account status")
        return
    if account.get("charges_enabled"):
        yield ok("Stripe: charges enabled")
    else:
        yield blocked("Stripe: charges enabled", "no: finish the account's activation")
