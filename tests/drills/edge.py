"""What Twilio asks when our webhooks do not answer: the function that runs at CloudFront's edge,
its very code, in Node."""

import asyncio
import json
import subprocess
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from infra.fallback.code import code, key_of, path_of, value_of
from services.simulator.loopback import Served
from shared.businesses import all_businesses, by_id

ACCOUNT = "AC" + "1" * 32


def ask(uri: str, method: str = "GET", **query: str) -> dict[str, Any]:
    """What the function answers, with the businesses of the repository in its store."""
    event = {
        "request": {
            "method": method,
            "uri": uri,
            "querystring": {name: {"value": value} for name, value in query.items()},
        }
    }
    held = {key_of(each.id, ACCOUNT): value_of(each) for each in all_businesses().values()}
    store = f"{{kvs: () => ({{get: async key => {{ const held = {json.dumps(held)}; "
    store += "if (!(key in held)) { throw new Error('KeyNotFound'); } return held[key]; }})}"
    source = code().replace("import cf from 'cloudfront';", f"const cf = {store};")
    assert "import" not in source.split("SAY_SORRY")[0].replace("import cf", "")
    program = f"{source}\nhandler({json.dumps(event)}).then(a => console.log(JSON.stringify(a)))"
    done = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


class FallbackEdge:
    """The function on a port of loopback; `asked` has each request's query."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, str]] = []
        self._served = Served()

    async def start(self, business_id: str) -> str:
        """Return the address that a number of this business has as its fallback."""
        business = by_id(business_id)
        assert business is not None
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._answer)
        return await self._served.start(app) + path_of(business, ACCOUNT)

    async def stop(self) -> None:
        await self._served.stop()

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append(dict(request.query))
        # CloudFront hands the query on as it came, not decoded.
        query = dict(
            pair.partition("=")[::2] for pair in request.rel_url.raw_query_string.split("&") if pair
        )
        told = await asyncio.to_thread(ask, request.path, request.method, **query)
        if told["statusCode"] != 200:
            return web.Response(status=told["statusCode"])
        kind = told["headers"]["content-type"]["value"]
        return web.Response(text=told["body"], content_type=kind)
