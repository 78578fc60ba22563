"""REPORT.md: what the data are, how well dangers are heard, and the weightiest features."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from shared.domain.hazards.classifier import CLASSES, Classifier
from shared.domain.hazards.detect import heard
from tests.evals.hazards.__main__ import by_patterns
from tests.evals.hazards.data import LIST, Utterance, own, plain
from tests.evals.hazards.grade import Detector, grade

REPORT = Path(__file__).parent / "REPORT.md"
SHOWN = 25  # features of a class


def write_report(classifier: Classifier, ordinary: list[str]) -> None:
    """`ordinary`: public utterances that did not train."""

    def both(text: str) -> str:
        found = heard(text, classifier.verdict(text))
        return found.category.value if found else "none"

    cases = own()
    held = [case for case in cases if case.held_out]
    parts = (_data(cases), _figures(held, both), _classes(held, both), _public(ordinary, both),
             _limits(classifier), _weights(classifier))  # fmt: skip
    REPORT.write_text("\n".join(line for part in parts for line in (*part, "")), "utf-8")


def _data(cases: list[Utterance]) -> Iterator[str]:
    yield "# How dangers are heard"
    yield ""
    yield "Written by `train.py`. Utterances and situations, and those held out of training:"
    yield ""
    yield "| class | utterances | held out | situations |"
    yield "|---|---|---|---|"
    for name in CLASSES:
        of = [case for case in cases if case.category == name]
        held = sum(case.held_out for case in of)
        yield f"| {name} | {len(of)} | {held} | {len({case.situation for case in of})} |"
    held = sum(case.held_out for case in cases)
    yield f"| all | {len(cases)} | {held} | {len({case.situation for case in cases})} |"
    yield ""
    lists = sum(LIST in case.situation for case in cases)
    yield (
        f"Besides, {len(plain())} plain utterances of `../hazards.toml` and 8,000 public ones, as "
        f"ordinary speech, train. {lists} lines are short phrases by pattern (`list-`), which only "
        "train; the others were each written by itself."
    )


def _figures(held: list[Utterance], both: Detector) -> Iterator[str]:
    yield "## On situations held out"
    for title, detector in (("Patterns alone", by_patterns), ("Patterns and classifier", both)):
        yield ""
        yield f"{title}:"
        yield ""
        yield from (f"    {line}" for line in grade(held, detector).lines())
    yield ""
    yield "The same hands wrote both parts. Expect less on callers written by others."


def _classes(held: list[Utterance], both: Detector) -> Iterator[str]:
    answers = [(case, both(case.text)) for case in held]
    raised = Counter(said for _, said in answers)
    yield "| category | raised at all | as itself | precision | alarms on what is near |"
    yield "|---|---|---|---|---|"
    for name in CLASSES[1:]:
        of = [said for case, said in answers if case.category == name]
        near = [said for case, said in answers if case.near == name and case.category == "none"]
        yield (
            f"| {name} | {_share(sum(said != 'none' for said in of), len(of))} "
            f"| {_share(of.count(name), len(of))} | {_share(of.count(name), raised[name])} "
            f"| {_share(sum(said != 'none' for said in near), len(near))} |"
        )


def _public(ordinary: list[str], both: Detector) -> Iterator[str]:
    alarms = sum(both(text) != "none" for text in ordinary)
    yield "## In ordinary speech"
    yield ""
    yield (
        f"{10_000 * alarms / len(ordinary):.1f} alarms per 10,000: {alarms} of the {len(ordinary)} "
        "public utterances that did not train."
    )


def _limits(classifier: Classifier) -> Iterator[str]:
    limits = classifier.thresholds
    yield "## Thresholds"
    yield ""
    yield (
        f"A danger is raised from a margin of {limits.alone}, where a pattern has found one from "
        f"{limits.with_pattern}; from {limits.unsure} the classifier is unsure. They were chosen "
        "on folds of the training part by situation: the pair that raises most dangers while ten "
        "look-alikes in a hundred raise one. A miss costs more than an alarm, but where one caller "
        "in ten who only speaks of a gas stove is sent out of the house, nobody keeps the agent."
    )


def _weights(classifier: Classifier) -> Iterator[str]:
    yield "## The weightiest features"
    for index, name in enumerate(CLASSES):
        ranked = sorted(classifier.weights.items(), key=lambda entry: (-entry[1][index], entry[0]))
        shown = ", ".join(f"`{feature}` {row[index]:.2f}" for feature, row in ranked[:SHOWN])
        yield ""
        yield f"**{name}**: {shown}"


def _share(hits: int, of: int) -> str:
    return f"{hits / of:.2f} ({hits} of {of})" if of else "-"
