"""What a stand-in was asked: each kind of request once, and no more than a key may ask."""

import asyncio

import aiohttp

from services.simulator.stripe.server import StripeStandIn

KEY = "rk_test_standin"


async def _asked(*paths: str) -> tuple[list[int], set[str]]:
    server = StripeStandIn(api_key=KEY, webhook_secret="whsec_x")
    url = await server.start()
    statuses = []
    try:
        headers = {"Authorization": f"Bearer {KEY}"}
        async with aiohttp.ClientSession(headers=headers) as http:
            for path in paths:
                async with http.get(url + path) as answer:
                    statuses.append(answer.status)
    finally:
        await server.stop()
    return statuses, server.api.asked


def test_a_kind_of_request_is_kept_once_by_its_resource() -> None:
    statuses, asked = asyncio.run(
        _asked("/v1/checkout/sessions/cs_1", "/v1/checkout/sessions/cs_2")
    )
    assert statuses == [404, 404]
    assert asked == {"GET /v1/checkout/sessions/{id}"}


def test_what_a_restricted_key_may_not_ask_is_refused_as_stripe_does() -> None:
    statuses, _ = asyncio.run(
        _asked("/v1/webhook_endpoints", "/v1/account", "/v1/refunds", "/v1/checkout/sessions")
    )
    assert statuses == [403, 403, 403, 200]
