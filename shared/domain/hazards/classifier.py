"""Danger in words that no pattern foresaw: a linear classifier with readable weights.

Every feature of an utterance adds its weights, one for each danger and one for none. The margin is
the logarithm of the odds that there is some danger, on the scale of the training set, and the
danger is the one with the most weight. `tests/evals/hazards/train.py` makes the weights;
`shared/adapters/hazard_weights` holds them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log

from shared.domain.hazards.features import features
from shared.domain.models import HazardCategory

NONE, UNSURE = "none", "unsure"
CLASSES = (NONE, *(category.value for category in HazardCategory))
BIAS = "(bias)"  # the entry that every utterance has


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Margins from which a danger is raised."""

    alone: float  # where no pattern has found one
    with_pattern: float
    unsure: float  # from here to `alone`: worth a question


@dataclass(frozen=True, slots=True)
class Score:
    category: HazardCategory  # the likeliest danger, whatever the margin
    margin: float  # natural logarithm of the odds that there is any


@dataclass(frozen=True, slots=True)
class Classifier:
    """Weights by feature, in the order of CLASSES. Features that are not in it weigh nothing."""

    weights: Mapping[str, tuple[float, ...]]
    thresholds: Thresholds

    def score(self, text: str) -> Score:
        return self._score(features(text))

    def verdict(self, text: str) -> str:
        """A danger's name, "none", or "unsure"."""
        found = features(text)
        score, limits = self._score(found), self.thresholds
        raised_by_pattern = any(f"#{name}" in found for name in CLASSES[1:])
        if score.margin >= (limits.with_pattern if raised_by_pattern else limits.alone):
            return score.category.value
        return UNSURE if raised_by_pattern or score.margin >= limits.unsure else NONE

    def _score(self, found: set[str]) -> Score:
        sums = list(self.weights[BIAS])
        # Sorted, so that the same words always give the same sum to the last digit.
        for feature in sorted(found & self.weights.keys()):
            for index, weight in enumerate(self.weights[feature]):
                sums[index] += weight
        dangers = sums[1:]
        highest = max(dangers)
        odds = highest + log(sum(exp(each - highest) for each in dangers)) - sums[0]
        return Score(HazardCategory(CLASSES[1 + dangers.index(highest)]), odds)
