"""The classifier's weights, as a list that can be read and reviewed.

weights.tsv: one feature a line, sorted, its weight for each class in the header's order; an empty
cell is 0. thresholds.toml: the margins. Both are written by `tests/evals/hazards/train.py`.
"""

import tomllib
from pathlib import Path

from shared.domain.hazards.classifier import CLASSES, Classifier, Thresholds

FOLDER = Path(__file__).parent
WEIGHTS, THRESHOLDS = FOLDER / "weights.tsv", FOLDER / "thresholds.toml"


def load() -> Classifier:
    """Read both files; ValueError or OSError where they are not what train.py writes."""
    header, *lines = WEIGHTS.read_text("utf-8").splitlines()
    if tuple(header.split("\t")) != ("feature", *CLASSES):
        raise ValueError(f"{WEIGHTS.name}: the header is not feature and {CLASSES}")
    weights = dict(_entry(line) for line in lines)
    limits = tomllib.loads(THRESHOLDS.read_text("utf-8"))
    return Classifier(weights, Thresholds(**limits))


def _entry(line: str) -> tuple[str, tuple[float, ...]]:
    feature, *cells = line.split("\t")
    if len(cells) != len(CLASSES):
        raise ValueError(f"{WEIGHTS.name}: {feature!r} has {len(cells)} weights")
    return feature, tuple(float(cell) if cell else 0.0 for cell in cells)
