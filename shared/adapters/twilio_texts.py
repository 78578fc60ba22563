"""SMS through Twilio. `twilio.rest` is imported at the first text: it costs 130 ms."""

import logging
from collections.abc import Callable

from shared.adapters import twilio_client
from shared.domain.errors import PortError, TextFailed

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
        self._status_callback = status_callback
        self._client = twilio_client.clients(
            account_sid, auth_token, api_base=api_base, timeout_s=timeout_s
        )

    def send(self, to: str, body: str, *, sender: str) -> str:
        """Hand over one SMS and return its SID. Raises TextFailed."""
        from requests import RequestException
        from twilio.base.exceptions import TwilioException, TwilioRestException

        try:
            optional = {"status_callback": self._status_callback()} if self._status_callback else {}
            message = self._client().messages.create(to=to, from_=sender, body=body, **optional)
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
