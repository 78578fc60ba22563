"""Lines fit the terminal; what is piped is plain."""

import io

import pytest

from services.simulator.cli.playing.paper import Paper


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_long_words_hang_below_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    out = Terminal()
    Paper(out, columns=70).line(62_000, "agent", "word " * 20)
    lines = out.getvalue().splitlines()
    assert lines[0].startswith("  1:02  agent         word")
    assert all(line.startswith(" " * 22 + "word") for line in lines[1:])
    assert max(map(len, lines)) <= 70
    assert "\033" not in out.getvalue()


def test_a_pipe_gets_one_plain_line() -> None:
    out = io.StringIO()
    Paper(out).line(0, "tool", "word " * 60)
    assert out.getvalue().count("\n") == 1
    assert "\033" not in out.getvalue()
