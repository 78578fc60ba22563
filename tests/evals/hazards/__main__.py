"""Grade the hearing of dangers: `python -m tests.evals.hazards [FILE...] [--public DIR] [-v]`.

Without FILE, the utterances of invented callers in `unseen`, English and Spanish apart. FILE is a
JSON list of objects with text, expected (a hazard's name or null), also_ok and near. `--public DIR`
counts the alarms in the ordinary speech of the public sets in DIR, those left out of training.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from shared.adapters.hazard_weights import load
from shared.domain.hazards.detect import detect, heard
from tests.evals.hazards.data import Utterance, for_training, labelled, public, unseen
from tests.evals.hazards.grade import Detector, Grades, grade, misses


def main(argv: Sequence[str] | None = None) -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.evals.hazards", description=__doc__)
    asked.add_argument("files", nargs="*", type=Path)
    asked.add_argument("--public", type=Path)
    asked.add_argument("-v", "--verbose", action="store_true", help="print what was missed")
    chosen = asked.parse_args(argv)
    detectors = {"patterns alone": by_patterns, "patterns and classifier": both()}
    sets = {str(path): labelled(path) for path in chosen.files}
    if not sets and not chosen.public:
        sets["unseen, English"] = [case for case in unseen() if not case.spanish]
        sets["unseen, Spanish"] = [case for case in unseen() if case.spanish]
    for name, cases in sets.items():
        for title, detector in detectors.items():
            _print(f"{name}, {title}", grade(cases, detector), chosen.verbose)
    if chosen.public:
        _print_public(public(chosen.public), detectors, chosen.verbose)


def by_patterns(text: str) -> str:
    found = detect(text)
    return found.category.value if found else "none"


def both() -> Detector:
    classifier = load()

    def detector(text: str) -> str:
        found = heard(text, classifier.verdict(text))
        return found.category.value if found else "none"

    return detector


def _print(title: str, grades: Grades, verbose: bool) -> None:
    print(f"\n{title}", *grades.lines(), sep="\n  ")
    if not verbose:
        return
    print("  missed:", ", ".join(f"{name} {count}" for name, count in misses(grades).items()))
    for case, said in (*grades.missed, *grades.alarms):
        print(f"  {_wanted(case)} | {said} | {case.text}")


def _wanted(case: Utterance) -> str:
    return case.category if case.category != "none" else f"none, near {case.near or 'nothing'}"


def _print_public(texts: list[str], detectors: dict[str, Detector], verbose: bool) -> None:
    measured = [text for text in texts if not for_training(text)]
    for title, detector in detectors.items():
        alarms = [text for text in measured if detector(text) != "none"]
        rate = 10_000 * len(alarms) / len(measured)
        print(f"\npublic, {title}: {rate:.1f} alarms per 10,000 of {len(measured)}")
        if verbose:
            print(*alarms, sep="\n")


if __name__ == "__main__":
    main()
