"""Lists of weights: one feature a line, sorted, its weight for each class in the header's order.

An empty cell is 0.
"""

from collections.abc import Mapping
from pathlib import Path

from shared.domain.linear import Linear


def linear(path: Path, classes: tuple[str, ...]) -> Linear:
    """The model that `path` holds.

    Raises:
        ValueError, OSError: it is not what the training writes, or not there.
    """
    return Linear(classes, weights(path, classes))


def weights(path: Path, classes: tuple[str, ...]) -> Mapping[str, tuple[float, ...]]:
    """The weights by feature; raises as `linear`."""
    header, *lines = path.read_text("utf-8").splitlines()
    if tuple(header.split("\t")) != ("feature", *classes):
        raise ValueError(f"{path.name}: the header is not feature and {classes}")
    return dict(_entry(path, line, len(classes)) for line in lines)


def _entry(path: Path, line: str, count: int) -> tuple[str, tuple[float, ...]]:
    feature, *cells = line.split("\t")
    if len(cells) != count:
        raise ValueError(f"{path.name}: {feature!r} has {len(cells)} weights")
    return feature, tuple(float(cell) if cell else 0.0 for cell in cells)
