"""Lines fit the terminal; what is piped is plain."""

import io
import re

import pytest

from services.simulator.cli.playing.paper import Paper
from services.simulator.cli.terminal import console


def terminal(*, colours: bool = False, columns: int = 70) -> tuple[io.StringIO, Paper]:
    out = io.StringIO()
    return out, Paper(console(out, terminal=True, colours=colours, columns=columns))


def test_long_words_hang_below_themselves() -> None:
    out, paper = terminal()
    paper.line(62_000, "agent", "word " * 20)
    lines = out.getvalue().splitlines()
    assert lines[0].startswith("  1:02  agent         word")
    assert all(line.startswith(" " * 22 + "word") for line in lines[1:])
    assert len(lines) > 1
    assert max(map(len, lines)) <= 70


def test_an_address_longer_than_a_line_is_told_whole() -> None:
    out, paper = terminal(columns=50)
    paper.line(0, "payment", "http://127.0.0.1:1/" + "x" * 60)
    assert "".join(out.getvalue().split()).endswith("x" * 60)


def test_a_pipe_gets_one_plain_line_whatever_is_in_it() -> None:
    out = io.StringIO()
    Paper(out).line(0, "tool", "[bold]word[/bold] :smile: 42 " * 20)
    assert out.getvalue().count("\n") == 1
    assert "[bold]word[/bold] :smile: 42" in out.getvalue()
    assert "\033" not in out.getvalue()


def test_who_wants_no_colour_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    out, paper = terminal(colours=True)
    paper.line(0, "caller's ears", "sir Miller")
    assert re.search(r"\033\[2m *sir Miller", out.getvalue())  # dimmed
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    out = io.StringIO()
    Paper(console(out, terminal=True)).line(0, "caller's ears", "sir Miller")
    assert "\033" not in out.getvalue()


def test_what_was_expected_and_is_not_so_says_why() -> None:
    out = io.StringIO()
    paper = Paper(out)
    paper.verdict("The outcome is “booked”", "")
    paper.verdict("It is never said: “$99”", "said: '$99'")
    assert out.getvalue() == (
        "  yes  The outcome is “booked”\n  NO   It is never said: “$99”  -  said: '$99'\n"
    )


def test_nobody_who_looks_on_gets_nothing() -> None:
    Paper(None).line(0, "agent", "Hello")
    Paper(None).pair("call", "CA1")
