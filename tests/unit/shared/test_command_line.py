"""What was mistyped is told with what there is."""

import argparse

import pytest

from shared.command_line import Command, meant


def parsed(*argv: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="program")
    call = parser.add_subparsers(parser_class=Command).add_parser("call")
    call.add_argument("--scenario")
    return parser.parse_args(argv)


def test_an_option_of_the_command_is_taken() -> None:
    assert parsed("call", "--scenario", "spec").scenario == "spec"


def test_an_option_there_is_not_is_told_with_those_of_its_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        parsed("call", "--scenaro", "spec")
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert "program call [-h] [--scenario SCENARIO]" in said
    assert "there is no --scenaro; did you mean --scenario?" in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("gas", "; did you mean gas_smell?"),
        ("gas_smel", "; did you mean gas_smell?"),
        ("holiday", ""),
        ("", ""),
    ],
)
def test_a_near_miss_is_named_and_a_far_one_is_not(given: str, said: str) -> None:
    assert meant(given, ["gas_smell", "spec"]) == said
