"""What Twilio keeps of a person: texts to and from them, and the sound of their calls."""

import http.client
import json
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from services.operator.where.trouble import CannotTell

API = "https://api.twilio.com"
TIMEOUT_S = 15.0
GONE = (404, 410)
PAGE = 1_000  # the most that Twilio gives at once
MOST_PAGES = 1_000


@dataclass(frozen=True, slots=True)
class KeptByTwilio:
    """One account. Every method raises CannotTell, which names no number."""

    sid: str
    auth_token: str
    api_base: str | None = None  # replaces https://api.twilio.com

    def messages(self, phone: str, is_named: Callable[[str], bool]) -> list[str]:
        """The ids of the texts to and from a number, and of those that name it.

        Twilio cannot search what texts say, so all of the account are looked at.
        """
        return [
            str(each["sid"])
            for each in self._all("Messages")
            if phone in (each.get("to"), each.get("from")) or is_named(str(each.get("body")))
        ]

    def calls(self, phone: str) -> list[str]:
        """The SIDs of the calls to and from a number, of which no row of ours may tell."""
        found = [
            str(each["sid"]) for way in ("To", "From") for each in self._all("Calls", way, phone)
        ]
        return list(dict.fromkeys(found))

    def recordings(self, call_sid: str) -> list[str]:
        """The ids of what was recorded of a call, its voicemail among them."""
        return [str(each["sid"]) for each in self._all("Recordings", "CallSid", call_sid)]

    def sound(self, recording_sid: str) -> bytes | None:
        """A recording as WAV with a channel for each side; None where it is gone."""
        return self._ask("GET", f"/Recordings/{recording_sid}.wav?RequestedChannels=2")

    def delete(self, kind: str, sid: str) -> None:
        """It is gone; fine when it was. `kind`: Messages or Recordings."""
        self._ask("DELETE", f"/{kind}/{sid}.json")

    def _all(self, kind: str, name: str = "", wanted: str = "") -> Iterator[dict[str, Any]]:
        """All of `kind`, or those whose `name` is `wanted`."""
        if name and not wanted:
            return  # Twilio takes an empty filter for none
        asked = {"PageSize": str(PAGE)} | ({name: wanted} if name else {})
        path: str | None = f"/{kind}.json?{urlencode(asked)}"
        for _ in range(MOST_PAGES):
            page = self._page(path or "")
            yield from page.get(kind.lower(), [])
            following = str(page.get("next_page_uri") or "")
            path = following.partition(self.sid)[2] or None
            if path is None:
                return
        raise CannotTell(f"Twilio: more than {MOST_PAGES * PAGE} {kind.lower()}")

    def _page(self, path: str) -> dict[str, Any]:
        body = self._ask("GET", path)
        if body is None:
            raise CannotTell("Twilio knows no such list: is that the account's SID?")
        try:
            page = json.loads(body)
        except (ValueError, RecursionError) as exc:
            raise CannotTell("Twilio answered with something that is no JSON") from exc
        if not isinstance(page, dict):
            raise CannotTell("Twilio answered with something that is no list")
        return page

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
