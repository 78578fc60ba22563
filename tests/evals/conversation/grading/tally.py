"""What many graded calls of one model tell: shares with their intervals, lengths, causes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from tests.evals.conversation.grading.grade import Grade
from tests.evals.report import Row

NOT_BUILT = "needs what is not built"


def percentile(values: Sequence[float], share: float) -> float | None:
    """The nearest-rank percentile; None of nothing."""
    if not values:
        return None
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


@dataclass(frozen=True, slots=True)
class Tally:
    """The graded calls of one model."""

    model: str
    grades: tuple[Grade, ...]

    @property
    def built(self) -> tuple[Grade, ...]:
        """The calls that can be served as the product is."""
        return tuple(grade for grade in self.grades if not grade.needs)

    def by_class(self) -> Mapping[str, list[Grade]]:
        """The calls by what they are counted as; those that cannot be served yet in one class."""
        found: dict[str, list[Grade]] = {}
        for grade in self.grades:
            found.setdefault(NOT_BUILT if grade.needs else grade.counted_as, []).append(grade)
        return {name: found[name] for name in sorted(found, key=lambda n: (n == NOT_BUILT, n))}

    # -- shares -----------------------------------------------------------------------------

    def shares(self) -> list[Row]:
        """What is asked of all calls that can be served."""
        calls = self.built
        bookable = [grade for grade in calls if grade.bookable]
        figures = [grade.figures for grade in calls]
        once = sum(grade.recitals - grade.begun_again for grade in calls)
        return [
            Row("rows right", sum(not grade.wrong for grade in calls), len(calls)),
            Row("bookable calls booked", sum(grade.booked for grade in bookable), len(bookable)),
            Row("no wrong job", sum(not grade.wrong_row for grade in calls), len(calls)),
            Row("nothing forbidden heard", sum(not grade.forbidden for grade in calls), len(calls)),
            Row("figures said", sum(said for said, _ in figures), sum(of for _, of in figures)),
            Row("ended as calls end", sum(grade.completed for grade in calls), len(calls)),
            Row("no request refused", sum(not g.protocol_errors for g in calls), len(calls)),
            Row("recitals begun once", once, sum(grade.recitals for grade in calls)),
            Row("no wording twice", sum(not grade.twice for grade in calls), len(calls)),
            Row("no guard misfired", sum(not grade.misfires for grade in calls), len(calls)),
            Row("no turn flagged", sum(not grade.flagged for grade in calls), len(calls)),
        ]

    def misfires(self) -> list[Row]:
        """Calls in which a guard went off without cause: all of them, then by kind."""
        calls = self.grades
        kinds = Counter({"evacuated": 0, "cut": 0, "refused": 0})
        kinds.update(kind for grade in calls for kind in {m.kind for m in grade.misfires})
        disturbed = Row("any, calls disturbed", sum(bool(g.misfires) for g in calls), len(calls))
        return [disturbed, *(Row(kind, n, len(calls)) for kind, n in kinds.most_common())]

    def lies(self) -> list[Row]:
        """Of the falsehoods that were heard or stopped: those that did not stand, by kind."""
        fates: dict[str, Counter[str]] = {}
        for grade in self.grades:
            for kind, fate in grade.lies:
                if fate != "unheard":
                    fates.setdefault(kind, Counter())[fate] += 1
        rows = [
            Row(kind, counted.total() - counted["let through"], counted.total())
            for kind, counted in sorted(fates.items())
        ]
        every = sum(fates.values(), Counter[str]())
        stopped = every["cut"] + every["corrected"]
        total = [
            Row("caught", every.total() - every["let through"], every.total()),
            Row("cut before they were heard, of those stopped", every["cut"], stopped),
        ]
        return [*total, *rows] if every else []

    # -- lengths ----------------------------------------------------------------------------

    def lengths(self) -> dict[str, float | None]:
        """Of the booked calls: their length in seconds, the agent's words and questions, the words
        of its turns; of all calls the wait for its first word, in seconds."""
        booked = [grade for grade in self.built if grade.booked]
        turns = [float(words) for grade in booked for words in grade.turns]
        direct, behind = (
            [
                ms / 1000
                for grade in self.grades
                for ms, tool in grade.latencies
                if tool is is_behind
            ]
            for is_behind in (False, True)
        )
        return {
            "booked_s_p50": percentile([g.booked_s for g in booked if g.booked_s is not None], 0.5),
            "booked_s_p90": percentile([g.booked_s for g in booked if g.booked_s is not None], 0.9),
            "call_s_p50": percentile([grade.length_s for grade in booked], 0.5),
            "call_s_p90": percentile([grade.length_s for grade in booked], 0.9),
            "agent_words_p50": percentile([float(grade.words) for grade in booked], 0.5),
            "questions_p50": percentile([float(grade.questions) for grade in booked], 0.5),
            "turn_words_p50": percentile(turns, 0.5),
            "turn_words_p90": percentile(turns, 0.9),
            "turn_words_max": max(turns, default=None),
            "first_word_s_p50": percentile(direct, 0.5),
            "first_word_s_p95": percentile(direct, 0.95),
            "behind_a_tool_s_p50": percentile(behind, 0.5),
            "behind_a_tool_s_p95": percentile(behind, 0.95),
        }

    def costs(self) -> dict[str, float | None]:
        """What a booked call costs in US dollars, an estimate by list prices: the median of all of
        it, its nine tenths, and the medians of its parts."""
        costs = [grade.cost for grade in self.built if grade.booked]
        return {
            "call_usd_p50": percentile([cost.total for cost in costs], 0.5),
            "call_usd_p90": percentile([cost.total for cost in costs], 0.9),
            "model_usd_p50": percentile([cost.model for cost in costs], 0.5),
            "phone_usd_p50": percentile([cost.phone for cost in costs], 0.5),
            "texts_usd_p50": percentile([cost.texts for cost in costs], 0.5),
        }


def pass_1(grades: Iterable[Grade]) -> Row:
    """The share of calls that passed."""
    calls = list(grades)
    return Row("pass^1", sum(grade.passed for grade in calls), len(calls))


def pass_k(grades: Iterable[Grade]) -> Row:
    """The share of scenarios that passed every time; one that was played less often than others is
    left out."""
    runs: dict[str, list[bool]] = {}
    for grade in grades:
        runs.setdefault(grade.scenario, []).append(grade.passed)
    k = max(map(len, runs.values()), default=0)
    whole = [each for each in runs.values() if len(each) == k]
    return Row(f"pass^{k}", sum(all(each) for each in whole), len(whole))
