"""`up`: what keeps a stack from starting is said before anything is started."""

import fcntl
from pathlib import Path

import pytest

from services.simulator.cli.main import main


def test_a_second_stack_says_that_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOCAL_STACK_FILE", str(tmp_path / "stack.json"))
    with (tmp_path / "stack.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert main(["up", "--text"]) == 2
    assert "a stack is up already" in capsys.readouterr().err


def test_a_folder_without_businesses_and_a_broken_file_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOCAL_STACK_FILE", str(tmp_path / "stack.json"))
    monkeypatch.setenv("BUSINESSES_DIR", str(tmp_path))
    assert main(["up", "--text"]) == 2
    assert "no business file" in capsys.readouterr().err
    (tmp_path / "mine.toml").write_text("id = ")
    assert main(["up", "--text"]) == 2
    assert "mine.toml: not TOML" in capsys.readouterr().err
