"""Linear models in plain Python, with weights that can be read: sums of features, and odds of them.

Every feature adds its weights, one for each class, so much the less of each the more features there
are: a long story weighs no more than a cry.
"""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from math import exp, fsum, sqrt

BIAS = "(bias)"  # the entry that every text has
LETTERS = 0.5  # what one run of letters ("~monox") counts, where anything else counts 1
FEW = 9.0  # features of an answer of a word
_USUAL = 36.0  # features of a short sentence


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights by feature, in the order of `classes`. Features not in it weigh nothing."""

    classes: tuple[str, ...]
    weights: Mapping[str, tuple[float, ...]]

    def odds(self, found: Set[str]) -> tuple[float, ...]:
        """The probability of each class."""
        sums = weighed(self.weights, found, share(found, FEW))
        highest = max(sums)
        powers = [exp(each - highest) for each in sums]
        whole = sum(powers)
        return tuple(power / whole for power in powers)


def share(found: Collection[str], few: float) -> float:
    """How much of its weight each feature adds, where these are all there are. `few` of them, and
    less, are counted as so many."""
    letters = sum(feature[0] == "~" for feature in found)
    return sqrt(_USUAL / max(few, len(found) - letters + letters * LETTERS**2))


def weighed(
    weights: Mapping[str, tuple[float, ...]], found: Collection[str], part: float
) -> list[float]:
    """For each class what `part` of the features' weights add up to, with the bias."""
    counted = [weights[feature] for feature in found if feature in weights]
    # Exact sums: the same words give the same one whatever the order of a set.
    sums = map(fsum, zip(*counted, strict=True)) if counted else (0.0,) * len(weights[BIAS])
    return [bias + part * each for bias, each in zip(weights[BIAS], sums, strict=True)]
