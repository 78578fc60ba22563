"""How far a start has come: a bar on a terminal, lines where piped."""

import io

from services.simulator.cli.terminal import StartBar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_pipe_gets_a_line_for_each_step_and_nothing_else() -> None:
    out = io.StringIO()
    with StartBar(out) as bar:
        bar.share(0)
        bar.say("AWS: tables: ready after 1.0 s")
        bar.share(1)
    assert out.getvalue() == "  AWS: tables: ready after 1.0 s\n"


def test_a_terminal_gets_a_bar_that_is_gone_in_the_end() -> None:
    out = Terminal()
    with StartBar(out) as bar:
        bar.share(0)
        bar.say("functions and media bridge")
        bar.share(0.5)
        bar.share(1)
        shown = len(out.getvalue())
        assert "functions and media bridge" in out.getvalue()
    assert out.getvalue()[shown:] == ""
    assert out.getvalue().rstrip().endswith("\033[2K")  # the bar's line is wiped


def test_a_start_that_fails_leaves_no_bar() -> None:
    out = Terminal()
    try:
        with StartBar(out) as bar:
            bar.share(0.2)
            raise ConnectionError
    except ConnectionError:
        pass
    assert "\033[?25h" in out.getvalue()  # the cursor is back
