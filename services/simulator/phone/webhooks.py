"""Twilio's requests to our addresses: signed, limited in time, and kept for whoever asks."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, urldefrag, urlencode, urlsplit, urlunsplit
from uuid import uuid4

import aiohttp
from yarl import URL

from services.simulator.phone.signature import HEADER, sign

CONNECT_S, TOTAL_S = 5.0, 15.0
RETRIEVAL_FAILURE, CONNECTION_FAILURE, CONTENT_TYPE = 11200, 11205, 12300
_NOTHING = (0, "", "")
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


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the fragment of an address says about asking for it, as Twilio's page has it:
    https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
    """

    connect_s: float = CONNECT_S
    read_s: float = TOTAL_S
    total_s: float = TOTAL_S
    retries: int = 1
    policy: tuple[str, ...] = ("ct",)

    @classmethod
    def of(cls, fragment: str) -> "Overrides":
        given = dict(parse_qsl(fragment))

        def number(name: str, otherwise: float) -> float:
            return int(given[name]) if given.get(name, "").isdecimal() else otherwise

        return cls(
            number("ct", CONNECT_S * 1000) / 1000,
            number("rt", TOTAL_S * 1000) / 1000,
            min(number("tt", TOTAL_S * 1000) / 1000, TOTAL_S),
            min(int(number("rc", 1)), 5),
            tuple(given.get("rp", "ct").split(",")),
        )

    def repeats(self, failed: str) -> bool:
        """Whether what failed like this is asked for once more."""
        return failed in self.policy or (failed != "2xx" and "all" in self.policy)

    def limit(self, left_s: float) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(
            total=left_s, sock_connect=self.connect_s, sock_read=self.read_s
        )


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
        """Request `url`, as its fragment says, and return what came of it."""
        # A fragment carries connection settings for Twilio itself: it is neither sent nor signed.
        overrides = Overrides.of(urlsplit(url).fragment)
        target = urlunsplit(urlsplit(url)._replace(fragment=""))
        verb: Literal["GET", "POST"] = "GET" if method.upper() == "GET" else "POST"
        if verb == "GET" and fields:
            query = urlencode(fields)
            target += ("&" if urlsplit(target).query else "?") + query
        if self.habits.sorts_queries:
            target = _sorted(target)
        body = urlencode(fields) if verb == "POST" else ""
        loop = asyncio.get_running_loop()
        began = loop.time()
        status, text, content_type = await self._tried(verb, target, body, overrides)
        took = round((loop.time() - began) * 1000)
        exchange = Exchange(urldefrag(url).url, dict(fields), status, text, content_type, took)
        self._on_exchange(exchange)
        return exchange

    async def _tried(
        self, verb: str, target: str, body: str, overrides: Overrides
    ) -> tuple[int, str, str]:
        """Ask, and again as often as the address allows, all within its total time; a try that is
        repeated has the same headers."""
        loop, headers = asyncio.get_running_loop(), self._headers(verb, target, body)
        until, tries = loop.time() + overrides.total_s, overrides.retries + 1
        while True:
            limit = overrides.limit(max(0.001, until - loop.time()))
            answer, failed = await self._request(verb, target, body, headers, limit)
            tries -= 1
            if not tries or loop.time() >= until or not overrides.repeats(failed):
                return answer

    def _headers(self, verb: str, target: str, body: str) -> dict[str, str]:
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
        return headers

    async def _request(
        self,
        verb: str,
        target: str,
        body: str,
        headers: Mapping[str, str],
        limit: aiohttp.ClientTimeout,
    ) -> tuple[tuple[int, str, str], str]:
        """Status, text and type; and how it failed, in the words of `rp`."""
        data = body if verb == "POST" else None
        # As it was signed: aiohttp would write some of it otherwise.
        try:
            async with self._session().request(
                verb, URL(target, encoded=True), data=data, headers=headers, timeout=limit
            ) as answer:
                text = await answer.text(errors="replace")
                found = (answer.status, text, answer.headers.get("Content-Type", ""))
                return found, f"{answer.status // 100}xx"
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return _NOTHING, "ct"
        except (aiohttp.ClientError, TimeoutError, OSError):
            return _NOTHING, "rt"

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession()
        return self._http


def _sorted(url: str) -> str:
    parts = urlsplit(url)
    query = sorted(parse_qsl(parts.query, keep_blank_values=True))
    return urlunsplit(parts._replace(query=urlencode(query)))
