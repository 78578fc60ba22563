"""SMS through Twilio. `twilio.rest` is imported at the first text: it costs 130 ms."""

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from shared.domain.errors import PortError, TextFailed

if TYPE_CHECKING:
    from twilio.rest import Client

log = logging.getLogger(__name__)

TIMEOUT_S = 5.0  # a caller is waiting on the phone


class TwilioTexts:
    """Implements `shared.actions.ports.Texts`. `api_base` replaces https://api.twilio.com.

    `auth_token` and `status_callback`, the address Twilio reports to, are asked at each text, may
    block, and may raise PortError. A new token gets a new client.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: Callable[[], str],
        *,
        api_base: str | None = None,
        status_callback: Callable[[], str] | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._account_sid, self._auth_token = account_sid, auth_token
        self._api_base, self._status_callback = api_base, status_callback
        self._timeout_s = timeout_s
        # The last client made; it keeps connections, so it is made anew for another token only.
        self._client_for = lru_cache(maxsize=1)(self._new_client)

    def _new_client(self, auth_token: str) -> "Client":
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        base = self._api_base

        class Elsewhere(TwilioHttpClient):  # type: ignore[misc]
            """The same requests to another host: the SDK lets no base address be given."""

            def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
                return super().request(method, _moved(url, base), *args, **kwargs)

        # Never retried in here: Messages know no idempotency key, and a follow-up does it.
        http = Elsewhere(timeout=self._timeout_s, max_retries=0)
        return Client(self._account_sid, auth_token, http_client=http)

    def send(self, to: str, body: str, *, sender: str) -> str:
        """Hand over one SMS and return its SID. Raises TextFailed."""
        from requests import RequestException
        from twilio.base.exceptions import TwilioException, TwilioRestException

        try:
            optional = {"status_callback": self._status_callback()} if self._status_callback else {}
            client = self._client_for(self._auth_token())
            message = client.messages.create(to=to, from_=sender, body=body, **optional)
        except TwilioRestException as exc:
            log.warning("twilio took no text", extra={"code": exc.code, "status": exc.status})
            raise TextFailed("Twilio took no message", exc.code or 0) from exc
        except (TwilioException, RequestException, ValueError) as exc:
            log.warning("twilio did not answer", extra={"error": type(exc).__name__})
            raise TextFailed("Twilio did not answer") from exc
        except PortError as exc:
            # The token, or the address for Twilio's report, is not to be had at the moment.
            raise TextFailed(f"no text could be sent: {exc}") from exc
        return str(message.sid)


def _moved(url: str, base: str | None) -> str:
    if base is None:
        return url
    host, asked = urlsplit(base), urlsplit(url)
    return urlunsplit(
        (host.scheme, host.netloc, host.path.rstrip("/") + asked.path, asked.query, "")
    )
