"""A terminal's lines: a time, who, and words that wrap below themselves; plain where piped."""

import os
import shutil
import textwrap
import time
from typing import TextIO

_COLOURS = {
    "caller": "36", "agent": "32", "tool": "33", "text": "35", "phone": "34", "payment": "36",
    "warning": "31", "model": "2", "agent heard": "2", "caller's ears": "2", "not heard": "2;9",
}  # fmt: skip
_LABEL = 14
_NARROWEST = 40


class MediaClock:
    """The call's own time: known at some events, in between as much later as it really is."""

    def __init__(self, speed: float) -> None:
        self._speed, self._known, self._at = speed, 0, 0.0

    def set(self, at_ms: int) -> None:
        if at_ms >= self._known:
            self._known, self._at = at_ms, time.monotonic()

    def begins_anew(self) -> None:
        """Another call begins."""
        self._known, self._at = 0, 0.0

    @property
    def now_ms(self) -> int:
        since = (time.monotonic() - self._at) * 1000 * self._speed if self._at else 0.0
        return self._known + round(since)


class Paper:
    """Shows lines; nowhere without `out`. Colours on a terminal, unless NO_COLOR is set."""

    def __init__(self, out: TextIO | None, *, columns: int | None = None) -> None:
        self._out = out
        terminal = out is not None and out.isatty()
        self._colours = terminal and not os.environ.get("NO_COLOR")
        self._columns = (columns or shutil.get_terminal_size().columns) if terminal else None

    def line(self, at_ms: int, who: str, text: str) -> None:
        if self._out is None:
            return
        minutes, seconds = divmod(at_ms // 1000, 60)
        head = f"{minutes:>3}:{seconds:02}  "
        label = f"{who:<{_LABEL}}"
        colour = _COLOURS.get(who, "0")
        body = self._wrapped(text, len(head) + _LABEL)
        if self._colours:
            label = f"\033[{colour}m{label}\033[0m"
            body = f"\033[{colour}m{body}\033[0m" if colour.startswith("2") else body
        print(f"{head}{label}{body}", file=self._out, flush=True)

    def _wrapped(self, text: str, indent: int) -> str:
        if self._columns is None:
            return text
        width = max(self._columns - indent, _NARROWEST)
        return ("\n" + " " * indent).join(textwrap.wrap(text, width) or [""])
