"""Train the classifier of dangers: `python -m tests.evals.hazards.train DIR`.

DIR holds the public sets, which train as ordinary speech and of which nothing is kept. Needs the
dependency group `training`. Writes the weights and the thresholds of `shared/adapters/
hazard_weights` and REPORT.md beside this file; the same data and lock give the same bytes.

First every feature is weighed, then the MOST that weigh most are kept, then those are weighed anew.
The thresholds are chosen on folds of the data by situation, each scored by weights that have not
seen its situations. The utterances of `unseen` are only reported on.
"""

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from sklearn.linear_model import LogisticRegression

from shared.adapters import hazard_weights
from shared.domain.hazards.classifier import (
    BIAS,
    CLASSES,
    LETTERS,
    Classifier,
    Score,
    Thresholds,
    share,
)
from shared.domain.hazards.features import features
from shared.domain.models import LIFE_SAFETY, HazardCategory
from tests.evals.hazards.data import LIST, Utterance, digest, for_training, own, plain, public
from tests.evals.hazards.grade import SECOND
from tests.evals.hazards.report import write_report

SEED, FOLDS = 8, 5
PUBLIC = 16_000  # ordinary utterances that train
STRENGTH = 1.0  # inverse of the penalty on the squares of the weights
MOST = 16_000  # features kept
RARE = 2  # features of fewer utterances are not looked at
NEAR_ALARMS = 0.09  # allowed on look-alikes of situations that a fold has not seen
OTHER_RECALL = 0.89  # asked of the dangers that are not of life safety
UNSURE = 1.0  # how far below the lower threshold a question is worth asking

Features = list[set[str]]


@dataclass(frozen=True, slots=True)
class Model:
    names: list[str]
    weights: np.ndarray  # features by CLASSES
    bias: np.ndarray


@dataclass(frozen=True, slots=True)
class Examples:
    """Utterances beside their features and their classes."""

    cases: list[Utterance]
    counted: Features
    classes: list[str]

    @classmethod
    def of(cls, cases: list[Utterance]) -> "Examples":
        return cls(cases, [features(case.text) for case in cases], [c.category for c in cases])

    def where(self, wanted: list[bool]) -> "Examples":
        kept = [at for at, keep in enumerate(wanted) if keep]
        return Examples(
            [self.cases[at] for at in kept],
            [self.counted[at] for at in kept],
            [self.classes[at] for at in kept],
        )

    def __add__(self, other: "Examples") -> "Examples":
        return Examples(
            self.cases + other.cases, self.counted + other.counted, self.classes + other.classes
        )


def main(argv: Sequence[str] | None = None) -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.evals.hazards.train")
    asked.add_argument("public", type=Path)
    texts = public(asked.parse_args(argv).public)
    told = own()
    training = Examples.of(told)
    always = Examples.of(plain() + ordinary(texts))
    scores = by_fold(training, always)
    thresholds = limits(told, scores)
    _write(fit(training + always), thresholds)
    unheard = [text for text in texts if not for_training(text)]
    write_report(hazard_weights.load_classifier(), unheard, dict(zip(told, scores, strict=True)))


def ordinary(texts: list[str]) -> list[Utterance]:
    kept = sorted(text for text in texts if for_training(text))
    random.Random(SEED).shuffle(kept)
    return [Utterance(text, "none") for text in kept[:PUBLIC]]


# -- weights -------------------------------------------------------------------------------------


def fit(examples: Examples) -> Model:
    seen = Counter(feature for each in examples.counted for feature in each)
    names = sorted(feature for feature, times in seen.items() if times >= RARE)
    first = _weigh(examples, names)
    times = np.array([seen[name] for name in names])
    weight = np.abs(first.weights).max(axis=1) * np.sqrt(times)
    kept = np.sort(np.argsort(-weight, kind="stable")[:MOST])
    return _weigh(examples, [names[index] for index in kept])


def _weigh(examples: Examples, names: list[str]) -> Model:
    scale = np.array([LETTERS if name.startswith("~") else 1.0 for name in names])
    logistic = LogisticRegression(C=STRENGTH, max_iter=300)
    matrix = _matrix(examples.counted, names) @ sparse.diags(scale)
    logistic.fit(matrix, np.array(examples.classes))
    order = [list(logistic.classes_).index(name) for name in CLASSES]
    return Model(names, logistic.coef_[order].T * scale[:, None], logistic.intercept_[order])


def _matrix(counted: Features, names: list[str]) -> sparse.csr_matrix:
    place = {name: index for index, name in enumerate(names)}
    values: list[float] = []
    columns: list[int] = []
    ends = [0]
    for each in counted:
        known = sorted(place[feature] for feature in each if feature in place)
        columns += known
        values += [share(each)] * len(known)
        ends.append(len(columns))
    return sparse.csr_matrix((values, columns, ends), (len(counted), len(names)))


# -- thresholds ----------------------------------------------------------------------------------


def by_fold(training: Examples, always: Examples) -> list[Score]:
    """The score of each, by weights that have not seen its situation.

    `always`: what trains in every fold.
    """
    fold = [digest(f"fold {case.situation}") % FOLDS for case in training.cases]
    scores: list[Score] = [Score(HazardCategory.GAS_LEAK, 0.0)] * len(fold)
    for held in range(FOLDS):
        seen = training.where([of != held for of in fold])
        classifier = _classifier(fit(seen + always))
        for at, of in enumerate(fold):
            if of == held:
                scores[at] = classifier.score_of(training.counted[at])
    return scores


def limits(told: list[Utterance], scores: list[Score]) -> Thresholds:
    """Of the scores by fold.

    The dangers that are not of life safety are raised from where OTHER_RECALL of them are, those
    of life safety from where the look-alikes have no alarms left.
    """
    counts = np.array([LIST not in case.situation for case in told])
    margins = np.array([score.margin for score in scores])
    first = np.array([score.category in LIFE_SAFETY for score in scores])
    near = np.array([bool(case.near) and case.category == "none" for case in told]) & counts
    second = np.array([case.category in SECOND for case in told]) & counts
    other = float(np.quantile(margins[second], 1 - OTHER_RECALL))
    left = int(NEAR_ALARMS * near.sum()) - int((near & ~first & (margins >= other)).sum())
    quiet = np.sort(margins[near & first])[::-1]
    life_safety = float(quiet[max(left, 0)]) + 0.01
    unsure = min(life_safety, other) - UNSURE
    return Thresholds(round(life_safety, 2), round(other, 2), round(unsure, 2))


def _classifier(model: Model) -> Classifier:
    weights = {
        name: tuple(row) for name, row in zip(model.names, model.weights.tolist(), strict=True)
    }
    return Classifier(weights | {BIAS: tuple(model.bias.tolist())}, Thresholds(0, 0, 0))


# -- files ---------------------------------------------------------------------------------------


def _write(model: Model, thresholds: Thresholds) -> None:
    rows = {BIAS: model.bias} | dict(zip(model.names, model.weights, strict=True))
    lines = ["\t".join(("feature", *CLASSES))]
    for name in sorted(rows):
        cells = [f"{weight:.2f}" for weight in rows[name]]
        if name == BIAS or any(float(cell) for cell in cells):
            lines.append("\t".join((name, *("" if float(cell) == 0 else cell for cell in cells))))
    hazard_weights.WEIGHTS.write_text("\n".join(lines) + "\n", "utf-8")
    hazard_weights.THRESHOLDS.write_text(
        "# Margins, written by train.py; REPORT.md says what follows from them.\n"
        f"life_safety = {thresholds.life_safety}\n"
        f"other = {thresholds.other}\n"
        f"unsure = {thresholds.unsure}\n",
        "utf-8",
    )


if __name__ == "__main__":
    main()
