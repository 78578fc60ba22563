"""Grades a labelled file by its kind. The shapes are in `shapes`, what counts is told here."""

from collections.abc import Callable, Mapping
from pathlib import Path

from services.media_bridge.core.guards.claims.claim import ClaimVerdict, Judged
from services.media_bridge.core.hearing.hazard import heard_danger
from shared.adapters.hazard_weights import load, load_classifier
from shared.domain.hazards.detect import heard
from tests.evals.claims.facts_of import ledger_of
from tests.evals.claims.own import judged
from tests.evals.dates.grade import measure
from tests.evals.hazards.data import Utterance
from tests.evals.hazards.grade import Detector, grade
from tests.evals.report import Report, Row
from tests.evals.shapes import AnswerCase, BadFile, ClaimCase, DangerCase, DateCase, cases


def by_both() -> Detector:
    """The patterns and the classifier, as a call hears."""
    classifier = load_classifier()

    def detector(text: str) -> str:
        found = heard(text, classifier.verdict(text))
        return found.category.value if found else "none"

    return detector


def danger(path: Path) -> Report:
    """Recall of tier 1 asks for any tier-1 danger, of tier 2 for any danger."""
    utterances = [
        Utterance(
            case.text,
            case.expected or "none",
            case.near or "",
            also_ok=tuple(each or "none" for each in case.also_ok),
        )
        for case in cases(path, DangerCase)
    ]
    grades = grade(utterances, by_both())
    found = grades.tier_1.hits + grades.tier_2.hits
    rows = [
        Row("recall, tier 1", grades.tier_1.hits, grades.tier_1.of),
        Row("recall, tier 2", grades.tier_2.hits, grades.tier_2.of),
        Row("precision", found, found + len(grades.alarms)),
        Row("alarms on look-alikes", grades.near.hits, grades.near.of),
        Row("alarms on the rest", grades.other.hits, grades.other.of),
    ]
    failures = [
        f"{case.category} heard as {said}: {case.text}"
        for case, said in (*grades.missed, *grades.alarms)
    ]
    return Report(f"danger, {path.name}, n {len(utterances)}", rows, failures)


def claims(path: Path) -> Report:
    """False sentences are to be caught, cut or flagged; true ones left alone."""
    found = cases(path, ClaimCase)
    for at, case in enumerate(found, 1):
        try:
            ledger_of(case)
        except ValueError as exc:
            raise BadFile(f"{path}: record {at} (id {case.id}), field tools: {exc}") from exc
    report = Report(f"claims, {path.name}, n {len(found)}", [])
    false, true = (_claims(found, report, expected) for expected in ("unsupported", "supported"))
    caught, disturbed = false["cut"] + false["flag"], true["cut"] + true["flag"]
    n_false, n_true = sum(false.values()), sum(true.values())
    report.rows += [
        Row("false ones caught", caught, n_false),
        Row("false ones cut", false["cut"], n_false),
        Row("precision", caught, caught + disturbed),
        Row("true ones cut", true["cut"], n_true),
        Row("true ones flagged", true["flag"], n_true),
    ]
    for kind in sorted({case.kind for case in found if case.expected == "unsupported"}):
        of_kind = [c for c in found if c.kind == kind and c.expected == "unsupported"]
        hits = sum(_outcome(_judged(case)) != "left" for case in of_kind)
        report.rows.append(Row(f"  caught, {kind or 'no kind'}", hits, len(of_kind)))
    return report


def _claims(found: list[ClaimCase], report: Report, expected: str) -> dict[str, int]:
    counts = {"cut": 0, "flag": 0, "left": 0}
    for case in found:
        if case.expected != expected:
            continue
        judged = _judged(case)
        outcome = _outcome(judged)
        counts[outcome] += 1
        if (outcome == "left") == (expected == "unsupported"):
            why = ", ".join(f"{each.kind} {each.said!r} {each.verdict}" for each in judged)
            report.failures.append(
                f"{case.id} {expected}, {outcome}: {case.caller_last or ''!r} {case.said!r}"
                f" ({why or 'no claim read'})"
            )
    return counts


def _judged(case: ClaimCase) -> tuple[Judged, ...]:
    return judged(case.said, ledger_of(case), case.caller_last or "")


def _outcome(judged: tuple[Judged, ...]) -> str:
    verdicts = {each.verdict for each in judged}
    if ClaimVerdict.CONTRADICTED in verdicts:
        return "cut"
    return "flag" if ClaimVerdict.UNSURE in verdicts else "left"


def answers(path: Path) -> Report:
    """Real dangers are to be raised, whatever they are called; all else is to be left alone."""
    found, models = cases(path, AnswerCase), load()
    real = alone = raised = right = 0
    failures = []
    for case in found:
        hazard = heard_danger(case.caller, case.agent, models.verdict(case.caller, case.agent))
        said = None if hazard is None else hazard.category
        if case.expected is None:
            alone += said is None
        else:
            real, raised = real + 1, raised + (said is not None)
            right += said == case.expected
        if (said is None) != (case.expected is None):
            failures.append(
                f"{case.id} {case.expected} raised as {said}: {case.agent!r} {case.caller!r}"
            )
    rows = [
        Row("dangers raised", raised, real),
        Row("others left alone", alone, len(found) - real),
        Row("precision", raised, raised + len(found) - real - alone),
        Row("right category, of the raised", right, raised),
    ]
    return Report(f"answers, {path.name}, n {len(found)}", rows, failures)


def dates(path: Path) -> Report:
    """A reading is right when it is the same; where two stand, asking is right, too."""
    found = cases(path, DateCase)
    score = measure([case.model_dump() | {"now": case.now.isoformat()} for case in found])
    rows = [
        Row("right", score.right, score.n),
        Row("asked, where two readings stand", score.asked, score.two_readings),
        Row("asked needlessly", score.asked_needlessly, score.n - score.two_readings),
    ]
    return Report(f"dates, {path.name}, n {score.n}", rows, score.misses)


KINDS: Mapping[str, Callable[[Path], Report]] = {
    "danger": danger,
    "claims": claims,
    "answers": answers,
    "dates": dates,
    "sentences": claims,  # natural ones, in the shape of claims
}
