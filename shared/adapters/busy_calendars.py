"""Busy times of crews: read from the owner's calendars, kept in the jobs table for every process.

read within 5 minutes    taken as it is
older                    read again first, unless that was tried a minute ago
older than 30 minutes    taken as it is, and whatever is offered is to be confirmed
"""

import json
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.adapters.dynamo.rows import Table, pack, stamp, unpack, utc_now
from shared.adapters.https_post import GuardedHttp
from shared.domain.business import Business
from shared.domain.calendar import busy
from shared.domain.calendar.busy import BusyCrews, Span
from shared.domain.errors import PortError
from shared.domain.models import Hold
from shared.schema import JOBS, PK, SK, TTL

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

logger = logging.getLogger(__name__)

BUSY = "BUSY"
TRIED_EVERY = timedelta(minutes=1)
KEPT = timedelta(days=30)
PATIENCE_S = 3.0  # a caller is waiting
Get = Callable[[str], bytes]  # of an address; raises PortError


class KeptBusyCalendars:
    """Implements `shared.actions.calendars.port.BusyCalendars`.

    `secret` gives the address of a calendar by its name in the business's file; without it what
    other processes have read counts, and nothing is read. `offset` is business time less real time.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        prefix: str,
        secret: Callable[[str], tuple[str, ...]] | None,
        *,
        get: Get | None = None,
        fresh_for: timedelta = busy.FRESH_FOR,
        clock: Callable[[], datetime] = utc_now,
        offset: timedelta = timedelta(),
    ) -> None:
        self._table, self._secret = Table(client, prefix, JOBS), secret
        self._get = get or GuardedHttp(timeout_s=PATIENCE_S).get
        self._clock, self._offset, self._fresh_for = clock, offset, fresh_for

    def busy(self, business: Business) -> BusyCrews:
        """One read for each crew that names a calendar; none where no crew does."""
        found: set[Hold] = set()
        unsure: set[str] = set()
        for crew, name in business.integrations.busy.items():
            read_at, spans = self._known(business, crew, name)
            found.update(busy.holds(crew, spans))
            if read_at is None or self._clock() - read_at > busy.SURE_FOR:
                unsure.add(crew)
        return BusyCrews(frozenset(found), frozenset(unsure))

    def _known(
        self, business: Business, crew: str, name: str
    ) -> tuple[datetime | None, Iterable[Span]]:
        """When it was read last, if ever, and what it said."""
        now = self._clock()
        pk = f"BUSY#{business.id}#{crew}"
        item = self._table.get(pk, BUSY)
        row: dict[str, Any] = {} if item is None else unpack(item)
        tried_at, read_at = _time(row.get("tried_at")), _time(row.get("read_at"))
        if read_at is not None and now - read_at < self._fresh_for:
            return read_at, _spans(row)
        if self._secret is None or (tried_at is not None and now - tried_at < TRIED_EVERY):
            return read_at, _spans(row)
        row |= {PK: pk, SK: BUSY, "tried_at": stamp(now), TTL: int((now + KEPT).timestamp())}
        try:
            spans = self._read(self._secret(name)[0].strip(), business, now)
        except PortError as exc:
            logger.warning("calendar not read", extra={"why": str(exc)})
        else:
            read_at = now
            packed = [[int(start.timestamp()), int(end.timestamp())] for start, end in spans]
            row |= {"read_at": stamp(now), "spans": json.dumps(packed)}
        self._table.put(pack(row))
        return read_at, _spans(row)

    def _read(self, address: str, business: Business, now: datetime) -> list[Span]:
        # 80 ms that only a business with such a calendar pays, once a process.
        from shared.adapters.calendar_reader import busy_spans

        text = self._get(address).decode("utf-8", "replace")
        today = now + self._offset
        return busy_spans(
            text,
            zone=business.zone,
            first=today - timedelta(days=1),
            last=today + busy.HORIZON,
            own=f"@{business.id}.callwright",
        )


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _spans(row: dict[str, Any]) -> list[Span]:
    return [
        (datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))
        for start, end in json.loads(row.get("spans", "[]"))
    ]
