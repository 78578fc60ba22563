"""REPORT.md: what the data are, how well dangers are heard, and the weightiest features."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import perf_counter

from shared.domain.hazards.classifier import CLASSES, Classifier, Score
from shared.domain.hazards.detect import heard
from shared.domain.hazards.features import features
from tests.evals.hazards.data import LIST, Utterance, own, plain, unseen
from tests.evals.hazards.grade import Detector, by_patterns, grade

REPORT = Path(__file__).parent / "REPORT.md"
SHOWN = 25  # features of a class


def write_report(
    classifier: Classifier, ordinary: list[str], by_fold: Mapping[Utterance, Score]
) -> None:
    """`ordinary`: public utterances that did not train. `by_fold`: of all of this folder."""

    def both(text: str) -> str:
        return _said(text, classifier.verdict(text))

    scores = {case.text: score for case, score in by_fold.items()}

    def folded(text: str) -> str:
        return _said(text, classifier.judged(features(text), scores[text]))

    judged = [case for case in by_fold if LIST not in case.situation]
    parts = (_data(own()), _unseen(both), _folds(judged, folded), _public(ordinary, both),
             _limits(classifier), _time(classifier), _weights(classifier))  # fmt: skip
    REPORT.write_text("\n".join(line for part in parts for line in (*part, "")), "utf-8")


def _said(text: str, verdict: str) -> str:
    found = heard(text, verdict)
    return found.category.value if found else "none"


def _data(cases: list[Utterance]) -> Iterator[str]:
    yield "# How dangers are heard"
    yield ""
    yield "Written by `train.py`. Utterances that train, and the situations they are told of:"
    yield ""
    yield "| class | utterances | of them Spanish | situations |"
    yield "|---|---|---|---|"
    for name in (*CLASSES, "all"):
        of = [case for case in cases if name in (case.category, "all")]
        spanish = sum(case.spanish for case in of)
        yield f"| {name} | {len(of)} | {spanish} | {len({case.situation for case in of})} |"
    yield ""
    yield (
        f"Besides, {len(plain())} plain utterances of `../hazards.toml` and, as ordinary speech, "
        f"16,000 public ones train. {sum(LIST in case.situation for case in cases)} lines are "
        "short phrases by pattern (`list-`); the others were each written by itself."
    )


def _unseen(both: Detector) -> Iterator[str]:
    cases = unseen()
    yield "## Of invented callers"
    yield ""
    yield (
        f"The {len(cases)} utterances of `unseen` were written before the weights were made, in "
        "other voices. None trained; their totals were looked at while features were tried, so "
        "expect a little less of callers nobody has looked at."
    )
    for title, detector in (("Patterns alone", by_patterns), ("Patterns and classifier", both)):
        for language, of in (("English", False), ("Spanish", True)):
            yield ""
            yield f"{title}, {language}:"
            yield ""
            graded = grade([case for case in cases if case.spanish is of], detector)
            yield from (f"    {line}" for line in graded.lines())
    yield ""
    yield "| caller | tier 1 | tier 2 | alarms on what is near |"
    yield "|---|---|---|---|"
    for caller in sorted({case.situation for case in cases}):
        figures = grade([case for case in cases if case.situation == caller], both)
        name = caller.split("/")[1]
        yield f"| {name} | {figures.tier_1} | {figures.tier_2} | {figures.near} |"


def _folds(cases: list[Utterance], folded: Detector) -> Iterator[str]:
    yield "## On situations not seen"
    yield ""
    yield "Every utterance that trains, judged by weights that have not seen its situation:"
    yield ""
    yield from (f"    {line}" for line in grade(cases, folded).lines())
    yield ""
    yield "| category | raised at all | as itself | precision | alarms on what is near |"
    yield "|---|---|---|---|---|"
    answers = [(case, folded(case.text)) for case in cases]
    raised = Counter(said for _, said in answers)
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
        f"A danger to life is raised from a margin of {limits.life_safety}, another from "
        f"{limits.other}; from {limits.unsure}, or where a pattern has found one, the classifier "
        "is unsure, which raises nothing and is worth a question. They were chosen on the folds: "
        "nine in ten of the other dangers are raised, and of those to life as many as eight "
        "alarms on a hundred look-alikes leave room for. A miss costs more than an alarm, but "
        "where one caller in ten who only speaks of a gas stove is sent out of the house, nobody "
        "keeps the agent."
    )


def _time(classifier: Classifier) -> Iterator[str]:
    texts = [case.text for case in unseen()]
    yield "## Time"
    yield ""
    start = perf_counter()
    for text in texts:
        heard(text, classifier.verdict(text))
    each = (perf_counter() - start) / len(texts)
    yield f"Under a millisecond an utterance: {'yes' if each < 0.001 else 'no'}."


def _weights(classifier: Classifier) -> Iterator[str]:
    yield "## The weightiest features"
    for index, name in enumerate(CLASSES):
        ranked = sorted(classifier.weights.items(), key=lambda entry: (-entry[1][index], entry[0]))
        shown = ", ".join(f"`{feature}` {row[index]:.2f}" for feature, row in ranked[:SHOWN])
        yield ""
        yield f"**{name}**: {shown}"


def _share(hits: int, of: int) -> str:
    return f"{hits / of:.2f} ({hits} of {of})" if of else "-"
