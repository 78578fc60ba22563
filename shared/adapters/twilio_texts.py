"""SMS through Twilio. `twilio.rest` is imported at the first text: it costs 130 ms."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from shared.domain.errors import PortError, TextFailed

if TYPE_CHECKING:
    from twilio.rest import Client

TIMEOUT_S = 5.0  # a caller is waiting on the phone


class TwilioTexts:
    """Implements `shared.actions.ports.Texts`. `api_base` replaces https://api.twilio.com."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        api_base: str | None = None,
        status_callback: Callable[[], str] | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._account_sid, self._auth_token = account_sid, auth_token
        self._api_base, self._status_callback = api_base, status_callback
        self._timeout_s = timeout_s

    @cached_property
    def _twilio(self) -> "Client":
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        base = self._api_base

        class Elsewhere(TwilioHttpClient):  # type: ignore[misc]
            """The same requests to another host: the SDK lets no base address be given."""

            def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
                return super().request(method, _moved(url, base), *args, **kwargs)

        # Never retried in here: Messages know no idempotency key, and a follow-up does it.
        http = Elsewhere(timeout=self._timeout_s, max_retries=0)
        return Client(self._account_sid, self._auth_token, http_client=http)

    def send(self, to: str, body: str, *, sender: str) -> str:
        """Hand over one SMS and return its SID. Raises TextFailed."""
        from requests import RequestException
        from twilio.base.exceptions import TwilioException, TwilioRestException

        try:
            optional = {"status_callback": self._status_callback()} if self._status_callback else {}
            message = self._twilio.messages.create(to=to, from_=sender, body=body, **optional)
        except TwilioRestException as exc:
            raise TextFailed("Twilio took no message", exc.code or 0) from exc
        except (TwilioException, RequestException, ValueError) as exc:
            raise TextFailed("Twilio did not answer") from exc
        except PortError as exc:
            raise TextFailed("where Twilio shall report to is not known yet") from exc
        return str(message.sid)


def _moved(url: str, base: str | None) -> str:
    if base is None:
        return url
    host, asked = urlsplit(base), urlsplit(url)
    return urlunsplit(
        (host.scheme, host.netloc, host.path.rstrip("/") + asked.path, asked.query, "")
    )
