"""A list of weights that is not what training writes is refused, and says why."""

from pathlib import Path

import pytest

from shared.adapters.weight_lists import linear


def a_list(folder: Path, *lines: str) -> Path:
    path = folder / "some.tsv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_an_empty_cell_weighs_nothing(tmp_path: Path) -> None:
    model = linear(a_list(tmp_path, "feature\tno\tyes", "sure\t\t2.50"), ("no", "yes"))

    assert model.weights == {"sure": (0.0, 2.5)}


def test_other_classes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"some\.tsv: the header is not feature and"):
        linear(a_list(tmp_path, "feature\tyes\tno"), ("no", "yes"))


def test_a_line_with_a_cell_too_few_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"'sure' has 1 weights"):
        linear(a_list(tmp_path, "feature\tno\tyes", "sure\t2.50"), ("no", "yes"))
