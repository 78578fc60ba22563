"""Who runs what beside whom, when workers share the tests."""

import threading
from pathlib import Path

import pytest

from tests.workers import ONE_BY_ONE, WHOLE, turn, unit_of


@pytest.mark.parametrize(
    ("nodeid", "unit"),
    [
        ("tests/e2e/test_crowd.py::test_a", "tests/e2e/test_crowd.py"),
        ("tests/e2e/test_smoke.py::test_a[b]", "tests/e2e/test_smoke.py::test_a[b]"),
        ("tests/infra/ops/test_connect.py::test_a[tests/unit/x]", "tests/infra/"),
        ("tests/unit/shared/test_rows.py::test_a[x::y]", "tests/unit/shared/test_rows.py"),
        ("tests/unit/shared/test_rows.py::Test::test_a", "tests/unit/shared/test_rows.py"),
    ],
)
def test_a_file_a_whole_folder_or_one_test_goes_to_one_worker(nodeid: str, unit: str) -> None:
    assert unit_of(nodeid) == unit


def test_the_named_files_and_folders_are_there() -> None:
    root = Path(__file__).parents[1]
    assert [name for name in (*ONE_BY_ONE, *WHOLE) if not (root / name).exists()] == []


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    found = {name: tmp_path / name for name in ("turn", "gate")}
    for path in found.values():
        path.touch()
    return found


def test_tests_run_beside_each_other(files: dict[str, Path]) -> None:
    with turn(alone=False, **files), turn(alone=False, **files):
        pass


@pytest.mark.parametrize("first_is_alone", [True, False])
def test_a_test_that_wants_to_be_alone_is(files: dict[str, Path], first_is_alone: bool) -> None:
    order: list[str] = []

    def second() -> None:
        with turn(alone=not first_is_alone, **files):
            order.append("second")

    other = threading.Thread(target=second)
    with turn(alone=first_is_alone, **files):
        other.start()
        other.join(0.1)
        assert other.is_alive()
        order.append("first")
    other.join(10)
    assert order == ["first", "second"]


def test_whoever_waits_to_be_alone_is_let_in_before_those_who_come_after(
    files: dict[str, Path],
) -> None:
    order: list[str] = []

    def take(name: str, alone: bool) -> None:
        with turn(alone=alone, **files):
            order.append(name)

    alone = threading.Thread(target=take, args=("alone", True))
    later = threading.Thread(target=take, args=("later", False))
    with turn(alone=False, **files):
        alone.start()
        alone.join(0.1)
        later.start()
        later.join(0.1)
        assert order == []
    alone.join(10)
    later.join(10)
    assert order == ["alone", "later"]
