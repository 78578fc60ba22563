"""Train what reads short answers: `python -m tests.evals.short_answers.train`.

Needs the dependency group `training`. Writes questions.tsv, answers.tsv and judge.toml of
`shared/adapters/hazard_weights`; the same data and lock give the same bytes. The judge is trained
on odds of models that have not seen the exchange it is asked about, and so are the figures that
are printed; what is not told.tsv never trains.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from shared.adapters import hazard_weights
from shared.domain.hazards.classifier import Classifier
from shared.domain.hazards.features import features
from shared.domain.hazards.short_answers import (
    ASKS,
    SAYS,
    answer_features,
    evidence,
    question_features,
)
from shared.domain.linear import BIAS, Linear
from tests.evals import linear
from tests.evals.short_answers.data import Exchange, told

SEED, FOLDS = 8, 5
STRENGTH = 3.0  # inverse of the penalty on the squares of the weights
MOST = 15_000  # features kept of each model
LEFT_ALONE = 0.95  # asked of the exchanges without danger


@dataclass(frozen=True, slots=True)
class Readers:
    questions: Linear
    answers: Linear


def main() -> None:
    exchanges = told()
    random.Random(SEED).shuffle(exchanges)
    classifier = hazard_weights.load_classifier()
    seen = by_fold(exchanges, classifier)
    names = sorted({name for each in seen for name in each})
    real = np.array([each.expected != "none" for each in exchanges])
    odds = _by_fold(_table(seen, names), real)
    limit = float(np.quantile(odds[~real], LEFT_ALONE))
    print(
        f"{len(exchanges)} exchanges; limit {limit:.2f}: raised {np.mean(odds[real] >= limit):.3f},"
        f" left alone {np.mean(odds[~real] < limit):.3f}"
    )
    judge = _logistic(_table(seen, names), real)
    readers = fit(exchanges)
    linear.write(hazard_weights.QUESTIONS, readers.questions)
    linear.write(hazard_weights.ANSWERS, readers.answers)
    weights = dict(zip(names, judge.coef_[0].tolist(), strict=True)) | {BIAS: judge.intercept_[0]}
    hazard_weights.JUDGE.write_text(
        "# What an exchange weighs, written by tests/evals/short_answers/train.py.\n"
        f"limit = {limit:.2f}\n\n[weights]\n"
        + "".join(f'"{name}" = {weights[name]:.2f}\n' for name in sorted(weights)),
        "utf-8",
    )


def fit(exchanges: Sequence[Exchange]) -> Readers:
    return Readers(
        linear.fit(
            [question_features(e.agent) for e in exchanges],
            [e.asks for e in exchanges],
            ASKS,
            strength=STRENGTH,
            most=MOST,
        ),
        linear.fit(
            [answer_features(e.caller, features(e.caller)) for e in exchanges],
            [e.says for e in exchanges],
            SAYS,
            strength=STRENGTH,
            most=MOST,
        ),
    )


def by_fold(exchanges: Sequence[Exchange], classifier: Classifier) -> list[dict[str, float]]:
    """The evidence of each, by readers that have not seen it."""
    seen: list[dict[str, float]] = [{} for _ in exchanges]
    for held in range(FOLDS):
        readers = fit([each for at, each in enumerate(exchanges) if at % FOLDS != held])
        for at in range(held, len(exchanges), FOLDS):
            one = exchanges[at]
            seen[at] = evidence(
                one.agent,
                one.caller,
                readers.questions.odds(question_features(one.agent)),
                readers.answers.odds(answer_features(one.caller, features(one.caller))),
                classifier.score(one.caller),
            )
    return seen


def _by_fold(table: np.ndarray, real: np.ndarray) -> np.ndarray:
    odds = np.zeros(len(real))
    for held in range(FOLDS):
        of_fold = np.arange(len(real)) % FOLDS == held
        judge = _logistic(table[~of_fold], real[~of_fold])
        odds[of_fold] = judge.predict_proba(table[of_fold])[:, 1]
    return odds


def _logistic(table: np.ndarray, real: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=2000).fit(table, real)


def _table(seen: list[dict[str, float]], names: list[str]) -> np.ndarray:
    return np.array([[each.get(name, 0.0) for name in names] for each in seen])


if __name__ == "__main__":
    main()
