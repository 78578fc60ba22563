"""The command line: what it refuses, and how clearly."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.simulator.cli.main import main
from services.simulator.scenarios.scenario import names


def test_the_scenarios_are_listed_with_their_titles(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["call", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(names())
    assert all(len(line.split()) > 1 for line in lines)


def test_an_unknown_scenario_is_refused_with_those_that_exist(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["call", "--scenario", "nosuch"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "nosuch" in said.err
    assert all(name in said.err for name in names())


def test_an_unknown_business_is_refused_with_those_that_exist(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["tool", "get_pricing_quote", "{}", "--business", "nosuch"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "coolcare_hvac" in said.err


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["nosuch"],
        ["call", "--speed", "0"],
        ["call", "--speed", "fast"],
        ["call", "--voice", "--text"],
        ["tool"],
        ["tool", "get_pricing_quote", "{}", "--at", "yesterday"],
        ["tool", "get_pricing_quote", "{}", "--at", "2025-08-28T19:12:00"],
    ],
)
def test_a_wrong_command_ends_with_status_2(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_a_recording_has_to_go_into_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["call", "--wav", "/no/such/folder/call.wav"]) == 2
    assert "/no/such/folder" in capsys.readouterr().err


def test_a_recording_that_cannot_be_written_is_refused_before_the_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["call", "--text", "--wav", str(tmp_path)]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_reader_who_has_seen_enough_ends_it_quietly() -> None:
    reads, writes = os.pipe()
    os.close(reads)
    done = subprocess.run(
        [sys.executable, "-m", "services.simulator", "call", "--list"],
        stdout=writes,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(writes)
    assert (done.returncode, done.stderr) == (1, "")
