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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from shared.adapters import hazard_weights
from shared.domain.hazards.classifier import (
    CLASSES,
    FEW_FEATURES,
    Classifier,
    Score,
    Thresholds,
)
from shared.domain.hazards.features import features
from shared.domain.linear import Linear
from shared.domain.models import LIFE_SAFETY, HazardCategory
from tests.evals import linear
from tests.evals.hazards.data import LIST, Utterance, digest, for_training, own, plain, public
from tests.evals.hazards.grade import SECOND
from tests.evals.hazards.report import write_report

SEED, FOLDS = 8, 5
PUBLIC = 16_000  # ordinary utterances that train
STRENGTH = 1.0  # inverse of the penalty on the squares of the weights
MOST = 16_000  # features kept
NEAR_ALARMS = 0.085  # allowed on look-alikes of writers that a fold has not seen
OTHER_RECALL = 0.89  # asked of the dangers that are not of life safety
UNSURE = 1.0  # how far below the lower threshold a question is worth asking

Features = list[set[str]]


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


# -- thresholds ----------------------------------------------------------------------------------


def fit(examples: Examples) -> Linear:
    return linear.fit(
        examples.counted,
        examples.classes,
        CLASSES,
        strength=STRENGTH,
        most=MOST,
        few=FEW_FEATURES,
    )


def by_fold(training: Examples, always: Examples) -> list[Score]:
    """The score of each, by weights that have not seen its situation.

    `always`: what trains in every fold.
    """
    fold = [digest(f"fold {case.situation}") % FOLDS for case in training.cases]
    scores: list[Score] = [Score(HazardCategory.GAS_LEAK, 0.0)] * len(fold)
    for held in range(FOLDS):
        seen = training.where([of != held for of in fold])
        model = fit(seen + always)
        classifier = Classifier(model.weights, Thresholds(0, 0, 0))
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


# -- files ---------------------------------------------------------------------------------------


def _write(model: Linear, thresholds: Thresholds) -> None:
    linear.write(hazard_weights.WEIGHTS, model)
    hazard_weights.THRESHOLDS.write_text(
        "# Margins, written by train.py; REPORT.md says what follows from them.\n"
        f"life_safety = {thresholds.life_safety}\n"
        f"other = {thresholds.other}\n"
        f"unsure = {thresholds.unsure}\n",
        "utf-8",
    )


if __name__ == "__main__":
    main()
