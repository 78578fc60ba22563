"""Twilio's requests, also with the habits others report of it."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from twilio.request_validator import RequestValidator

from services.simulator.phone.webhooks import Exchange, Habits, Overrides, TwilioWebhooks

FIELDS = {"From": "+15551230000", "StirVerstat": "TN-Validation-Passed-A", "CallToken": "t"}
PLAIN = {"From": "+15551230000"}


def sent(habits: Habits, path: str) -> tuple[str, dict[str, str], str]:
    """Post FIELDS once; return the address that was asked, the form, and the signature."""
    seen: list[tuple[str, dict[str, str], str]] = []

    async def take(request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        seen.append((str(request.url), form, request.headers["X-Twilio-Signature"]))
        return web.Response()

    async def scenario() -> None:
        app = web.Application()
        app.router.add_post("/{path:.*}", take)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        exchanges: list[Exchange] = []
        webhooks = TwilioWebhooks("token", exchanges.append)
        webhooks.habits = habits
        await webhooks.send(f"http://127.0.0.1:{runner.addresses[0][1]}{path}", FIELDS)
        await webhooks.close()
        await runner.cleanup()
        assert [exchange.status for exchange in exchanges] == [200]

    asyncio.run(scenario())
    return seen[0]


def valid(url: str, form: dict[str, str], signature: str) -> bool:
    return bool(RequestValidator("token").validate(url, form, signature))


@pytest.mark.parametrize("sorts", [False, True])
def test_a_query_is_signed_and_asked_in_the_same_order(sorts: bool) -> None:
    url, form, signature = sent(Habits(sorts_queries=sorts), "/handoff?n=1&b=x")

    assert list(parse_qs(urlsplit(url).query)) == (["b", "n"] if sorts else ["n", "b"])
    assert form == FIELDS and valid(url, form, signature)


def test_late_fields_are_sent_and_not_signed() -> None:
    url, form, signature = sent(Habits(signs_late_fields=False), "/incoming")

    assert form == FIELDS
    assert valid(url, PLAIN, signature) and not valid(url, FIELDS, signature)


def test_an_address_says_how_long_is_waited_and_that_is_neither_sent_nor_signed() -> None:
    asked: list[str] = []

    async def slow(request: web.Request) -> web.Response:
        asked.append(str(request.url))
        await asyncio.sleep(5)
        return web.Response()

    async def scenario() -> Exchange:
        app = web.Application()
        app.router.add_post("/{path:.*}", slow)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        webhooks = TwilioWebhooks("token", lambda _: None)
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/handoff?n=1#ct=2000&rt=200&tt=400"
        exchange = await webhooks.send(url, FIELDS)
        await webhooks.close()
        await runner.cleanup()
        return exchange

    exchange = asyncio.run(scenario())
    assert (exchange.status, exchange.error) == (0, 11205)
    assert exchange.took_ms < 3_000
    assert asked == [exchange.url] and "#" not in exchange.url


def answered(statuses: list[int], fragment: str) -> tuple[int, list[str]]:
    """Post once to a server that answers with these; the last status, and each try's token."""
    tokens: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        tokens.append(request.headers["I-Twilio-Idempotency-Token"])
        return web.Response(status=statuses[len(tokens) - 1])

    async def scenario() -> Exchange:
        app = web.Application()
        app.router.add_post("/{path:.*}", answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        webhooks = TwilioWebhooks("token", lambda _: None)
        port = runner.addresses[0][1]
        exchange = await webhooks.send(f"http://127.0.0.1:{port}/handoff{fragment}", FIELDS)
        await webhooks.close()
        await runner.cleanup()
        return exchange

    return asyncio.run(scenario()).status, tokens


@pytest.mark.parametrize(
    ("fragment", "status", "tries"),
    [
        ("", 503, 1),  # by itself it tries again only what could not be connected to
        ("#rp=5xx", 500, 2),
        ("#rc=2&rp=5xx", 200, 3),
        ("#rc=2&rp=all", 200, 3),
        ("#rc=2&rp=4xx,rt", 503, 1),
        ("#rc=0&rp=5xx", 503, 1),
    ],
)
def test_an_address_says_what_is_tried_again_and_how_often(
    fragment: str, status: int, tries: int
) -> None:
    last, tokens = answered([503, 500, 200], fragment)
    assert (last, len(tokens)) == (status, tries)
    assert len(set(tokens)) == 1  # by which a repeated request is known


def test_an_address_where_nobody_listens_is_tried_twice() -> None:
    failed = Overrides()
    assert failed.repeats("ct") and not failed.repeats("rt") and failed.retries == 1
    assert not Overrides.of("rc=3&rp=all").repeats("2xx")
