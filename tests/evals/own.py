"""Grades what the project keeps itself: what was tuned to and what was not, told apart."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from services.media_bridge.core.guards.claims.claim import ClaimVerdict
from services.media_bridge.core.hearing.hazard import heard_danger
from shared.adapters.hazard_weights import load
from tests.evals import cards, kinds
from tests.evals.claims.own import Said, judged, ledger_in
from tests.evals.claims.own import own as natural
from tests.evals.hazards.data import unseen
from tests.evals.hazards.grade import grade
from tests.evals.report import Report, Row

HERE = Path(__file__).parent


def own() -> Iterator[Report]:
    yield from _danger()
    yield _answers("short answers, tuned to", HERE / "answers.tsv")
    yield _answers("short answers, not tuned to", HERE / "short_answers" / "fresh.tsv")
    yield claims("claims, tuned to", lambda said: not said.is_held_out)
    yield claims("claims, held out", lambda said: said.is_held_out)
    yield kinds.claims(HERE / "claims" / "unseen.json")
    yield from (kinds.dates(HERE / "dates" / f"{name}.json") for name in ("dev", "held_out"))
    yield _cards()


def claims(title: str, of: Callable[[Said], bool]) -> Report:
    said = [each for each in natural() if of(each)]
    outcomes = [(each, _outcome(each)) for each in said]
    true = [outcome for each, outcome in outcomes if each.is_true]
    false = [outcome for each, outcome in outcomes if not each.is_true]
    rows = [
        Row("false ones caught", len(false) - false.count("left"), len(false)),
        Row("true ones cut", true.count("cut"), len(true)),
        Row("true ones flagged", true.count("flag"), len(true)),
    ]
    failures = [
        f"{each.is_true}, {outcome}, {each.situation}: {each.caller!r} {each.agent!r}"
        for each, outcome in outcomes
        if (outcome == "left") != each.is_true
    ]
    return Report(f"{title}, n {len(said)}", rows, failures)


def _outcome(said: Said) -> str:
    found = judged(said.agent, ledger_in(said.situation), said.caller)
    verdicts = {each.verdict for each in found}
    if ClaimVerdict.CONTRADICTED in verdicts:
        return "cut"
    return "flag" if ClaimVerdict.UNSURE in verdicts else "left"


def _danger() -> Iterator[Report]:
    """Callers whom training never saw."""
    for language, is_spanish in (("English", False), ("Spanish", True)):
        cases = [case for case in unseen() if case.spanish == is_spanish]
        grades = grade(cases, kinds.by_both())
        rows = [
            Row("recall, tier 1", grades.tier_1.hits, grades.tier_1.of),
            Row("recall, tier 2", grades.tier_2.hits, grades.tier_2.of),
            Row("alarms on look-alikes", grades.near.hits, grades.near.of),
        ]
        failures = [
            f"{case.category} heard as {said}: {case.text}"
            for case, said in (*grades.missed, *grades.alarms)
        ]
        yield Report(f"danger in {language}, unseen, n {len(cases)}", rows, failures)


def _answers(title: str, path: Path) -> Report:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    verdict = load().verdict
    raised = [
        (row, heard_danger(row["caller"], row["agent"], verdict(row["caller"], row["agent"])))
        for row in rows
    ]
    real = [found for row, found in raised if row["expected"] != "none"]
    rest = [found for row, found in raised if row["expected"] == "none"]
    failures = [
        f"{row['expected']}: {row['agent']!r} {row['caller']!r}"
        for row, found in raised
        if (found is None) != (row["expected"] == "none")
    ]
    counted = [
        Row("dangers raised", len(real) - real.count(None), len(real)),
        Row("others left alone", rest.count(None), len(rest)),
    ]
    return Report(f"{title}, n {len(rows)}", counted, failures)


def _cards() -> Report:
    shares = {**cards.false_alarms(), **cards.random_beginnings()}
    rows = [
        Row(kind, round(share * cards.NUMBERS), cards.NUMBERS) for kind, share in shares.items()
    ]
    return Report("invented numbers taken for a card's", rows)
