"""Danger in words that no pattern foresaw: a linear classifier with readable weights.

Every feature of an utterance adds its weights, one for each danger and one for none, so much the
less of each the more features there are: a long story weighs no more than a cry. The margin is the
logarithm of the odds that there is some danger, on the scale of the training set, and the danger is
the one with the most weight. `tests/evals/hazards/train.py` makes the weights;
`shared/adapters/hazard_weights` holds them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import exp, log

from shared.domain.hazards.features import features
from shared.domain.linear import share, weighed
from shared.domain.models import LIFE_SAFETY, HazardCategory

NONE, UNSURE = "none", "unsure"
CLASSES = (NONE, *(category.value for category in HazardCategory))
_NUMBERS = ("[number ", "[time]")  # what begins so names no more than that
FEW_FEATURES = 16.0  # of two or three words


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Margins."""

    life_safety: float  # from which such a danger is raised
    other: float  # from which one of the others is
    unsure: float  # from here up to them: worth a question


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
        return self.score_of(features(text))

    def verdict(self, text: str) -> str:
        """A danger's name, "none", or "unsure"; what a pattern has found is never "none"."""
        found = features(text)
        return self.judged(found, self.score_of(found))

    def judged(self, found: set[str], score: Score) -> str:
        """The verdict on an utterance of these features, scored so."""
        limits = self.thresholds
        first = score.category in LIFE_SAFETY
        if score.margin >= (limits.life_safety if first else limits.other):
            return UNSURE if _says_nothing(found) else score.category.value
        raised_by_pattern = any(f"#{name}" in found for name in CLASSES[1:])
        return UNSURE if raised_by_pattern or score.margin >= limits.unsure else NONE

    def score_of(self, found: set[str]) -> Score:
        """Of an utterance of which the features are these."""
        sums = weighed(self.weights, found, share(found, FEW_FEATURES))
        dangers = sums[1:]
        highest = max(dangers)
        odds = highest + log(sum(exp(each - highest) for each in dangers)) - sums[0]
        return Score(HazardCategory(CLASSES[1 + dangers.index(highest)]), odds)


def _says_nothing(found: Collection[str]) -> bool:
    """A few words that name nothing, or only numbers: "and now it's cheaper" and "tonight, nine to
    eleven" send nobody out of the house."""
    named = (feature for feature in found if feature[0] in "[#")
    return share(found, FEW_FEATURES) > 1.0 and all(each.startswith(_NUMBERS) for each in named)
