"""The weights of what hears danger, as lists that can be read and reviewed.

weights.tsv, questions.tsv, answers.tsv: see `weight_lists`. thresholds.toml: the margins.
judge.toml: what an exchange weighs. The first and the margins are written by
`tests/evals/hazards/train.py`, the others by `tests/evals/short_answers/train.py`.
"""

import tomllib
from pathlib import Path

from shared.adapters.weight_lists import linear, weights
from shared.domain.hazards.classifier import CLASSES, Classifier, Thresholds
from shared.domain.hazards.short_answers import ASKS, SAYS, ShortAnswers

FOLDER = Path(__file__).parent
WEIGHTS, THRESHOLDS = FOLDER / "weights.tsv", FOLDER / "thresholds.toml"
QUESTIONS, ANSWERS, JUDGE = FOLDER / "questions.tsv", FOLDER / "answers.tsv", FOLDER / "judge.toml"


def load() -> ShortAnswers:
    """Read all files; ValueError or OSError where they are not what the training writes."""
    judge = tomllib.loads(JUDGE.read_text("utf-8"))
    return ShortAnswers(
        linear(QUESTIONS, ASKS),
        linear(ANSWERS, SAYS),
        judge["weights"],
        judge["limit"],
        load_classifier(),
    )


def load_classifier() -> Classifier:
    """What hears danger in an utterance by itself; raises as `load`."""
    limits = tomllib.loads(THRESHOLDS.read_text("utf-8"))
    return Classifier(weights(WEIGHTS, CLASSES), Thresholds(**limits))
