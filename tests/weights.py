"""What every list of weights has to be: a person can review it."""

from pathlib import Path


def assert_reviewable(path: Path, *, most: int) -> None:
    """Sorted, each feature once, rounded to two places, some thousands of lines long."""
    _, *lines = path.read_text("utf-8").splitlines()
    names = [line.split("\t")[0] for line in lines]
    assert names == sorted(names)
    assert len(names) == len(set(names))
    assert 2_000 <= len(names) <= most
    cells = {cell for line in lines for cell in line.split("\t")[1:] if cell}
    assert all(f"{float(cell):.2f}" == cell for cell in cells)
