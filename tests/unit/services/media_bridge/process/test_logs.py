"""Logs are JSON lines without content, and writing them never blocks the event loop."""

import io
import json
import logging
import threading

from services.media_bridge.process.logs import JsonLines, Lines


def _record(message: str, **extra: object) -> logging.LogRecord:
    record = logging.LogRecord("a", logging.INFO, "f.py", 1, message, None, None)
    vars(record).update(extra)
    return record


def test_a_line_carries_the_known_fields_and_no_other() -> None:
    line = json.loads(JsonLines().format(_record("m", call_sid="CA1", name_of_caller="Sarah")))

    assert line == {"level": "info", "logger": "a", "message": "m", "call_sid": "CA1"}


def test_an_exception_is_named_and_placed_but_not_quoted() -> None:
    try:
        raise ValueError("Sarah Miller, 123 Oak Street")
    except ValueError as exc:
        record = _record("m", exc_info=(type(exc), exc, exc.__traceback__))

    text = JsonLines().format(record)

    assert "Sarah" not in text
    assert json.loads(text)["exception"] == "ValueError"
    assert "test_logs.py" in json.loads(text)["where"][0]


class StuckPipe(io.StringIO):
    """A pipe nobody reads."""

    def __init__(self) -> None:
        super().__init__()
        self.release = threading.Event()

    def write(self, text: str) -> int:
        self.release.wait(5)
        return super().write(text)


def test_a_full_pipe_stops_nobody() -> None:
    pipe = StuckPipe()
    lines = Lines(pipe)

    for n in range(100):
        lines.write(f"{n}\n")  # returns at once
    pipe.release.set()
    lines.close()

    assert pipe.getvalue() == "".join(f"{n}\n" for n in range(100))
