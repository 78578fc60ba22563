"""What an owner has switched on a running stage: who answers, and which numbers are not taken.

One row of the calls table, read without boto3 at most every twenty seconds. A table that does not
answer changes nothing: what was read last stays, and before that the business's file decides.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from shared.adapters.secrets import Credentials, SecretUnavailable, request, signed
from shared.schema import CALLS, PK, SK, table_name

logger = logging.getLogger(__name__)

ROW: Final = "SWITCHES"
MODE: Final = "mode#"  # an attribute for each business
BLOCKED: Final = "blocked"
MAX_AGE_S: Final = 20
TIMEOUT_S: Final = 0.5  # a phone is ringing
SERVICE: Final = "dynamodb"


@dataclass(frozen=True, slots=True)
class Switched:
    """The switches as they stand. A business without a mode has its file's."""

    modes: Mapping[str, str]
    blocked: frozenset[str]


NOTHING: Final = Switched({}, frozenset())


class Switches:
    """One process's view of them."""

    def __init__(self, environ: Mapping[str, str], prefix: str) -> None:
        self._environ, self._prefix = environ, prefix
        self._asked: datetime | None = None
        self._kept = NOTHING

    def at(self, now: datetime) -> Switched:
        """As they were less than twenty seconds ago, or as they were last read."""
        if self._asked is None or abs((now - self._asked).total_seconds()) >= MAX_AGE_S:
            self._asked = now  # also where it fails: a table that is down costs one call in many
            try:
                self._kept = _read(fetch(self._environ, self._prefix, now))
            except (SecretUnavailable, ValueError, TypeError, AttributeError):
                logger.warning("switches not read")
        return self._kept


def fetch(environ: Mapping[str, str], prefix: str, now: datetime) -> dict[str, Any]:
    """DynamoDB's answer for the row. Raises SecretUnavailable, ValueError."""
    credentials = Credentials.of(environ)
    endpoint = (
        environ.get("AWS_ENDPOINT_URL_DYNAMODB")
        or environ.get("AWS_ENDPOINT_URL")
        or f"https://{SERVICE}.{credentials.region}.amazonaws.com"
    )
    where = urlsplit(endpoint)
    asked = {"TableName": table_name(prefix, CALLS), "Key": {PK: {"S": ROW}, SK: {"S": ROW}}}
    body = json.dumps(asked).encode()
    headers = {
        "content-type": "application/x-amz-json-1.0",
        "host": where.netloc,
        "x-amz-target": "DynamoDB_20120810.GetItem",
    }
    headers = signed(
        credentials, "POST", "/", headers, body, now, where=(credentials.region, SERVICE)
    )
    url = f"{where.scheme}://{where.netloc}/"
    status, answer = request("POST", url, headers, body, timeout_s=TIMEOUT_S)
    if status != 200:
        raise ValueError(f"DynamoDB answered {status}")
    found = json.loads(answer)
    return found if isinstance(found, dict) else {}


def _read(answer: Mapping[str, Any]) -> Switched:
    item = answer.get("Item") or {}
    return Switched(
        modes={
            name.removeprefix(MODE): str(value["S"])
            for name, value in item.items()
            if name.startswith(MODE) and "S" in value
        },
        blocked=frozenset(item.get(BLOCKED, {}).get("SS", ())),
    )
