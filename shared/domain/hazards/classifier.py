"""Danger in words that no pattern foresaw: a linear classifier with readable weights.

Every feature of an utterance adds its weights, one for each danger and one for none, so much the
less of each the more features there are: a long story weighs no more than a cry. The margin is the
logarithm of the odds that there is some danger, on the scale of the training set, and the danger is
the one with the most weight. `tests/evals/hazards/train.py` makes the weights;
`shared/adapters/hazard_weights` holds them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import exp, fsum, log, sqrt

from shared.domain.hazards.features import features
from shared.domain.models import LIFE_SAFETY, HazardCategory

NONE, UNSURE = "none", "unsure"
CLASSES = (NONE, *(category.value for category in HazardCategory))
BIAS = "(bias)"  # the entry that every utterance has
LETTERS = 0.5  # what one run of letters counts, where anything else counts 1
_NUMBERS = ("[number ", "[time]")  # what begins so names no more than that
_USUAL, _FEW = 36.0, 16.0  # features of a short sentence, and of two or three words


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
        sums = weighed(self.weights, found, share(found))
        dangers = sums[1:]
        highest = max(dangers)
        odds = highest + log(sum(exp(each - highest) for each in dangers)) - sums[0]
        return Score(HazardCategory(CLASSES[1 + dangers.index(highest)]), odds)


def _says_nothing(found: Collection[str]) -> bool:
    """A few words that name nothing, or only numbers: "and now it's cheaper" and "tonight, nine to
    eleven" send nobody out of the house."""
    named = (feature for feature in found if feature[0] in "[#")
    return share(found) > 1.0 and all(each.startswith(_NUMBERS) for each in named)


def share(found: Collection[str], few: float = _FEW) -> float:
    """How much of its weight each feature adds, where these are all there are. `few` of them, and
    less, are counted as so many."""
    letters = sum(feature.startswith("~") for feature in found)
    return sqrt(_USUAL / max(few, len(found) - letters + letters * LETTERS**2))


def weighed(
    weights: Mapping[str, tuple[float, ...]], found: Collection[str], part: float
) -> list[float]:
    """For each class what `part` of the features' weights add up to, with the bias."""
    counted = [weights[feature] for feature in found if feature in weights]
    # Exact sums: the same words give the same one whatever the order of a set.
    sums = map(fsum, zip(*counted, strict=True)) if counted else (0.0,) * len(weights[BIAS])
    return [bias + part * each for bias, each in zip(weights[BIAS], sums, strict=True)]
