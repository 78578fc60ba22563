"""Train what reads short answers: `python -m tests.evals.short_answers.train`.

Needs the dependency group `training`. Writes questions.tsv, answers.tsv and judge.toml of
`shared/adapters/hazard_weights`; the same data and lock give the same bytes. The judge is trained
on odds of models that have not seen the exchange it is asked about, and so are the figures that
are printed; what is not told.tsv never trains.
"""

import random
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from sklearn.linear_model import LogisticRegression

from shared.adapters import hazard_weights
from shared.domain.hazards.classifier import BIAS, LETTERS, Classifier, share
from shared.domain.hazards.features import features
from shared.domain.hazards.short_answers import (
    ASKS,
    FEW,
    SAYS,
    Linear,
    answer_features,
    evidence,
    question_features,
)
from tests.evals.short_answers.data import Exchange, told

SEED, FOLDS = 8, 5
STRENGTH = 3.0  # inverse of the penalty on the squares of the weights
RARE = 2  # features of fewer exchanges are not looked at
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
    _write("questions.tsv", readers.questions)
    _write("answers.tsv", readers.answers)
    weights = dict(zip(names, judge.coef_[0].tolist(), strict=True)) | {BIAS: judge.intercept_[0]}
    hazard_weights.JUDGE.write_text(
        "# What an exchange weighs, written by tests/evals/short_answers/train.py.\n"
        f"limit = {limit:.2f}\n\n[weights]\n"
        + "".join(f'"{name}" = {weights[name]:.2f}\n' for name in sorted(weights)),
        "utf-8",
    )


def fit(exchanges: Sequence[Exchange]) -> Readers:
    return Readers(
        _linear([question_features(e.agent) for e in exchanges], [e.asks for e in exchanges], ASKS),
        _linear(
            [answer_features(e.caller, features(e.caller)) for e in exchanges],
            [e.says for e in exchanges],
            SAYS,
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


def _linear(counted: Sequence[Set[str]], classes: list[str], order: tuple[str, ...]) -> Linear:
    times = Counter(feature for each in counted for feature in each)
    names = sorted(feature for feature, count in times.items() if count >= RARE)
    scale = np.array([LETTERS if name.startswith("~") else 1.0 for name in names])
    logistic = LogisticRegression(C=STRENGTH, max_iter=400)
    logistic.fit(_matrix(counted, names) @ sparse.diags(scale), np.array(classes))
    columns = [list(logistic.classes_).index(name) for name in order]
    weights = logistic.coef_[columns].T * scale[:, None]
    rows = zip(names, map(tuple, weights.round(2).tolist()), strict=True)
    kept = {name: row for name, row in rows if any(row)}
    return Linear(order, kept | {BIAS: tuple(logistic.intercept_[columns].round(2).tolist())})


def _matrix(counted: Sequence[Set[str]], names: list[str]) -> sparse.csr_matrix:
    place = {name: index for index, name in enumerate(names)}
    rows = [sorted(place[feature] for feature in each if feature in place) for each in counted]
    values = [share(each, FEW) for each, row in zip(counted, rows, strict=True) for _ in row]
    ends = np.cumsum([0, *map(len, rows)])
    return sparse.csr_matrix(
        (values, [at for row in rows for at in row], ends), (len(rows), len(names))
    )


def _write(name: str, model: Linear) -> None:
    lines = ["\t".join(("feature", *model.classes))]
    for feature in sorted(model.weights):
        cells = (f"{weight:.2f}" for weight in model.weights[feature])
        lines.append(
            "\t".join((feature, *("" if cell in {"0.00", "-0.00"} else cell for cell in cells)))
        )
    (hazard_weights.FOLDER / name).write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
