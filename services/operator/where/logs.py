"""The log lines of one call: in CloudWatch Logs, or in the file of a local stack."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from services.operator.where.trouble import CannotTell, of_aws

AROUND = timedelta(minutes=2)  # webhooks come before the row is written, and after it has ended
SOON_AFTER = timedelta(seconds=2)  # its last metrics
MOST = 2000  # lines of one call


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line as it was written, and when, by real time. `source` is short: incoming."""

    at: datetime
    source: str
    text: str


class FileLog:
    """The log of a local stack."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def of(self, call_sid: str, since: datetime, until: datetime) -> Iterator[LogLine]:
        """The lines that name the call, whenever; and the metrics of its time, which name none.

        Raises:
            CannotTell: the file cannot be read.
        """
        try:
            with self._file.open(encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    names_it, counts = call_sid in line, '"_aws' in line.replace("\\", "")
                    entry = _entry(line) if names_it or counts else None
                    if entry and (names_it or since <= entry.at <= until + SOON_AFTER):
                        yield entry
        except OSError as exc:
            raise CannotTell(f"{self._file}: {exc.strerror}") from exc


def _entry(line: str) -> LogLine | None:
    """A line of the file; None for half a line, as one being written is."""
    try:
        fields = json.loads(line)
        return LogLine(datetime.fromisoformat(fields["at"]), "local", str(fields["line"]))
    except (ValueError, KeyError, TypeError):
        return None


class CloudWatchLog:
    """The log groups of a deployed stage: its functions' and the media bridge's."""

    def __init__(self, client: Any, stage: str) -> None:
        self._client, self._stage = client, stage

    def of(self, call_sid: str, since: datetime, until: datetime) -> Iterator[LogLine]:
        """The lines of a time that name the call. Raises CannotTell."""
        try:
            for group in self._groups():
                yield from self._lines(group, call_sid, since - AROUND, until + AROUND)
        except (ClientError, BotoCoreError) as exc:
            raise of_aws(exc, "logs") from exc

    def _groups(self) -> Iterator[str]:
        functions = f"/aws/lambda/callwright-{self._stage}-"
        for prefix in (functions, f"/callwright/{self._stage}/media-bridge"):
            pages = self._client.get_paginator("describe_log_groups")
            for page in pages.paginate(logGroupNamePrefix=prefix):
                yield from (group["logGroupName"] for group in page["logGroups"])

    def _lines(
        self, group: str, call_sid: str, since: datetime, until: datetime
    ) -> Iterator[LogLine]:
        pages = self._client.get_paginator("filter_log_events").paginate(
            logGroupName=group,
            startTime=round(since.timestamp() * 1000),
            endTime=round(until.timestamp() * 1000),
            filterPattern=f'"{call_sid}"',
            PaginationConfig={"MaxItems": MOST},
        )
        source = group.rpartition("/")[2].removeprefix(f"callwright-{self._stage}-")
        for page in pages:
            for event in page["events"]:
                at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
                yield LogLine(at, source, str(event["message"]))
