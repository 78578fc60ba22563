"""`talk`: what keeps a page from being opened is said in words, before anything is started."""

import socket
from pathlib import Path

import pytest

from services.simulator.cli.main import main


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAL_STACK_FILE", str(tmp_path / "stack.json"))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["talk", "--text", "--no-open", "--port", port]) == 2
    assert f"--port: {port} is taken" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "70000", "http"])
def test_what_is_no_port_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["talk", "--port", port])
    assert "1 to 65535" in capsys.readouterr().err


def test_a_business_that_there_is_not_is_named_and_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["talk", "--text", "--no-open", "--business", "nobody"]) == 2
    said = capsys.readouterr().err
    assert "no business 'nobody'" in said
    assert "coolcare_hvac" in said


def test_the_real_model_needs_sound(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-a-key-of-nobody")
    assert main(["talk", "--text", "--no-open"]) == 2
    said = capsys.readouterr().err
    assert "OpenAI hears sound" in said
    assert "sk-a-key" not in said
