"""Which businesses can be rung: those whose files there are."""

from pathlib import Path

import pytest

from services.simulator.scenarios import businesses


def test_a_business_of_your_own_is_found_with_its_number(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('numbers = ["+15552223333"]')
    assert businesses.ids(tmp_path) == ("mine",)
    assert businesses.number("mine", tmp_path) == "+15552223333"


def test_no_business_has_no_number(tmp_path: Path) -> None:
    assert businesses.number("../mine", tmp_path) is None
    (tmp_path / "mine.toml").write_text("numbers = 7")
    assert businesses.number("mine", tmp_path) is None


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("numbers = [")
    with pytest.raises(businesses.BadBusinessFile, match=r"mine\.toml: not TOML"):
        businesses.number("mine", tmp_path)


def test_the_folder_is_the_repository_s_unless_another_is_named(tmp_path: Path) -> None:
    assert businesses.folder({}) == businesses.FOLDER
    assert businesses.folder({"BUSINESSES_DIR": str(tmp_path)}) == tmp_path
