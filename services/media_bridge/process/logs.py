"""JSON lines on stderr, metrics on stdout; neither ever blocks the event loop or holds content."""

import json
import logging
import sys
import threading
from logging.handlers import QueueHandler, QueueListener
from queue import SimpleQueue
from typing import Final, TextIO

from shared.logs import hush, places

# What a log line may carry beside its message. Anything else an `extra` brings is left out.
FIELDS: Final = (
    "call_sid", "at_ms", "event", "command", "reason", "failure", "error", "turns", "calls", "port",
    "tool", "code", "names", "clip", "follow_up_id", "job_id", "key", "kind", "where", "why",
    "model", "day", "of", "reading", "status", "business_id",
)  # fmt: skip


class JsonLines(logging.Formatter):
    """One object a record. Of an exception its type and place only: its text may quote a caller."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: vars(record)[name] for name in FIELDS if vars(record).get(name) is not None}
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["where"] = places(record.exc_info[2])
        return json.dumps(line, separators=(",", ":"), default=type)


class _RecordQueue(QueueHandler):
    """Hands records to the writing thread as they are.

    The library's own would turn them into text first, so that they could go to another process;
    ours stay in this one, and the formatter needs the exception itself.
    """

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return record


def to_stderr(level: int = logging.INFO) -> QueueListener:
    """Log from a thread of its own; `stop()` of what is returned writes the rest."""
    queue: SimpleQueue[logging.LogRecord] = SimpleQueue()
    out = logging.StreamHandler(sys.stderr)
    out.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[_RecordQueue(queue)], force=True)
    hush()
    listener = QueueListener(queue, out)
    listener.start()
    return listener


class Lines:
    """A text stream whose lines are written by a thread: a full pipe must not stop the audio."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._queue: SimpleQueue[str | None] = SimpleQueue()  # None ends the thread
        self._thread = threading.Thread(target=self._run, daemon=True, name="metrics")
        self._thread.start()

    def write(self, text: str) -> int:
        """Have `text` written soon; returns at once, and the number of its characters."""
        self._queue.put(text)
        return len(text)

    def flush(self) -> None:
        """Does nothing: the thread flushes whenever it has written all there is."""

    def close(self, within_s: float = 2.0) -> None:
        """Wait until all is written, for `within_s` seconds at most."""
        self._queue.put(None)
        self._thread.join(within_s)

    def _run(self) -> None:
        while (text := self._queue.get()) is not None:
            self._out.write(text)
            if self._queue.empty():
                self._out.flush()
        self._out.flush()
