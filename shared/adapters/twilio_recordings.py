"""Recordings kept by Twilio, with the account's key. Plain HTTP: the SDK has no media."""

import http.client
import json
import logging
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from shared.actions.ports import Voicemail
from shared.domain.errors import PortError, RecordingTooLong

log = logging.getLogger(__name__)

API = "https://api.twilio.com"
TIMEOUT_S = 6.0  # the function's own limit is 10
# An answer of a Lambda may have 6 MiB, and sound goes into it as base64, a third longer. Three
# minutes, the longest voicemail, are about 0.7 MB at Twilio's 32 kbit/s.
LARGEST = 4 * 1024 * 1024
LARGEST_REFUSAL = 64 * 1024
GONE = (404, 410)
MOST_PAGES = 20  # of a hundred recordings each: a day has fewer


class TwilioRecordings:
    """The recordings of one account; implements `shared.actions.ports.CallRecordings`.

    `auth_token` is asked for each time. `api_base` replaces https://api.twilio.com.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: Callable[[], str],
        *,
        api_base: str | None = None,
        timeout_s: float = TIMEOUT_S,
        largest: int = LARGEST,
    ) -> None:
        self._account_sid, self._auth_token = account_sid, auth_token
        self._base, self._timeout_s, self._largest = api_base or API, timeout_s, largest

    def get(self, recording_sid: str) -> bytes | None:
        """The recording as MP3; None when Twilio has none of that id.

        Raises:
            RecordingTooLong: it does not fit an answer of the function.
            PortError: Twilio refused or did not answer.
        """
        sound = self._ask("GET", f"/Recordings/{recording_sid}.mp3")
        if sound is not None and len(sound) > self._largest:
            raise RecordingTooLong(f"over {self._largest} bytes")
        return sound

    def voicemails(self, since: datetime) -> list[Voicemail]:
        """Those that were left since then, the newest first. Raises PortError."""
        # By day: Twilio compares no times here.
        query = urlencode({"DateCreated>": f"{since.astimezone(UTC):%Y-%m-%d}", "PageSize": 100})
        path: str | None = f"/Recordings.json?{query}"
        found: list[Voicemail] = []
        for _ in range(MOST_PAGES):
            page = self._json(path or "")
            for each in page.get("recordings", []):
                at = parsedate_to_datetime(each["date_created"])
                if each.get("source") == "RecordVerb" and at >= since:
                    found.append(Voicemail(each["sid"], each["call_sid"], at))
            path = (page.get("next_page_uri") or "").partition(self._account_sid)[2] or None
            if path is None:
                break
        return found

    def parties(self, call_sid: str) -> tuple[str, str]:
        """Who called, and which number. Raises PortError."""
        call = self._json(f"/Calls/{call_sid}.json")
        return str(call.get("from") or ""), str(call.get("to") or "")

    def delete(self, recording_sid: str) -> None:
        """It is gone; fine when it was. Raises PortError."""
        self._ask("DELETE", f"/Recordings/{recording_sid}.json")

    def stop(self, call_sid: str) -> None:
        """Nothing more of this call is recorded; fine when nothing was. Raises PortError."""
        path = f"/Calls/{call_sid}/Recordings/Twilio.CURRENT.json"
        self._ask("POST", path, {"Status": "stopped"})

    def _json(self, path: str) -> dict[str, Any]:
        body = self._ask("GET", path)
        try:
            found: dict[str, Any] = json.loads(body or b"{}")
        except ValueError as exc:
            raise PortError("twilio: no JSON") from exc
        return found

    def _ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> bytes | None:
        """The answer's body; None where there is no such thing."""
        request = urllib.request.Request(
            f"{self._base.rstrip('/')}/2010-04-01/Accounts/{self._account_sid}{path}",
            data=urlencode(form).encode() if form else None,
            method=method,
        )
        key = b64encode(f"{self._account_sid}:{self._auth_token()}".encode()).decode()
        # Media may be answered with an address elsewhere, which is not to see the key.
        request.add_unredirected_header("Authorization", f"Basic {key}")
        try:
            with urllib.request.urlopen(request, timeout=self._timeout_s) as answer:
                body: bytes = answer.read(self._largest + 1)
        except urllib.error.HTTPError as exc:
            with exc:
                code = _code_in(exc)
            if exc.code in GONE:
                return None
            log.warning("twilio gave no recording", extra={"code": code, "status": exc.code})
            raise PortError(f"twilio recording: {exc.code}") from exc
        except (OSError, http.client.HTTPException) as exc:
            log.warning("twilio gave no recording", extra={"error": type(exc).__name__})
            raise PortError(f"twilio recording: {type(exc).__name__}") from exc
        return body


def _code_in(refusal: urllib.error.HTTPError) -> int | None:
    """Twilio's own number for it; its words may quote."""
    try:
        code = json.loads(refusal.read(LARGEST_REFUSAL)).get("code")
    except (OSError, ValueError, AttributeError, http.client.HTTPException):
        return None
    return code if isinstance(code, int) else None
