"""Twilio's own client, at an address of ours where one is given. Imported late: it costs 130 ms."""

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from twilio.rest import Client


def clients(
    account_sid: str, auth_token: Callable[[], str], *, api_base: str | None, timeout_s: float
) -> "Callable[[], Client]":
    """What gives the client for the token as it is now; the last one made keeps its connections,
    and is made anew for another token only. `api_base` replaces https://api.twilio.com."""

    @lru_cache(maxsize=1)
    def client_for(token: str) -> "Client":
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        class Elsewhere(TwilioHttpClient):  # type: ignore[misc]
            """The same requests to another host: the SDK lets no base address be given."""

            def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
                return super().request(method, _moved(url, api_base), *args, **kwargs)

        # Never retried in here: neither texts nor calls know an idempotency key.
        http = Elsewhere(timeout=timeout_s, max_retries=0)
        return Client(account_sid, token, http_client=http)

    return lambda: client_for(auth_token())


def _moved(url: str, base: str | None) -> str:
    if base is None:
        return url
    host, asked = urlsplit(base), urlsplit(url)
    return urlunsplit(
        (host.scheme, host.netloc, host.path.rstrip("/") + asked.path, asked.query, "")
    )
