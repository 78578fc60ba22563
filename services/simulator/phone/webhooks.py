"""Twilio's requests to our addresses: signed, limited in time, and kept for whoever asks."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, urldefrag, urlencode, urlsplit, urlunsplit
from uuid import uuid4

import aiohttp

from services.simulator.phone.signature import HEADER, sign

CONNECT_S, TOTAL_S = 10.0, 15.0
RETRIEVAL_FAILURE, CONNECTION_FAILURE, CONTENT_TYPE = 11200, 11205, 12300
_LATE = ("StirVerstat", "CallToken")
_XML = ("text/xml", "application/xml", "text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came back; `status` is 0 when nothing did.

    `fields` is the form that was signed and sent, or for a GET the query.
    """

    url: str
    fields: Mapping[str, str]
    status: int
    body: str
    content_type: str
    took_ms: int

    @property
    def error(self) -> int | None:
        """Twilio's code when this is no answer it can follow as TwiML."""
        if not self.status:
            return CONNECTION_FAILURE
        if not 200 <= self.status < 300:
            return RETRIEVAL_FAILURE
        if not self.content_type.startswith(_XML):
            return CONTENT_TYPE
        return None


@dataclass(frozen=True, slots=True)
class Habits:
    """What Twilio may do with a request, as others report, and our side must not mind."""

    sorts_queries: bool = False  # before it signs and asks
    signs_late_fields: bool = True  # StirVerstat and CallToken; else they are added after signing


class TwilioWebhooks:
    """Sends the requests of one account."""

    def __init__(self, auth_token: str, on_exchange: Callable[[Exchange], None]) -> None:
        self._token, self._on_exchange = auth_token, on_exchange
        self._http: aiohttp.ClientSession | None = None  # from the first request on
        self.habits = Habits()

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    async def send(self, url: str, fields: Mapping[str, str], method: str = "POST") -> Exchange:
        """Request `url` once and return what came of it."""
        # A fragment carries connection settings for Twilio itself: it is neither sent nor signed.
        limit = _limit(urlsplit(url).fragment)
        target = urlunsplit(urlsplit(url)._replace(fragment=""))
        verb: Literal["GET", "POST"] = "GET" if method.upper() == "GET" else "POST"
        if verb == "GET" and fields:
            query = urlencode(fields)
            target += ("&" if urlsplit(target).query else "?") + query
        if self.habits.sorts_queries:
            target = _sorted(target)
        form = fields if verb == "POST" else {}
        loop = asyncio.get_running_loop()
        began = loop.time()
        status, body, content_type = await self._request(verb, target, form, limit)
        took = round((loop.time() - began) * 1000)
        exchange = Exchange(urldefrag(url).url, dict(fields), status, body, content_type, took)
        self._on_exchange(exchange)
        return exchange

    async def _request(
        self, verb: str, target: str, form: Mapping[str, str], limit: aiohttp.ClientTimeout
    ) -> tuple[int, str, str]:
        body = urlencode(form)
        signed = parse_qsl(body, keep_blank_values=True)
        if not self.habits.signs_late_fields:
            signed = [(name, value) for name, value in signed if name not in _LATE]
        headers = {
            # Signed over what the receiver parses, blank fields included.
            HEADER: sign(self._token, target, signed),
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "I-Twilio-Idempotency-Token": str(uuid4()),
        }
        if verb == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        try:
            async with self._session().request(
                verb,
                target,
                data=body if verb == "POST" else None,
                headers=headers,
                timeout=limit,
            ) as answer:
                text = await answer.text(errors="replace")
                return answer.status, text, answer.headers.get("Content-Type", "")
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0, "", ""

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession()
        return self._http


def _limit(fragment: str) -> aiohttp.ClientTimeout:
    """How long is waited: as the fragment of an address overrides it, in ms."""
    given = dict(parse_qsl(fragment))

    def seconds(name: str, otherwise: float) -> float:
        return int(given[name]) / 1000 if given.get(name, "").isdecimal() else otherwise

    return aiohttp.ClientTimeout(
        total=min(seconds("tt", TOTAL_S), TOTAL_S),
        connect=seconds("ct", CONNECT_S),
        sock_read=seconds("rt", TOTAL_S),
    )


def _sorted(url: str) -> str:
    parts = urlsplit(url)
    query = sorted(parse_qsl(parts.query, keep_blank_values=True))
    return urlunsplit(parts._replace(query=urlencode(query)))
