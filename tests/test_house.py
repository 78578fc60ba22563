"""The measurements themselves, on a small made-up house."""

import subprocess
from pathlib import Path

import pytest

from tests.house import BESIDE_THE_MIRROR, ROOT, faults, main, modules, report, words

SESSION = '''"""A session."""

from dataclasses import dataclass
from enum import Enum


# One call.
class Session:
    """What is said in it."""

    def __init__(self) -> None:
        self.turns, self.at = 0, 0

    def say(self, text: str) -> str:
        """Say it.

        Twice.
        """
        self.turns += 1
        return text * 2


@dataclass
class Turn:
    text: str


class Phase(Enum):
    LIVE = 1
'''
WORDS = """# The house

## Words

| word | means | where |
|---|---|---|
| session | one call | `core/session.py` |
| Turn, `Phase` | what is said, and when | `core/session.py`, `shared` |

## Something else

| word | means |
|---|---|
| nobody | of no list |
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house in order: one module with its test, and a word list."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    put(tmp_path, "shared/core/session.py", SESSION)
    put(tmp_path, "shared/core/__init__.py")
    put(tmp_path, "tests/unit/shared/core/test_session.py", "def test_it() -> None: ...")
    put(tmp_path, "docs/architecture.md", WORDS)
    return tmp_path


def put(root: Path, path: str, text: str = "") -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def figures(root: Path) -> dict[str, str]:
    rows = (line.rsplit(maxsplit=1) for line in report(root) if " / " not in line)
    return {name.strip(): figure for name, figure in rows}


def test_a_house_in_order_has_no_faults(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(faults(house)) == []
    assert main(["--check", "--root", str(house)]) == 0
    assert capsys.readouterr().out == "the house is in order\n"


def test_lines_comments_functions_and_attributes_are_counted(house: Path) -> None:
    (_, session) = modules(house)

    assert (str(session.path), session.lines, session.comments) == (
        "shared/core/session.py",
        SESSION.count("\n"),
        1,
    )
    # A docstring is not counted to its function.
    assert {f.place.split()[1]: f.lines for f in session.functions} == {"__init__": 2, "say": 3}
    assert {c.name: (c.attributes, c.holds_values) for c in session.classes} == {
        "Session": (2, False),
        "Turn": (0, True),
        "Phase": (0, True),
    }


def test_the_figures_are_printed(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(house)]) == 0
    assert "class names more than once" in capsys.readouterr().out
    found = figures(house)
    assert (found["class names more than once"], found["unit tests of no module"]) == ("0", "0")
    assert found["words in the word list"] == "3"


def test_a_class_name_that_stands_twice_is_named_with_both_places(house: Path) -> None:
    put(house, "functions/pay/session.py", "class Turn: ...\n")
    (fault,) = faults(house)
    assert fault.startswith("class Turn stands more than once: functions/pay/session.py:1 Turn, ")
    assert "shared/core/session.py" in fault
    assert figures(house)["class names more than once"] == "1"


def test_a_module_that_is_too_long_is_named(house: Path) -> None:
    put(house, "shared/long.py", "x = 1\n" * 301)
    assert list(faults(house)) == ["shared/long.py: 301 lines, more than 300"]


def test_a_class_with_too_many_attributes_is_named_but_one_that_holds_values(house: Path) -> None:
    many = "".join(f"        self.a{n} = {n}\n" for n in range(13))
    text = f"class Wide:\n    def __init__(self):\n{many}"
    put(house, "shared/wide.py", text)
    assert list(faults(house)) == ["shared/wide.py:1 Wide: 13 attributes, more than 12"]
    put(house, "shared/wide.py", f"@dataclass\n{text}")
    assert list(faults(house)) == []


def test_a_unit_test_is_of_a_module_or_of_a_package(house: Path) -> None:
    put(house, "tests/unit/shared/test_core.py")
    assert list(faults(house)) == []
    put(house, "tests/unit/shared/core/test_turns.py")
    assert list(faults(house)) == ["tests/unit/shared/core/test_turns.py: there is no such module"]


def test_a_word_is_a_class_a_module_or_a_package_however_it_is_written(house: Path) -> None:
    put(house, "shared/core/read_back.py")
    put(house, "shared/core/queue.py", "class ResponseQueue: ...\n")
    rows = "| read-back, **response queue**, core | what is read back | `shared/core/` |"
    put(house, "docs/architecture.md", WORDS.replace("| Turn", f"{rows}\n| Turn"))
    assert list(faults(house)) == []


def test_a_word_that_nothing_is_called_and_a_place_that_is_none_are_named(house: Path) -> None:
    text = WORDS.replace("| session |", "| strand |").replace("`shared`", "`core/desk.py`")
    put(house, "docs/architecture.md", text)
    assert list(faults(house)) == [
        "docs/architecture.md: 'strand' is the name of no class and no module",
        "docs/architecture.md: Turn, Phase: there is no core/desk.py",
    ]


def test_a_section_without_a_table_is_an_empty_list(house: Path) -> None:
    put(house, "docs/architecture.md", "## Words\n\nCall, Turn, Window.\n")
    assert words(house) == []
    (house / "docs/architecture.md").unlink()
    assert words(house) == [] and list(faults(house)) == []


def test_what_git_ignores_is_no_part_of_the_house(house: Path) -> None:
    put(house, ".gitignore", "shared/made/\n")
    put(house, "shared/made/long.py", "x = 1\n" * 301)
    assert list(faults(house)) == []


def test_what_stands_beside_the_mirror_is_there() -> None:
    assert [name for name in BESIDE_THE_MIRROR if not (ROOT / name).exists()] == []
