"""Counts what the responses of a session cost, and what is left of its rate limit."""

from typing import Any

from services.simulator.realtime.conversation import Conversation
from services.simulator.realtime.responses.response import Response
from services.simulator.realtime.usage import usage

_RATE_LIMIT = 40_000


class TokenMeter:
    """The tokens of one session."""

    def __init__(self) -> None:
        # Input tokens of the response before: what the next one repeats of them is cached.
        self._seen_tokens = 0
        self.responses = 0  # how many are over, however they ended

    def end(self, response: Response, session: dict[str, Any], conversation: Conversation) -> None:
        """Count a response that is over; one that failed is not billed."""
        self.responses += 1
        if response.status == "failed":
            return
        own = set(map(id, response.output))
        context = [item for item in conversation.items if id(item) not in own]
        response.usage = usage(session, context, response.output, self._seen_tokens)
        self._seen_tokens = response.usage["input_tokens"]

    def rate_limits(self, response: Response) -> list[dict[str, Any]]:
        """Return the `rate_limits` of rate_limits.updated after a response."""
        left = _RATE_LIMIT - (response.usage or {}).get("total_tokens", 0)
        limit = {"name": "tokens", "limit": _RATE_LIMIT, "remaining": max(left, 0)}
        limit["reset_seconds"] = round((_RATE_LIMIT - left) * 60 / _RATE_LIMIT, 3)
        return [limit]
