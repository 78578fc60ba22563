"""A phone company that really signs, and the function behind it with fakes for tables and texts."""

import base64
import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree import ElementTree

from twilio.request_validator import RequestValidator

from functions.incoming import handler
from functions.incoming.context import Request, WebhookContext
from functions.incoming.phone_numbers import of_business
from functions.incoming.settings import settings_of
from functions.incoming.signature import Form
from shared import businesses
from shared.actions.ports import Ports
from shared.adapters.secrets import Secrets
from shared.adapters.switches import NOTHING, Switched
from shared.domain import stream_token
from shared.domain.models import Call, Escalation
from shared.metrics import EmfMetrics
from tests.fakes import FakeWorld

TOKEN = "12345"
ACCOUNT = "AC00000000000000000000000000000001"
CALL = "CA00000000000000000000000000000007"
NUMBER, CALLER = "+19375550100", "+15551230000"
ON_CALL, OFFICE = "+19375550191", "+19375550190"
PUBLIC = "https://voice.example.com"
NOW = datetime(2025, 8, 28, 23, 12, tzinfo=UTC)
ENVIRON = {
    "STAGE": "local",
    "TABLE_PREFIX": "callwright-local-",
    "PUBLIC_BASE_URL": PUBLIC,
    "MEDIA_URL": "wss://media.example.com/media",
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "STREAM_TOKEN_SECRET": "stream secret",
}
HANDOFF = "/handoff?b=coolcare_hvac&n=1"
ACCEPT = f"/whisper-accept?b=coolcare_hvac&call={CALL}"
VOICEMAIL = "/voicemail?b=coolcare_hvac"
RECORDING = f"https://api.twilio.com/Recordings/RE{'1' * 32}"
# As Twilio sends it: blank fields included.
FIELDS = {
    "AccountSid": ACCOUNT,
    "ApiVersion": "2010-04-01",
    "CallSid": CALL,
    "CallStatus": "in-progress",
    "Called": NUMBER,
    "Caller": CALLER,
    "CallerCity": "",
    "Direction": "inbound",
    "From": CALLER,
    "FromState": "OH",
    "FromZip": "",
    "To": NUMBER,
}


@dataclass
class Answer:
    status: int
    body: str
    content_type: str

    @property
    def xml(self) -> ElementTree.Element:
        return ElementTree.fromstring(self.body)

    @property
    def verbs(self) -> list[str]:
        return [verb.tag for verb in self.xml]

    def one(self, tag: str) -> ElementTree.Element:
        found = self.xml.find(f".//{tag}")
        assert found is not None, f"no {tag} in {self.body}"
        return found


@dataclass
class Phone:
    """Twilio's side: signs a webhook with the account's token and delivers it."""

    world: FakeWorld = field(default_factory=FakeWorld)
    environ: dict[str, str] = field(default_factory=lambda: dict(ENVIRON))
    now: datetime = NOW
    emf: io.StringIO = field(default_factory=io.StringIO)
    nonces: int = 0
    switched: Switched = NOTHING
    broken: bool = False

    def post(self, url: str, /, **changes: str) -> Answer:
        """Post the fields of a call, with `changes`, to a path or to an address found in TwiML."""
        parts = urlsplit(url)
        target = f"{PUBLIC}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        body = urlencode({**FIELDS, **changes})
        return self.deliver(target, body, signed(target, body))

    def deliver(self, target: str, body: str | bytes, signature: str | None) -> Answer:
        raw = body.encode() if isinstance(body, str) else body
        headers = {"content-type": "application/x-www-form-urlencoded"}
        if signature is not None:
            headers["x-twilio-signature"] = signature
        return self.event(an_event(target, base64.b64encode(raw).decode(), headers))

    def event(self, event: dict[str, Any]) -> Answer:
        self.nonces += 1
        settings = settings_of(self.environ)
        request = Request(
            settings=settings,
            secret=Secrets(self.environ, lambda: self.now).get,
            real_now=self.now,
            nonce=f"nonce-{self.nonces}",
            metrics=EmfMetrics(settings.adapters.stage, lambda: self.now, self.emf),
            ports=self.ports,
            switched=lambda: self.switched,
        )
        result = handler.answer(event, None, request)
        headers = {name.lower(): value for name, value in result.get("headers", {}).items()}
        return Answer(
            result["statusCode"], result.get("body") or "", headers.get("content-type", "")
        )

    def ports(self, _: object) -> Ports:
        if self.broken:
            raise RuntimeError("a bug of ours")
        return self.world.ports

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def row(self) -> Call:
        call = self.world.calls.get(CALL)
        assert call is not None
        return call

    def has_row(self, **changes: object) -> None:
        """The row as the bridge leaves it at some moment."""
        row: dict[str, object] = {
            "call_sid": CALL,
            "business_id": "coolcare_hvac",
            "caller": CALLER,
            "started_at": NOW,
            "business_hours": False,
            **changes,
        }
        self.world.calls.rows[CALL] = Call.model_validate(row)


def signed(target: str, body: str | bytes, token: str = TOKEN) -> str:
    raw = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    form = Form(parse_qsl(raw, keep_blank_values=True))
    return str(RequestValidator(token).compute_signature(target, form))


def an_event(
    target: str, body: str, headers: dict[str, str], method: str = "POST"
) -> dict[str, Any]:
    """What an HTTP API hands to a function, payload 2.0."""
    parts = urlsplit(target)
    return {
        "version": "2.0",
        "routeKey": f"{method} {parts.path}",
        "rawPath": parts.path,
        "rawQueryString": parts.query,
        "headers": {"host": "abc.execute-api.us-east-1.amazonaws.com", **headers},
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "abc",
            "domainName": "abc.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "abc",
            "http": {
                "method": method,
                "path": parts.path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "TwilioProxy/1.1",
            },
            "requestId": "r",
            "routeKey": f"{method} {parts.path}",
            "stage": "$default",
            "time": "28/Aug/2025:23:12:00 +0000",
            "timeEpoch": 1756422720000,
        },
        "body": body,
        "isBase64Encoded": True,
    }


def asked(result: str = "pending", summary: str = "Sarah Miller, AC not cooling") -> Escalation:
    return Escalation.model_validate(
        {"reason": "asked for a person", "summary": summary, "asked_at": NOW, "result": result}
    )


def rings(answer: Answer, number: str = ON_CALL) -> bool:
    return answer.status == 200 and "Dial" in answer.verbs and answer.one("Number").text == number


def claims_of(answer: Answer, phone: Phone) -> stream_token.TokenClaims:
    parameter = answer.one("Parameter")
    assert parameter.get("name") == "token"
    assert len("token" + parameter.attrib["value"]) < 500
    return stream_token.read(
        "stream secret", parameter.attrib["value"], call_sid=CALL, now=int(phone.now.timestamp())
    )


def a_context(world: FakeWorld, **changes: Any) -> WebhookContext:
    """What a webhook of the call is answered with, over the fakes of `world`."""
    line = of_business("coolcare_hvac")
    assert line is not None
    fields: dict[str, Any] = {
        "form": Form([("CallSid", CALL), ("From", CALLER), ("To", NUMBER)]),
        "query": Form([]),
        "business": businesses.all_businesses()["coolcare_hvac"],
        "line": line,
        "ports": world.ports,
        "public_url": PUBLIC,
        "now": NOW,
        "real_now": NOW,
    }
    return WebhookContext(**(fields | changes))
