"""API Gateway on a laptop: turns requests into payload 2.0 events for the functions."""

import asyncio
import base64
import binascii
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import aiohttp
from aiohttp import web

from services.simulator.loopback import Served
from services.simulator.stack.lambdas.lambda_host import FUNCTION_ERROR

Event = dict[str, Any]
Invoke = Callable[[Event], Awaitable[object]]
TIMEOUT_S = 10.0
API_ID = "local"
# An HTTP API hands these over as text; everything else, forms included, as base64.
_TEXT = ("text/", "application/json", "application/xml", "application/javascript")
_LARGEST_BODY = 6 * 1024 * 1024


class FunctionFailed(RuntimeError):
    """The function raised, or gave back what no HTTP API can send."""


class Gateway:
    """The HTTP API. `routes` maps route keys like `GET /pay/{job_id}` to functions."""

    def __init__(self, routes: Mapping[str, Invoke]) -> None:
        self._served = Served()
        self._app = web.Application(client_max_size=_LARGEST_BODY)
        for key, invoke in routes.items():
            method, path = key.split(" ", 1)
            self._app.router.add_route(method, path, _answering(key, invoke))
        self.url = ""

    async def start(self, port: int = 0) -> str:
        """Listen on loopback and return the address without a slash at its end."""
        # Whatever is not a route gets AWS's own words, not aiohttp's.
        self._app.middlewares.append(_not_found)
        self.url = await self._served.start(self._app, port)
        return self.url

    async def stop(self) -> None:
        await self._served.stop()


def function_at(port: Callable[[], int], http: Callable[[], aiohttp.ClientSession]) -> Invoke:
    """Return what invokes the function of the `lambda_host` on a port of loopback."""

    async def invoke(event: Event) -> object:
        async with http().post(f"http://127.0.0.1:{port()}/", json=event) as answer:
            result = await answer.json()
            if FUNCTION_ERROR in answer.headers:
                raise FunctionFailed(f"{result.get('errorType')}: {result.get('errorMessage')}")
            return result

    return invoke


@web.middleware
async def _not_found(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        return await handler(request)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
        return _message(404, "Not Found")
    except web.HTTPRequestEntityTooLarge:
        return _message(413, "Request Entity Too Large")


def _answering(key: str, invoke: Invoke) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        body = await request.read()
        try:
            result = await asyncio.wait_for(invoke(event_of(key, request, body)), TIMEOUT_S)
            return response_of(result)
        except (TimeoutError, aiohttp.ClientError):
            return _message(503, "Service Unavailable")
        except FunctionFailed:
            return _message(500, "Internal Server Error")

    return answer


def event_of(key: str, request: web.Request, body: bytes) -> Event:
    """Return the payload 2.0 event of a request."""
    path, _, query = request.raw_path.partition("?")
    event: Event = {
        "version": "2.0",
        "routeKey": key,
        "rawPath": path,
        "rawQueryString": query,
        "headers": _headers(request),
        "requestContext": _context(key, path, request),
        "isBase64Encoded": False,
    }
    if cookies := request.headers.getall("Cookie", []):
        event["cookies"] = [part.strip() for line in cookies for part in line.split(";")]
    if query:
        event["queryStringParameters"] = _joined(parse_qsl(query, keep_blank_values=True))
    if request.match_info:
        event["pathParameters"] = dict(request.match_info)
    if body:
        text = request.headers.get("Content-Type", "").lower().startswith(_TEXT)
        event["body"] = body.decode("utf-8", "replace") if text else base64.b64encode(body).decode()
        event["isBase64Encoded"] = not text
    return event


def _headers(request: web.Request) -> dict[str, str]:
    named = [(name.lower(), value) for name, value in request.headers.items()]
    return _joined([pair for pair in named if pair[0] != "cookie"])


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return each name once, several values joined by a comma, as payload 2.0 does."""
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _context(key: str, path: str, request: web.Request) -> dict[str, object]:
    now = time.time()
    return {
        "accountId": "anonymous",
        "apiId": API_ID,
        "domainName": request.host,
        "domainPrefix": API_ID,
        "http": {
            "method": request.method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": request.remote or "",
            "userAgent": request.headers.get("User-Agent", ""),
        },
        "requestId": uuid4().hex,
        "routeKey": key,
        "stage": "$default",
        "time": datetime.fromtimestamp(now, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(now * 1000),
    }


def response_of(result: object) -> web.Response:
    """Return what the HTTP API sends for a function's result.

    Raises:
        FunctionFailed: it has a status but not the shape of a response.
    """
    if not isinstance(result, dict) or "statusCode" not in result:
        # Format 2.0 infers it: anything without a status is the body of a 200.
        body = result if isinstance(result, str) else json.dumps(result)
        return web.Response(text=body, content_type="application/json")
    try:
        response = web.Response(status=int(result["statusCode"]), body=_body(result))
        for name, value in (result.get("headers") or {}).items():
            response.headers[name] = str(value)
        for cookie in result.get("cookies") or []:
            response.headers.add("Set-Cookie", cookie)
    except (TypeError, ValueError, AttributeError) as exc:
        raise FunctionFailed(f"not a response: {exc}") from exc
    if "Content-Type" not in response.headers or not _named(result, "content-type"):
        response.headers["Content-Type"] = "application/json"
    return response


def _named(result: dict[str, Any], name: str) -> bool:
    return any(key.lower() == name for key in result.get("headers") or {})


def _body(result: dict[str, Any]) -> bytes:
    body = result.get("body") or ""
    if not isinstance(body, str):
        raise TypeError("body is not a string")
    if not result.get("isBase64Encoded"):
        return body.encode()
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as exc:
        raise ValueError("body is not base64") from exc


def _message(status: int, text: str) -> web.Response:
    return web.json_response({"message": text}, status=status)
