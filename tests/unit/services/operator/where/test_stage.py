"""A stage by its name: local, or one of cdk.json."""

from pathlib import Path

import pytest

from services.operator.where.stage import region_of, stage_view
from services.operator.where.trouble import CannotTell


def test_a_stage_that_is_not_in_cdk_json_is_told_which_there_are() -> None:
    with pytest.raises(CannotTell, match="no stage 'nope'; there is local, dev, prod, staging"):
        region_of("nope")


def test_the_region_of_a_stage_is_the_one_it_is_given(tmp_path: Path) -> None:
    file = tmp_path / "cdk.json"
    file.write_text('{"context": {"stages": {"prod": {"region": "us-east-2"}, "dev": {}}}}')
    assert region_of("prod", file) == "us-east-2"
    assert region_of("dev", file) is None


@pytest.mark.parametrize("text", ["{", "[]", '{"context": 7}', '{"context": {"stages": {"x": 1}}}'])
def test_a_broken_cdk_json_is_said_in_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "cdk.json"
    file.write_text(text)
    with pytest.raises(CannotTell, match=r"cdk\.json"):
        region_of("x", file)


def test_without_a_local_stack_it_is_said_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(CannotTell, match="make up"):
        stage_view("local", {"LOCAL_STACK_FILE": str(tmp_path / "none.json")})


def test_without_a_region_it_is_said_where_one_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    businesses = Path(__file__).parents[5] / "tests" / "businesses"
    with pytest.raises(CannotTell, match="no region"):
        stage_view("prod", {"BUSINESSES_DIR": str(businesses)})
