"""The Twilio number of each business: where it must point, and where it points now."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from infra.ops.stage import Unready
from shared.domain.twilio_signature import hurried

TIMEOUT_S = 15.0
_STATUS = re.compile(r"HTTP (\d{3})")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not as it must be."""

    field: str
    now: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.field:<24}{self.now or '(empty)'} -> {self.wanted or '(empty)'}"


@dataclass(frozen=True, slots=True)
class Number:
    """One number of the account, and what there is to change."""

    sid: str
    phone: str
    differences: tuple[Difference, ...]

    @property
    def answers_at(self) -> str:
        """The address of a Callwright stage that it points at now; "" where it points at none."""
        now = [each.now for each in self.differences if each.field == "voice_url"]
        return next((url for url in now if url.endswith("/incoming")), "")


class Numbers:
    """Twilio's IncomingPhoneNumbers. `api_base` replaces https://api.twilio.com."""

    def __init__(self, account_sid: str, auth_token: str, *, api_base: str | None = None) -> None:
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        class DialsElsewhere(TwilioHttpClient):  # type: ignore[misc]
            """The same requests to another host: the SDK lets no base address be given."""

            def request(self, method: str, url: str, *args: Any, **more: Any) -> Any:
                return super().request(method, _moved(url, api_base), *args, **more)

        self.account_sid = account_sid
        self._client = Client(
            account_sid, auth_token, http_client=DialsElsewhere(timeout=TIMEOUT_S)
        )

    def look_up(self, phone: str, wanted: Mapping[str, str]) -> Number:
        """The number and how it differs from `wanted`.

        Raises:
            Unready: it is not the account's, takes no calls, or a SIP trunk answers it.
        """
        from twilio.base.exceptions import TwilioException

        try:
            found = self._client.incoming_phone_numbers.list(phone_number=phone, limit=2)
        except TwilioException as exc:
            raise Unready(f"Twilio: {_reason(exc)}") from exc
        ours = [n for n in found if n.phone_number == phone and n.account_sid == self.account_sid]
        if len(ours) != 1:
            raise Unready(f"{phone} is not a number of Twilio account {self.account_sid}")
        (number,) = ours
        if number.trunk_sid:
            raise Unready(f"{phone} is answered by a SIP trunk: take it off the trunk first")
        if not (number.capabilities or {}).get("voice", False):
            raise Unready(f"{phone} takes no calls")
        now = {field: str(getattr(number, field) or "") for field in wanted}
        differences = [Difference(f, now[f], wanted[f]) for f in wanted if now[f] != wanted[f]]
        return Number(str(number.sid), phone, tuple(differences))

    def change(self, number: Number) -> None:
        """Raises Unready."""
        from twilio.base.exceptions import TwilioException

        fields = {each.field: each.wanted for each in number.differences}
        try:
            self._client.incoming_phone_numbers(number.sid).update(**fields)
        except TwilioException as exc:
            raise Unready(f"Twilio, {number.phone}: {_reason(exc)}") from exc


def wanted_of(public_url: str, fallback_url: str) -> dict[str, str]:
    """The fields of a number.

    Raises:
        Unready: an address is empty, or none that Twilio could call.
    """
    addresses = {"public address": public_url, "fallback address": fallback_url}
    for what, address in addresses.items():
        if not address.startswith("https://"):
            raise Unready(f"the {what} is {address!r}: deploy api and media first")
    return {
        "voice_url": hurried(f"{public_url}/incoming"),
        "voice_method": "POST",
        # Static, so that it answers when nothing else of ours does.
        "voice_fallback_url": fallback_url,
        "voice_fallback_method": "GET",
        "sms_url": f"{public_url}/sms",
        "sms_method": "POST",
        "sms_application_sid": "",
        "status_callback": f"{public_url}/call-status",
        "status_callback_method": "POST",
        # With an application Twilio would not look at the addresses above, of texts neither.
        "voice_application_sid": "",
    }


def lines(number: Number, name: str) -> Sequence[str]:
    """What is to be said of it."""
    head = f"Twilio {number.phone} ({name})"
    if not number.differences:
        return [f"{head}: as it must be"]
    return [head, *(f"  {difference}" for difference in number.differences)]


def _moved(url: str, base: str | None) -> str:
    if base is None:
        return url
    host, asked = urlsplit(base), urlsplit(url)
    return urlunsplit((host.scheme, host.netloc, asked.path, asked.query, ""))


def _reason(exc: Exception) -> str:
    """The status alone: the SDK's messages quote addresses."""
    status = getattr(exc, "status", None) or _STATUS.search(str(exc))
    if not status:
        return "did not answer"
    code = getattr(exc, "code", None)
    answer = status if isinstance(status, int) else status[1]
    return f"refused with {answer}" + (f", code {code}" if code else "")
