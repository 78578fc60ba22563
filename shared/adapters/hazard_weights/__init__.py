"""The weights of what hears danger, as lists that can be read and reviewed.

weights.tsv, questions.tsv, answers.tsv: one feature a line, sorted, its weight for each class in
the header's order; an empty cell is 0. thresholds.toml: the margins. judge.toml: what an exchange
weighs. The first and the margins are written by `tests/evals/hazards/train.py`, the others by
`tests/evals/short_answers/train.py`.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from shared.domain.hazards.classifier import CLASSES, Classifier, Thresholds
from shared.domain.hazards.short_answers import ASKS, SAYS, Linear, ShortAnswers

FOLDER = Path(__file__).parent
WEIGHTS, THRESHOLDS = FOLDER / "weights.tsv", FOLDER / "thresholds.toml"
QUESTIONS, ANSWERS, JUDGE = FOLDER / "questions.tsv", FOLDER / "answers.tsv", FOLDER / "judge.toml"


def load() -> ShortAnswers:
    """Read all files; ValueError or OSError where they are not what the training writes."""
    judge = tomllib.loads(JUDGE.read_text("utf-8"))
    return ShortAnswers(
        Linear(ASKS, _weights(QUESTIONS, ASKS)),
        Linear(SAYS, _weights(ANSWERS, SAYS)),
        judge["weights"],
        judge["limit"],
        load_classifier(),
    )


def load_classifier() -> Classifier:
    """What hears danger in an utterance by itself; raises as `load`."""
    limits = tomllib.loads(THRESHOLDS.read_text("utf-8"))
    return Classifier(_weights(WEIGHTS, CLASSES), Thresholds(**limits))


def _weights(path: Path, classes: tuple[str, ...]) -> Mapping[str, tuple[float, ...]]:
    header, *lines = path.read_text("utf-8").splitlines()
    if tuple(header.split("\t")) != ("feature", *classes):
        raise ValueError(f"{path.name}: the header is not feature and {classes}")
    return dict(_entry(path, line, len(classes)) for line in lines)


def _entry(path: Path, line: str, count: int) -> tuple[str, tuple[float, ...]]:
    feature, *cells = line.split("\t")
    if len(cells) != count:
        raise ValueError(f"{path.name}: {feature!r} has {len(cells)} weights")
    return feature, tuple(float(cell) if cell else 0.0 for cell in cells)
