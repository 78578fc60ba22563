"""A call on a terminal: a time, who, and words that wrap below themselves; plain where piped."""

import time
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.simulator.cli.terminal import console

_STYLES = {
    "caller": "cyan", "agent": "green", "tool": "yellow", "text": "magenta", "phone": "blue",
    "payment": "cyan", "warning": "red", "cut": "red", "model": "dim", "agent heard": "dim",
    "caller's ears": "dim", "not heard": "dim strike",
}  # fmt: skip
_LABEL, _NAME = 14, 28


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
    """Shows lines; nowhere without an `out`, which is a stream or a console that knows more."""

    def __init__(self, out: TextIO | Console | None) -> None:
        self._out = out if isinstance(out, Console) or out is None else console(out)

    def line(self, at_ms: int, who: str, text: str) -> None:
        """Something of the call: when it began, and who says or does it."""
        minutes, seconds = divmod(at_ms // 1000, 60)
        style = _STYLES.get(who, "")
        faint = style if style.startswith("dim") else ""
        clock = Text(f"{minutes:>3}:{seconds:02}  ")
        self._hangs(clock + Text(f"{who:<{_LABEL}}", style), Text(text, faint))

    def head(self, text: str) -> None:
        """What the lines below it are about."""
        self._print(Text(f"\n{text}", "bold"))

    def pair(self, name: str, value: str) -> None:
        """A name and what it is."""
        self._hangs(Text(f"    {name:<{_NAME}}", "dim"), Text(" ".join(value.split())))

    def verdict(self, what: str, why_not: str) -> None:
        """Something that was expected, and why it does not hold, "" where it does."""
        mark = Text("  NO   ", "bold red") if why_not else Text("  yes  ", "green")
        self._hangs(mark, Text(f"{what}  -  {why_not}" if why_not else what))

    def said(self, text: str, style: str = "") -> None:
        """A line of its own."""
        self._print(Text(text, style))

    def _hangs(self, head: Text, words: Text) -> None:
        if self._out is not None and self._out.is_terminal:
            table = Table.grid()
            table.add_column(no_wrap=True)
            table.add_column(overflow="fold")  # an address is told whole
            table.add_row(head, words)
            self._out.print(table)
        else:
            self._print(head + words)

    def _print(self, text: Text) -> None:
        if self._out is not None:
            self._out.print(text, soft_wrap=not self._out.is_terminal)
            self._out.file.flush()
