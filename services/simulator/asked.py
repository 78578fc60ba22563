"""What was asked of a stand-in: each kind of request once, however often it came."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def noted(asked: set[str], *, below: str = "") -> Any:
    """A middleware that keeps "GET /v1/checkout/sessions/{id}" of every request `below` a path."""

    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        resource = request.match_info.route.resource
        if request.path.startswith(below):
            asked.add(f"{request.method} {resource.canonical if resource else request.path}")
        return await handler(request)

    return note
