"""What Twilio keeps of a person: texts to and from them, and the sound of their calls."""

import http.client
import json
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from services.operator.where.trouble import CannotTell

API = "https://api.twilio.com"
TIMEOUT_S = 15.0
GONE = (404, 410)
MOST_PAGES = 200  # of a hundred each


@dataclass(frozen=True, slots=True)
class KeptByTwilio:
    """One account. Every method raises CannotTell, which names no number."""

    sid: str
    auth_token: str
    api_base: str | None = None  # replaces https://api.twilio.com

    def messages(self, phone: str) -> list[str]:
        """The ids of the texts to and from a number."""
        found = [
            str(each["sid"])
            for way in ("To", "From")
            for each in self._all("Messages", {way: phone})
        ]
        return list(dict.fromkeys(found))

    def recordings(self, call_sid: str) -> list[str]:
        """The ids of what was recorded of a call, its voicemail among them."""
        return [str(each["sid"]) for each in self._all("Recordings", {"CallSid": call_sid})]

    def delete(self, kind: str, sid: str) -> None:
        """It is gone; fine when it was. `kind`: Messages or Recordings."""
        self._ask("DELETE", f"/{kind}/{sid}.json")

    def _all(self, kind: str, wanted: dict[str, str]) -> Iterator[dict[str, Any]]:
        path: str | None = f"/{kind}.json?{urlencode({**wanted, 'PageSize': '100'})}"
        for _ in range(MOST_PAGES):
            page = json.loads(self._ask("GET", path or "") or b"{}")
            yield from page.get(kind.lower(), [])
            following = str(page.get("next_page_uri") or "")
            path = following.partition(self.sid)[2] or None
            if path is None:
                return
        raise CannotTell(f"Twilio: more than {MOST_PAGES * 100} {kind.lower()}")

    def _ask(self, method: str, path: str) -> bytes | None:
        base = (self.api_base or API).rstrip("/")
        request = urllib.request.Request(
            f"{base}/2010-04-01/Accounts/{self.sid}{path}", method=method
        )
        key = b64encode(f"{self.sid}:{self.auth_token}".encode()).decode()
        request.add_unredirected_header("Authorization", f"Basic {key}")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                body: bytes = answer.read()
        except urllib.error.HTTPError as exc:
            exc.close()
            if exc.code in GONE:
                return None
            raise CannotTell(f"Twilio refused to {method.lower()}: HTTP {exc.code}") from exc
        except (OSError, http.client.HTTPException) as exc:
            raise CannotTell(f"Twilio cannot be asked: {type(exc).__name__}") from exc
        return body
