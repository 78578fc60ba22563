"""Linear models fitted with scikit-learn and written as lists that can be read.

Needs the dependency group `training`.
"""

from collections import Counter
from collections.abc import Sequence, Set
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from sklearn.linear_model import LogisticRegression

from shared.domain.linear import BIAS, FEW, LETTERS, Linear, share

RARE = 2  # features of fewer texts are not looked at


def fit(
    counted: Sequence[Set[str]],
    classes: Sequence[str],
    order: tuple[str, ...],
    *,
    strength: float,
    most: int | None = None,
    few: float = FEW,
) -> Linear:
    """The model of texts that have these features and classes. `strength` is the inverse of the
    penalty on the squares of the weights. Of the features the `most` that weigh most are kept, and
    weighed anew."""
    times = Counter(feature for each in counted for feature in each)
    names = sorted(feature for feature, count in times.items() if count >= RARE)
    model = _weigh(counted, classes, order, names, strength, few)
    if most is None or len(names) <= most:
        return model
    weight = [
        max(map(abs, model.weights.get(name, (0.0,)))) * np.sqrt(times[name]) for name in names
    ]
    kept = np.sort(np.argsort(-np.array(weight), kind="stable")[:most])
    return _weigh(counted, classes, order, [names[at] for at in kept], strength, few)


def _weigh(
    counted: Sequence[Set[str]],
    classes: Sequence[str],
    order: tuple[str, ...],
    names: list[str],
    strength: float,
    few: float,
) -> Linear:
    scale = np.array([LETTERS if name[0] == "~" else 1.0 for name in names])
    logistic = LogisticRegression(C=strength, max_iter=400)
    logistic.fit(_matrix(counted, names, few) @ sparse.diags(scale), np.array(classes))
    columns = [list(logistic.classes_).index(name) for name in order]
    weights = (logistic.coef_[columns].T * scale[:, None]).round(2)
    rows = zip(names, map(tuple, weights.tolist()), strict=True)
    kept = {name: row for name, row in rows if any(row)}
    return Linear(order, kept | {BIAS: tuple(logistic.intercept_[columns].round(2).tolist())})


def _matrix(counted: Sequence[Set[str]], names: list[str], few: float) -> sparse.csr_matrix:
    place = {name: index for index, name in enumerate(names)}
    rows = [sorted(place[feature] for feature in each if feature in place) for each in counted]
    shares = (share(each, few) for each in counted)
    values = [part for part, row in zip(shares, rows, strict=True) for _ in row]
    ends = np.cumsum([0, *map(len, rows)])
    return sparse.csr_matrix(
        (values, [at for row in rows for at in row], ends), (len(rows), len(names))
    )


def write(path: Path, model: Linear) -> None:
    lines = ["\t".join(("feature", *model.classes))]
    for feature in sorted(model.weights):
        cells = (f"{weight:.2f}" for weight in model.weights[feature])
        lines.append(
            "\t".join((feature, *("" if cell in {"0.00", "-0.00"} else cell for cell in cells)))
        )
    path.write_text("\n".join(lines) + "\n", "utf-8")
