"""The HTTP API: payload 2.0 events as AWS makes them, and results as it sends them."""

import asyncio
import base64
from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest

from services.simulator.stack.lambdas.gateway import FunctionFailed, Gateway


def ask(
    method: str,
    path: str,
    result: object = None,
    *,
    data: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, dict[str, str], bytes, list[dict[str, Any]]]:
    """Send one request through a gateway of two routes; return the answer and the events."""
    events: list[dict[str, Any]] = []

    async def function(event: dict[str, Any]) -> object:
        events.append(event)
        if isinstance(result, Exception):
            raise result
        return {"statusCode": 200} if result is None else result

    async def run() -> tuple[int, dict[str, str], bytes]:
        gateway = Gateway({"POST /incoming": function, "GET /pay/{job_id}": function})
        url = await gateway.start()
        try:
            async with (
                aiohttp.ClientSession(auto_decompress=False) as http,
                http.request(
                    method, url + path, data=data, headers=headers, allow_redirects=False
                ) as answer,
            ):
                return answer.status, dict(answer.headers), await answer.read()
        finally:
            await gateway.stop()

    return *asyncio.run(run()), events


FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}


def test_a_form_arrives_as_base64_with_lower_cased_headers() -> None:
    *_, events = ask(
        "POST", "/incoming?a=1&b=&a=2", data=b"CallSid=CA1&From=", headers={**FORM, "X-Twilio": "s"}
    )
    event = events[0]
    assert (event["version"], event["routeKey"]) == ("2.0", "POST /incoming")
    assert (event["rawPath"], event["rawQueryString"]) == ("/incoming", "a=1&b=&a=2")
    assert event["queryStringParameters"] == {"a": "1,2", "b": ""}
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == b"CallSid=CA1&From="
    assert event["headers"]["x-twilio"] == "s"
    assert all(name == name.lower() for name in event["headers"])
    assert event["requestContext"]["http"]["method"] == "POST"
    assert event["requestContext"]["stage"] == "$default"


def test_json_arrives_as_text() -> None:
    body = b'{"id": "evt_1"}'
    *_, events = ask(
        "POST", "/incoming", data=body, headers={"Content-Type": "application/json; charset=utf-8"}
    )
    assert (events[0]["body"], events[0]["isBase64Encoded"]) == (body.decode(), False)


def test_path_parameters_and_cookies_have_their_places() -> None:
    *_, events = ask("GET", "/pay/abc123", headers={"Cookie": "a=1; b=2"})
    event = events[0]
    assert event["pathParameters"] == {"job_id": "abc123"}
    assert event["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in event["headers"]
    assert "body" not in event


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/incoming"), ("POST", "/other"), ("GET", "/"), ("POST", "/pay/a"), ("PUT", "/x")],
)
def test_what_is_no_route_is_not_found_in_awss_words(method: str, path: str) -> None:
    status, _, body, events = ask(method, path)
    assert (status, body, events) == (404, b'{"message": "Not Found"}', [])


def test_status_headers_cookies_and_body_come_back() -> None:
    result = {
        "statusCode": 303,
        "headers": {"Location": "https://example.com/", "content-type": "text/html"},
        "cookies": ["a=1"],
        "body": base64.b64encode("é".encode()).decode(),
        "isBase64Encoded": True,
    }
    status, headers, body, _ = ask("GET", "/pay/a", result)
    assert (status, headers["Location"]) == (303, "https://example.com/")
    assert headers["Content-Type"] == "text/html"
    assert headers["Set-Cookie"] == "a=1"
    assert body == "é".encode()


def test_a_result_without_a_status_is_the_body_of_a_200() -> None:
    status, headers, body, _ = ask("GET", "/pay/a", {"ok": True})
    assert (status, headers["Content-Type"], body) == (
        200,
        "application/json; charset=utf-8",
        b'{"ok": true}',
    )


def test_a_body_without_a_content_type_is_json() -> None:
    _, headers, _, _ = ask("GET", "/pay/a", {"statusCode": 200, "body": "{}"})
    assert headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "result",
    [
        FunctionFailed("ValueError: secret"),
        {"statusCode": "many"},
        {"statusCode": 200, "body": {"not": "text"}},
        {"statusCode": 200, "headers": "text"},
        {"statusCode": 200, "body": "***", "isBase64Encoded": True},
    ],
)
def test_a_function_that_fails_tells_the_caller_nothing_of_why(result: object) -> None:
    status, _, body, _ = ask("GET", "/pay/a", result)
    assert (status, body) == (500, b'{"message": "Internal Server Error"}')


def test_a_function_that_takes_too_long_is_unavailable() -> None:
    status, _, body, _ = ask("GET", "/pay/a", TimeoutError())
    assert (status, body) == (503, b'{"message": "Service Unavailable"}')
