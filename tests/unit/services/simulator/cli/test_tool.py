"""`tool`: the answer is told from everything else the process prints."""

import pytest

from services.simulator.cli.main import main
from services.simulator.cli.tool import parted


def test_the_last_json_object_is_the_answer() -> None:
    assert parted(["starting", '{"a": 1}', '{"b": 2}']) == ('{"b": 2}', ["starting"])


@pytest.mark.parametrize("line", ["no JSON", "[1]", '"text"', '{"_aws": {}, "Quotes": 1}'])
def test_a_log_line_or_a_metric_is_no_answer(line: str) -> None:
    assert parted([line]) == (None, [line])


def test_a_business_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tool", "check_availability", "{}", "--business", "nosuch"]) == 2
    assert main(["tool", "check_availability", "{}", "--business", "nosuch.toml"]) == 2
    said = capsys.readouterr().err
    assert "no business 'nosuch'; there are: " in said and "nosuch.toml: cannot be read" in said
