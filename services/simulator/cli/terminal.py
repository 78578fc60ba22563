"""What is written where: rich on a terminal, plain lines where piped, no colour with NO_COLOR."""

import os
import sys
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text


def console(
    out: TextIO,
    *,
    terminal: bool | None = None,
    colours: bool | None = None,
    columns: int | None = None,
) -> Console:
    """A console that changes nothing of what it is given: no markup, no numbers in colour.

    What is left out is asked of `out` and of NO_COLOR; who writes for a terminal elsewhere says it.
    """
    wanted = not os.environ.get("NO_COLOR") if colours is None else colours
    return Console(
        file=out,
        width=columns,
        force_terminal=terminal,
        color_system=None if not wanted else "auto" if colours is None else "standard",
        no_color=False,
        markup=False,
        highlight=False,
        emoji=False,
    )


class StartBar:
    """How far a start has come, on stderr: a bar that goes with it; a line for each step if piped.

    A context: whatever ends the start, the bar is gone.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self._console = console(out or sys.stderr)
        self._bar = Progress(
            SpinnerColumn(),
            BarColumn(20),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
        )
        self._task = self._bar.add_task("starting", total=1.0)

    def say(self, text: str) -> None:
        """Show a step that is done, or what takes long."""
        if self._console.is_terminal:
            self._bar.update(self._task, description=text)
        else:
            self._console.print(Text(f"  {text}"), soft_wrap=True)

    def share(self, done: float) -> None:
        """Show that so much of the start is done, 0 to 1; with all of it the bar goes."""
        if self._console.is_terminal:
            self._bar.start()
            self._bar.update(self._task, completed=done)
        if done >= 1:
            self.stop()

    def stop(self) -> None:
        """The start is over, however it went."""
        if self._console.is_terminal:
            self._bar.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
