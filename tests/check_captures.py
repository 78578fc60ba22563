"""Digest every captured server and Twilio event of a folder; print what each became.

    python -m tests.check_captures DIR      also: make check-captures DIR=...

The folder holds .jsonl files whose lines are an event, or {"event": ...}, {"body": ...} around one.
Client events and closed sockets are counted apart: nothing reads those.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.media_bridge.wire import twilio
from services.media_bridge.wire.realtime import server_events

_CLIENTS = (
    "session.update",
    "transcription_session.update",
    "input_audio_buffer.append",
    "input_audio_buffer.commit",
    "input_audio_buffer.clear",
    "output_audio_buffer.clear",
    "conversation.item.create",
    "conversation.item.delete",
    "conversation.item.retrieve",
    "conversation.item.truncate",
    "response.create",
    "response.cancel",
)


def captured(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each event of each file, out of whatever was put around it."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            if line.strip():
                row = json.loads(line)
                inner = row.get("event") if isinstance(row.get("event"), dict) else row.get("body")
                yield path.name, inner if isinstance(inner, dict) else row


def digest(event: dict[str, Any]) -> str:
    """What our codecs make of one captured event."""
    data = json.dumps(event).encode()
    if isinstance(event.get("event"), str):
        return _name(twilio.decode(data, 0))
    if not isinstance(event.get("type"), str):
        return "no event of a socket"
    if event["type"] in _CLIENTS:
        return "a client's event"
    return _name(server_events.decode(data, 0))


def _name(meaning: object | None) -> str:
    return "ignored" if meaning is None else type(meaning).__name__


def check(folder: Path) -> dict[str, Counter[str]]:
    """File -> how many events became what. Raises WireError where one cannot be read."""
    counts: dict[str, Counter[str]] = {}
    for name, event in captured(folder):
        counts.setdefault(name, Counter())[digest(event)] += 1
    return counts


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m tests.check_captures DIR", file=sys.stderr)
        return 2
    counts = check(Path(arguments[0]))
    for name, became in counts.items():
        print(f"{name}: {sum(became.values())} events")
        for what, number in became.most_common():
            print(f"  {number:4} {what}")
    print(f"{sum(map(Counter.total, counts.values()))} events digested, no exception")
    return 0 if counts else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
