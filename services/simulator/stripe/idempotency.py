"""Idempotency keys: a POST that comes again gets the answer of the first time."""

import hashlib
import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from services.simulator.stripe.answers import answered
from services.simulator.stripe.params import BadParameter

Respond = Callable[[web.Request], Awaitable[web.StreamResponse]]


class IdempotentAnswers:
    """The answers that were given, by Idempotency-Key, and the failures that were ordered."""

    def __init__(self) -> None:
        # Key -> (path and digest of the body, status, body) of the request it came with first.
        self._answers: dict[str, tuple[str, int, dict[str, object]]] = {}
        self._failures = 0  # how many requests are still to fail
        self._sticky = False  # whether such a failure is kept for the request's key

    def fail_next(self, n: int, *, sticky: bool) -> None:
        """Let the next `n` requests fail."""
        self._failures, self._sticky = n, sticky

    async def once(self, request: web.Request, respond: Respond) -> web.StreamResponse:
        """Run a POST once for each key; the same request again gets the same answer.

        Raises:
            BadParameter: the key was used before, with another request.
        """
        key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
        asked = f"{request.path}?{hashlib.sha256(await request.read()).hexdigest()}"
        if key in self._answers:
            return self._replayed(key, asked)
        if self._failures:
            return self._failed(key, asked)
        answer = await respond(request)
        # A refusal of the params is raised before this and not kept, as at Stripe.
        if key and isinstance(answer, web.Response) and answer.text:
            self._answers[key] = (asked, answer.status, json.loads(answer.text))
        return answer

    def _replayed(self, key: str, asked: str) -> web.Response:
        before, status, body = self._answers[key]
        if before != asked:
            raise BadParameter(
                "Keys for idempotent requests can only be used with the same parameters they "
                "were first used with.",
                code="idempotency_error",
            )
        return answered(body, status, replayed=True)

    def _failed(self, key: str | None, asked: str) -> web.Response:
        self._failures -= 1
        failure: dict[str, object] = {
            "error": {"type": "api_error", "message": "A stand-in's failure"}
        }
        if key and self._sticky:
            self._answers[key] = (asked, 500, failure)
        return answered(failure, 500)
