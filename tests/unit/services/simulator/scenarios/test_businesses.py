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


def test_a_file_is_all_there_is_while_it_is_rung(tmp_path: Path) -> None:
    file = tmp_path / "draft.toml"
    file.write_text('id = "mine"\nnumbers = ["+15552223333"]')
    with businesses.rung(str(file)) as business:
        assert (business, businesses.ids()) == ("mine", ("mine",))
        assert businesses.number("mine") == "+15552223333"
    assert "mine" not in businesses.ids()
    with businesses.rung("coolcare_hvac") as business:
        assert business == "coolcare_hvac"


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("nobody", "no business 'nobody'; there are: brightwire"),
        ("nothing.toml", r"nothing\.toml: cannot be read"),
        ("bad.toml", r"bad\.toml: not TOML"),
        ("nameless.toml", r"nameless\.toml: id is missing"),
    ],
)
def test_what_cannot_be_rung_is_said(tmp_path: Path, named: str, told: str) -> None:
    (tmp_path / "bad.toml").write_text("id =")
    (tmp_path / "nameless.toml").write_text('id = "../up"')
    where = str(tmp_path / named) if named.endswith(".toml") else named
    with pytest.raises(businesses.BadBusinessFile, match=told), businesses.rung(where):
        pass
