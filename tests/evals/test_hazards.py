"""How well dangers are heard by callers the weights were not made on must not sink."""

from collections.abc import Callable
from time import perf_counter

import pytest

from tests.evals.hazards.data import HERE, labelled, own, plain, unseen
from tests.evals.hazards.grade import grade
from tests.evals.kinds import by_both as both


def test_callers_that_training_never_saw_are_heard_as_well_as_reported(
    capsys: pytest.CaptureFixture[str],
) -> None:
    english = grade([case for case in unseen() if not case.spanish], both())
    with capsys.disabled():
        print("\nhazards unseen:", *english.lines(), sep="\n  ")
    assert english.tier_1.value >= 0.90
    assert english.tier_2.value >= 0.85
    assert english.category.value >= 0.90
    assert english.near.value <= 0.09
    assert english.other.value <= 0.05


def test_danger_told_in_spanish_is_heard_and_its_look_alikes_are_left_alone() -> None:
    spanish = grade([case for case in unseen() if case.spanish], both())
    assert spanish.tier_1.value >= 0.80 and spanish.tier_2.value >= 0.80
    assert spanish.near.value <= 0.10


def test_plain_dangers_are_heard_as_by_the_patterns() -> None:
    grades = grade(plain(), both())
    assert grades.tier_1.value >= 0.99, grades.missed
    assert grades.other.value <= 0.01, grades.alarms


def test_the_utterances_are_labelled_once_and_the_unseen_do_not_train() -> None:
    cases, kept = own(), unseen()
    assert len(cases) >= 12_000 and len(kept) >= 500
    assert len({case.text.lower() for case in (*cases, *kept)}) == len(cases) + len(kept)


def test_no_utterance_that_is_only_measured_trains() -> None:
    fresh = {case.text.lower() for case in labelled(HERE / "fresh.json")}
    assert len(fresh) >= 450
    assert not fresh & {case.text.lower() for case in (*own(), *plain())}


def test_an_utterance_takes_less_than_a_millisecond(
    record_property: Callable[[str, object], None],
) -> None:
    detector, texts = both(), [case.text for case in unseen()]
    rounds = []
    for _ in range(3):
        start = perf_counter()
        for text in texts:
            detector(text)
        rounds.append((perf_counter() - start) / len(texts))
    record_property("hazards", f"{min(rounds) * 1e6:.0f} microseconds an utterance")
    assert min(rounds) < 0.001
