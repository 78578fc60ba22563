"""Phones rung through Twilio, to be told something and to press a key."""

import logging
from collections.abc import Callable
from typing import Final

from shared.adapters import twilio_client
from shared.domain.errors import PortError

log = logging.getLogger(__name__)

TIMEOUT_S: Final = 5.0
RING_S: Final = 30
KEY_S: Final = 10


class TwilioRings:
    """Implements `shared.actions.alerts.port.Rings`."""

    def __init__(
        self,
        account_sid: str,
        auth_token: Callable[[], str],
        *,
        api_base: str | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._client = twilio_client.clients(
            account_sid, auth_token, api_base=api_base, timeout_s=timeout_s
        )

    def ring(self, to: str, say: str, *, sender: str, accept_url: str) -> None:
        """Place the call; what is said stands in it, so that no webhook of ours need answer."""
        from requests import RequestException
        from twilio.base.exceptions import TwilioException, TwilioRestException

        try:
            self._client().calls.create(
                to=to, from_=sender, twiml=_told(say, accept_url), timeout=RING_S
            )
        except TwilioRestException as exc:
            log.warning("twilio placed no call", extra={"code": exc.code, "status": exc.status})
            raise PortError("Twilio placed no call") from exc
        except (TwilioException, RequestException, ValueError) as exc:
            log.warning("twilio placed no call", extra={"error": type(exc).__name__})
            raise PortError("Twilio did not answer") from exc


def _told(say: str, accept_url: str) -> str:
    from twilio.twiml.voice_response import Gather, VoiceResponse

    response = VoiceResponse()
    gather = Gather(num_digits=1, timeout=KEY_S, action=accept_url, method="POST")
    for _ in range(2):
        gather.say(f"{say} Press 1 to say that you have it, and to hear the number.")
        gather.pause(length=1)
    response.append(gather)
    response.hangup()
    return str(response)
