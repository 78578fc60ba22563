"""When OpenAI shuts a model down, as it says itself. Plain HTTP: one request needs no SDK."""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, date, datetime

from shared.domain.errors import PortError

API = "https://api.openai.com"
TIMEOUT_S = 10.0
GONE = 404


class OpenAiModels:
    """The models of OpenAI. `api_key` is asked for each time; `api_base` replaces the address."""

    def __init__(self, api_key: Callable[[], str], *, api_base: str | None = None) -> None:
        self._api_key, self._base = api_key, api_base or API

    def ends(self, model: str, today: date) -> date | None:
        """The day on which it is shut down; `today` where it is no more, None where no day is told.

        Raises:
            PortError: OpenAI refused or did not answer.
        """
        request = urllib.request.Request(f"{self._base.rstrip('/')}/v1/models/{model}")
        request.add_unredirected_header("Authorization", f"Bearer {self._api_key()}")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                told = json.load(answer)
        except urllib.error.HTTPError as exc:
            exc.close()
            if exc.code == GONE:
                return today
            raise PortError(f"openai models: {exc.code}") from exc
        except (OSError, http.client.HTTPException, ValueError) as exc:
            raise PortError(f"openai models: {type(exc).__name__}") from exc
        return _day(told.get("shutdown_date") if isinstance(told, dict) else None)


def _day(value: object) -> date | None:
    """A date, as text or as seconds since the epoch."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC).date()
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
