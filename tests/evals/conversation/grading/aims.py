"""What `make evals` asks for, of the paraphrasing model on the project's own scenarios."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shared import businesses
from tests.evals.conversation.grading.grade import Grade
from tests.evals.conversation.grading.tally import Tally
from tests.evals.conversation.stage.sound import timed

SPEC = "spec"  # the scenario of the specification's own call
OF_SPEC = "coolcare_hvac"  # its business
WPM = 160


@dataclass(frozen=True, slots=True)
class Aim:
    """`figure` is None where nothing was measured, which misses the aim."""

    name: str
    figure: float | None
    limit: float
    at_most: bool = True

    @property
    def is_met(self) -> bool:
        if self.figure is None:
            return False
        return self.figure <= self.limit if self.at_most else self.figure >= self.limit


def aims(tally: Tally) -> list[Aim]:
    """Every aim and how far it is met."""
    lengths = tally.lengths()
    rows = {row.name: row for row in tally.shares()}
    return [
        *_of_spec([grade for grade in tally.grades if grade.scenario == SPEC]),
        Aim("a new business's disclosure, s", longest_disclosure_s(), 5),
        Aim("words of a turn, median", lengths["turn_words_p50"], 14),
        Aim("words of a turn, p90", lengths["turn_words_p90"], 25),
        Aim("words of a turn, longest", lengths["turn_words_max"], 35),
        Aim("first word, s, p50", lengths["first_word_s_p50"], 0.9),
        Aim("first word, s, p95", lengths["first_word_s_p95"], 1.6),
        Aim("first word behind a tool, s, p95", lengths["behind_a_tool_s_p95"], 2.2),
        Aim("recitals begun once", rows["recitals begun once"].share, 0.99, at_most=False),
        Aim("begun again in one call", max((g.begun_again for g in tally.built), default=None), 1),
        Aim("rows right", rows["rows right"].share, 0.95, at_most=False),
        Aim("bookable calls booked", rows["bookable calls booked"].share, 0.9, at_most=False),
    ]


def longest_disclosure_s() -> float:
    """Of the examples that a new business copies; the specification's own is as long as it is."""
    files = sorted(Path(businesses.__file__).parent.glob("*.toml"))
    found = [businesses.load(path) for path in files]
    return max(timed(b.wording.disclosure, WPM).ms for b in found if b.id != OF_SPEC) / 1000


def _of_spec(grades: list[Grade]) -> Iterator[Aim]:
    """The worst of its runs counts."""
    booked = [g.booked_s for g in grades if g.booked_s is not None]
    yield Aim("spec's call booked after, s", max(booked, default=None), 75)
    yield Aim("spec's call, agent's words", max((g.words for g in grades), default=None), 150)
    yield Aim("spec's call, questions", max((g.questions for g in grades), default=None), 7)
