"""The stage's store of business files, read as secrets are: one signed GET, without boto3.

What is read here is handed to `shared.published`. A store that does not answer changes nothing:
what was read last stays in force. Only a process that has read nothing yet cannot go on without,
for it cannot know whether the files it was deployed with are still right.
"""

import hashlib
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal, Protocol
from urllib.parse import urlsplit

from shared import published
from shared.adapters.secrets import Credentials, SecretUnavailable, request, signed
from shared.domain.errors import PortError
from shared.published import POINTER, BadPointer, key_of, read_pointer

logger = logging.getLogger(__name__)

MAX_AGE_S = 20  # what was published is in force for new calls within a minute
RETRY_S = 5
# A caller may be waiting: who has something to go on with waits no longer than this for news.
TIMEOUT_S, FIRST_TIMEOUT_S = 0.5, 3.0
SERVICE = "s3"
EMPTY = hashlib.sha256(b"").hexdigest()

MISSED = "BusinessStoreFailed"  # its metric

Found = Literal["same", "changed", "kept"]  # kept: the store failed, the last good one stays


class StoreUnavailable(PortError):
    """The store of business files was not to be read. Names no business."""


class Counts(Protocol):
    def count(self, metric: str, value: float = 1, *, business: str | None = None) -> None: ...


def opened(bucket: str, environ: Mapping[str, str]) -> "BusinessStore":
    """The store of this process, which from now on is asked for versions that calls began with."""
    store = BusinessStore(bucket, environ)
    published.fetch_with(store.fetch)
    return store


class BusinessStore:
    """One process's view of its stage's store. Without a bucket the folder's files are in force."""

    def __init__(
        self,
        bucket: str,
        environ: Mapping[str, str],
        use: Callable[[published.Files], None] = published.use,
    ) -> None:
        self._bucket, self._environ, self._use = bucket, environ, use
        self._looked: datetime | None = None  # when it answered last
        self._failed: datetime | None = None
        self._read: bytes | None = None  # the pointer in force; b"" where there is none
        self._one = threading.Lock()

    def refresh(self, now: datetime) -> Found:
        """Read the pointer anew where it was read a while ago. `now` is real time.

        Raises:
            StoreUnavailable: it was never read yet, and does not answer.
        """
        if not self._bucket or self._is_young(now):
            return "same"
        with self._one:
            if self._is_young(now):
                return "same"
            return self._look(now)

    def keep_current(self, now: datetime, metrics: Counts) -> bool:
        """The same for a process that goes on with what it has; whether something changed.

        Raises:
            StoreUnavailable: it has nothing yet.
        """
        try:
            found = self.refresh(now)
        except StoreUnavailable:
            metrics.count(MISSED)
            raise
        if found == "kept":
            metrics.count(MISSED)
        return found == "changed"

    def fetch(self, business_id: str, version: str) -> str | None:
        """The text of a version, whenever it was published or drafted; None where there is none.

        Raises:
            StoreUnavailable: the store did not answer.
        """
        if not self._bucket:
            return None
        data = self._get(key_of(business_id, version), self._now())
        return None if data is None else data.decode("utf-8", "replace")

    def _now(self) -> datetime:
        assert self._looked is not None, "a version is asked for after the pointer"
        return self._looked

    def _is_young(self, now: datetime) -> bool:
        ages = ((self._looked, MAX_AGE_S), (self._failed, RETRY_S))
        return self._read is not None and any(
            at is not None and abs((now - at).total_seconds()) < age for at, age in ages
        )

    def _look(self, now: datetime) -> Found:
        try:
            data = self._get(POINTER, now) or b""
            if data != self._read:
                self._use(read_pointer(data) if data else {})
        except (StoreUnavailable, BadPointer) as exc:
            self._failed = now
            logger.error("the business store is not read", extra={"kind": type(exc).__name__})
            if self._read is None:
                raise StoreUnavailable(str(exc)) from exc
            return "kept"
        changed = data != self._read
        self._looked, self._failed, self._read = now, None, data
        return "changed" if changed else "same"

    def _get(self, key: str, now: datetime) -> bytes | None:
        """What lies under a key; None where nothing does."""
        try:
            credentials = Credentials.of(self._environ)
            host, path, base = self._address(key, credentials.region)
            headers = {"host": host, "x-amz-content-sha256": EMPTY}
            where = (credentials.region, SERVICE)
            ready = signed(credentials, "GET", path, headers, b"", now, where=where)
            patience = FIRST_TIMEOUT_S if self._read is None else TIMEOUT_S
            status, answer = request("GET", f"{base}{path}", ready, timeout_s=patience)
        except SecretUnavailable as exc:
            raise StoreUnavailable(str(exc)) from exc
        if status == 404 and b"NoSuchBucket" not in answer:
            return None
        if status != 200:
            raise StoreUnavailable(f"the store answered {status}")
        return answer

    def _address(self, key: str, region: str) -> tuple[str, str, str]:
        """Host, path and base of an object's address."""
        local = self._environ.get("AWS_ENDPOINT_URL_S3") or self._environ.get("AWS_ENDPOINT_URL")
        if local:
            where = urlsplit(local)
            return where.netloc, f"/{self._bucket}/{key}", f"{where.scheme}://{where.netloc}"
        host = f"{self._bucket}.s3.{region}.amazonaws.com"
        return host, f"/{key}", f"https://{host}"
