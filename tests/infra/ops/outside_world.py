"""Twilio's IncomingPhoneNumbers and Stripe's webhook endpoints on loopback, as far as needed."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

Form = list[tuple[str, str]]
Answer = tuple[int, dict[str, Any]]


class Side(Protocol):
    def answer(self, method: str, path: str, fields: Form, key: str) -> Answer: ...


class Account:
    """One Twilio account and its numbers."""

    def __init__(self, sid: str, token: str) -> None:
        self.sid, self.token = sid, token
        self.numbers: dict[str, dict[str, Any]] = {}
        self.changes: list[tuple[str, dict[str, str]]] = []

    def own(self, phone: str, **fields: Any) -> str:
        """The sid of a number that the account has from now on."""
        sid = f"PN{len(self.numbers) + 1:032x}"
        self.numbers[sid] = {
            "sid": sid,
            "account_sid": self.sid,
            "phone_number": phone,
            "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
            "voice_url": "https://demo.twilio.com/welcome/voice/",
            "voice_method": "POST",
            "voice_fallback_url": None,
            "voice_fallback_method": "POST",
            "status_callback": "",
            "status_callback_method": "POST",
            "voice_application_sid": None,
            "trunk_sid": None,
        } | fields
        return sid

    def answer(self, method: str, path: str, fields: Form, key: str) -> Answer:
        if key != f"{self.sid}:{self.token}":
            return 401, {"code": 20003, "message": "Authenticate", "status": 401}
        base = f"/2010-04-01/Accounts/{self.sid}/IncomingPhoneNumbers"
        if method == "GET" and path == f"{base}.json":
            wanted = dict(fields).get("PhoneNumber")
            found = [n for n in self.numbers.values() if n["phone_number"] == wanted]
            return 200, {"incoming_phone_numbers": found, "page": 0, "page_size": 50}
        sid = path.removeprefix(f"{base}/").removesuffix(".json")
        if method == "POST" and sid in self.numbers:
            given = dict(fields)
            self.changes.append((self.numbers[sid]["phone_number"], given))
            self.numbers[sid] |= {_snake(name): value for name, value in given.items()}
            return 200, self.numbers[sid]
        return 404, {"code": 20404, "message": "not found", "status": 404}


class StripeSide:
    """Stripe's webhook endpoints; the secret is told when one is made, and never again."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.endpoints: dict[str, dict[str, Any]] = {}
        self.secrets: list[str] = []
        self.asked: list[str] = []
        self.may_write_endpoints = True  # not with a key restricted to what the bridge does

    def own(self, **fields: Any) -> str:
        """The id of an endpoint that is there already."""
        made = f"we_{len(self.secrets) + 1}"
        self.secrets.append(f"whsec_{len(self.secrets) + 1:012d}")
        self.endpoints[made] = {
            "id": made,
            "object": "webhook_endpoint",
            "api_version": None,
            "enabled_events": [],
            "metadata": {},
            "status": "enabled",
            "url": "",
        } | fields
        return made

    def answer(self, method: str, path: str, fields: Form, key: str) -> Answer:
        if key != self.key:
            error = {"type": "invalid_request_error", "message": f"Invalid API Key: {key}"}
            return 401, {"error": error}
        self.asked.append(f"{method} {path}")
        if not self.may_write_endpoints:
            return 403, {"error": {"type": "invalid_request_error", "message": "Permission"}}
        _, _, which = path.removeprefix("/v1/webhook_endpoints").partition("/")
        if not which and method == "GET":
            every = list(self.endpoints.values())
            return 200, {"object": "list", "data": every, "has_more": False, "url": path}
        if not which:
            made = self.own(**_nested(fields))
            return 200, self.endpoints[made] | {"secret": self.secrets[-1]}
        if which not in self.endpoints:
            return 404, {"error": {"type": "invalid_request_error", "message": "No such endpoint"}}
        if method == "DELETE":
            del self.endpoints[which]
            return 200, {"id": which, "object": "webhook_endpoint", "deleted": True}
        given = _nested(fields)
        if "disabled" in given:
            self.endpoints[which]["status"] = (
                "disabled" if given.pop("disabled") == "true" else "enabled"
            )
        self.endpoints[which] |= given
        return 200, self.endpoints[which]


def _nested(fields: Form) -> dict[str, Any]:
    """enabled_events[0]=a, metadata[k]=v."""
    found: dict[str, Any] = {}
    for name, value in fields:
        outer, _, inner = name.partition("[")
        if not inner:
            found[outer] = value
        elif inner.rstrip("]").isdecimal():
            found.setdefault(outer, []).append(value)
        else:
            found.setdefault(outer, {})[inner.rstrip("]")] = value
    return found


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


@contextmanager
def serving(side: Side) -> Iterator[str]:
    """The address under which `side` answers, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            parts = urlsplit(self.path)
            text = self.rfile.read(length).decode() or parts.query
            fields = parse_qsl(text, keep_blank_values=True)
            status, body = side.answer(self.command, parts.path, fields, _key(self.headers))
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def __getattr__(self, name: str) -> Any:
            """do_GET, do_POST and do_DELETE are all the same here."""
            if name.startswith("do_"):
                return self._any
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:  # else the process of the tests never ends
            server.shutdown()
            thread.join()


def _key(headers: Any) -> str:
    kind, _, given = str(headers.get("Authorization", "")).partition(" ")
    return base64.b64decode(given).decode() if kind == "Basic" else given
