"""Figures of a detector on labelled utterances."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shared.domain.hazards.detect import detect
from shared.domain.models import LIFE_SAFETY, HazardCategory
from tests.evals.hazards.data import Utterance

Detector = Callable[[str], str]  # a hazard's name or "none"
FIRST = frozenset(category.value for category in LIFE_SAFETY)
SECOND = frozenset(category.value for category in HazardCategory) - FIRST


def by_patterns(text: str) -> str:
    found = detect(text)
    return found.category.value if found else "none"


@dataclass(frozen=True, slots=True)
class Share:
    hits: int
    of: int

    @property
    def value(self) -> float:
        return self.hits / self.of if self.of else 0.0

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.hits} of {self.of})" if self.of else "- (none)"


@dataclass(slots=True)
class Grades:
    """What a detector made of a set; `missed` and `alarms` are pairs of utterance and answer."""

    tier_1: Share
    tier_2: Share
    category: Share  # the right one, of the dangers that were raised
    spanish: Share
    near: Share  # alarms, on look-alikes
    other: Share  # alarms, on the rest
    missed: list[tuple[Utterance, str]] = field(default_factory=list)
    alarms: list[tuple[Utterance, str]] = field(default_factory=list)

    def lines(self) -> list[str]:
        return [
            f"tier-1 recall    {self.tier_1}",
            f"tier-2 recall    {self.tier_2}",
            f"right category   {self.category}",
            f"Spanish recall   {self.spanish}",
            f"alarms, near     {self.near}",
            f"alarms, other    {self.other}",
        ]


def grade(cases: Sequence[Utterance], detector: Detector) -> Grades:
    """Recall of tier 1 asks for any tier-1 danger, of tier 2 for any danger."""
    answers = [(case, detector(case.text)) for case in cases]
    dangers = [(case, said) for case, said in answers if case.category != "none"]
    harmless = [(case, said) for case, said in answers if case.category == "none"]
    raised = [(case, said) for case, said in dangers if said != "none"]
    return Grades(
        tier_1=_share(dangers, lambda case: case.category in FIRST, _found),
        tier_2=_share(dangers, lambda case: case.category in SECOND, _found),
        category=_share(raised, lambda _: True, _right),
        spanish=_share(dangers, lambda case: case.spanish, _found),
        near=_share(harmless, lambda case: bool(case.near), _alarm),
        other=_share(harmless, lambda case: not case.near, _alarm),
        missed=[pair for pair in dangers if not _found(*pair)],
        alarms=[pair for pair in harmless if _alarm(*pair)],
    )


def misses(grades: Grades) -> Counter[str]:
    return Counter(case.category for case, _ in grades.missed)


def _found(case: Utterance, said: str) -> bool:
    if said in case.also_ok:
        return True
    return said in FIRST if case.category in FIRST else said != "none"


def _right(case: Utterance, said: str) -> bool:
    return said == case.category or said in case.also_ok


def _alarm(case: Utterance, said: str) -> bool:
    return said != "none" and said not in case.also_ok


def _share(
    answers: Sequence[tuple[Utterance, str]],
    counts: Callable[[Utterance], bool],
    hit: Callable[[Utterance, str], bool],
) -> Share:
    counted = [(case, said) for case, said in answers if counts(case)]
    return Share(sum(hit(case, said) for case, said in counted), len(counted))
