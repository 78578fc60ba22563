"""Train the classifier of dangers: `python -m tests.evals.hazards.train DIR`.

DIR holds the public sets, which train as ordinary speech and of which nothing is kept. Needs the
dependency group `training`. Writes the weights and the thresholds of `shared/adapters/
hazard_weights` and REPORT.md beside this file; the same data and lock give the same bytes.

First every feature is weighed, then the MOST that weigh most are kept, then those are weighed anew.
The thresholds are chosen on folds of the training part, each scored by weights that have not seen
its situations. The held-out part is only reported on.
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
from shared.domain.hazards.classifier import BIAS, CLASSES, Classifier, Thresholds
from shared.domain.hazards.features import features
from tests.evals.hazards.data import Utterance, digest, for_training, own, plain, public
from tests.evals.hazards.report import write_report

SEED, FOLDS = 8, 4
PUBLIC = 8_000  # ordinary utterances that train
STRENGTH = 0.3  # inverse of the penalty on the squares of the weights
LETTERS = 0.5  # what one run of letters counts, where a word counts 1
MOST = 6_000  # features kept
RARE = 2  # features of fewer utterances are not looked at
NEAR_ALARMS = 0.10  # allowed on look-alikes of situations that a fold has not seen
STEP = 0.01  # of a margin
UNSURE = 1.0  # how far below the threshold a question is worth asking

Features = list[set[str]]


@dataclass(frozen=True, slots=True)
class Model:
    names: list[str]
    weights: np.ndarray  # features by CLASSES
    bias: np.ndarray


def main(argv: Sequence[str] | None = None) -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.evals.hazards.train")
    asked.add_argument("public", type=Path)
    texts = public(asked.parse_args(argv).public)
    ordinary = sorted(text for text in texts if for_training(text))
    random.Random(SEED).shuffle(ordinary)
    training = [case for case in own() if not case.held_out]
    counted = [features(case.text) for case in training]
    rest = [Utterance(text, "none") for text in ordinary[:PUBLIC]] + plain()
    always = [features(case.text) for case in rest], [case.category for case in rest]
    thresholds = _thresholds(training, counted, always)
    model = _fit(counted + always[0], [case.category for case in training] + always[1])
    _write(model, thresholds)
    write_report(hazard_weights.load(), [text for text in texts if not for_training(text)])


# -- weights -------------------------------------------------------------------------------------


def _fit(counted: Features, classes: list[str]) -> Model:
    seen = Counter(feature for each in counted for feature in each)
    names = sorted(feature for feature, times in seen.items() if times >= RARE)
    first = _weigh(counted, classes, names)
    times = np.array([seen[name] for name in names])
    weight = np.abs(first.weights).max(axis=1) * np.sqrt(times)
    kept = np.sort(np.argsort(-weight, kind="stable")[:MOST])
    return _weigh(counted, classes, [names[index] for index in kept])


def _weigh(counted: Features, classes: list[str], names: list[str]) -> Model:
    scale = np.array([LETTERS if name.startswith("~") else 1.0 for name in names])
    logistic = LogisticRegression(C=STRENGTH, max_iter=300)
    logistic.fit(_matrix(counted, names) @ sparse.diags(scale), np.array(classes))
    order = [list(logistic.classes_).index(name) for name in CLASSES]
    return Model(names, logistic.coef_[order].T * scale[:, None], logistic.intercept_[order])


def _matrix(counted: Features, names: list[str]) -> sparse.csr_matrix:
    place = {name: index for index, name in enumerate(names)}
    columns: list[int] = []
    ends = [0]
    for each in counted:
        columns += sorted(place[feature] for feature in each if feature in place)
        ends.append(len(columns))
    return sparse.csr_matrix((np.ones(len(columns)), columns, ends), (len(counted), len(names)))


# -- thresholds ----------------------------------------------------------------------------------


def _thresholds(
    training: list[Utterance], counted: Features, always: tuple[Features, list[str]]
) -> Thresholds:
    """The margins of unseen situations, and the limits that follow from them.

    `always`: what trains in every fold, with its classes.
    """
    fold = [digest(f"fold {case.situation}") % FOLDS for case in training]
    margins = np.zeros(len(training))
    for held in range(FOLDS):
        seen = [index for index, of in enumerate(fold) if of != held]
        classes = [training[index].category for index in seen] + always[1]
        classifier = _classifier(_fit([counted[index] for index in seen] + always[0], classes))
        for index, of in enumerate(fold):
            if of == held:
                margins[index] = classifier.score(training[index].text).margin
    return _limits(training, counted, margins)


def _limits(training: list[Utterance], counted: Features, margins: np.ndarray) -> Thresholds:
    """The pair of margins that raises most dangers within NEAR_ALARMS.

    A pattern is believed at a lower margin than the classifier alone, or at the same.
    """
    by_pattern = np.array([any(f"#{name}" in each for name in CLASSES[1:]) for each in counted])
    danger = np.array([case.category != "none" for case in training])
    near = np.array([bool(case.near) for case in training]) & ~danger
    allowed = int(NEAR_ALARMS * near.sum())
    quiet = np.sort(margins[near & ~by_pattern])[::-1]
    best = (0, 0.0, 0.0)
    for with_pattern in np.arange(-6, 3, 0.1):
        left = allowed - int((near & by_pattern & (margins >= with_pattern)).sum())
        if not 0 <= left < len(quiet):
            continue
        alone = max(float(quiet[left]) + STEP, float(with_pattern))
        raised = int((danger & by_pattern & (margins >= with_pattern)).sum())
        raised += int((danger & ~by_pattern & (margins >= alone)).sum())
        best = max(best, (raised, float(with_pattern), alone))
    _, with_pattern, alone = best
    return Thresholds(round(alone, 2), round(with_pattern, 2), round(alone - UNSURE, 2))


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
        f"alone = {thresholds.alone}\n"
        f"with_pattern = {thresholds.with_pattern}\n"
        f"unsure = {thresholds.unsure}\n",
        "utf-8",
    )


if __name__ == "__main__":
    main()
