"""Grades the public sets in a folder: ordinary speech, cards, dates, addresses, yes and no.

Which files are read is told by their names, as docs/evals.md lists them; nothing of them is kept.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from services.media_bridge.core.hearing.assent import is_yes
from tests.evals import addresses
from tests.evals.cards import alarms_in, sentences
from tests.evals.dates.public import compared
from tests.evals.hazards.data import for_training
from tests.evals.hazards.data import public as ordinary
from tests.evals.kinds import by_both
from tests.evals.report import Report, Row
from tests.evals.shapes import BadFile


def public(folder: Path) -> Iterator[Report]:
    """A report for each set there is.

    Raises:
        BadFile: it is no folder, or has none of the sets.
    """
    if not folder.is_dir():
        raise BadFile(f"{folder}: no such folder")
    reports = [
        report
        for grade in (_danger, _cards, compared, addresses.reports, _yes_and_no)
        for report in grade(folder)
    ]
    if not reports:
        raise BadFile(f"{folder}: none of the public sets is in it")
    yield from reports


def _danger(folder: Path) -> Iterator[Report]:
    """Alarms in ordinary speech, of the half that may not train the classifier."""
    texts = [text for text in ordinary(folder) if not for_training(text)]
    if not texts:
        return
    detector = by_both()
    alarms = [text for text in texts if detector(text) != "none"]
    rate = 10_000 * len(alarms) / len(texts)
    title = f"danger in ordinary speech, {rate:.1f} alarms per 10,000 (read them before counting)"
    yield Report(title, [Row("alarms", len(alarms), len(texts))], alarms)


def _cards(folder: Path) -> Iterator[Report]:
    count, alone, in_calls = alarms_in(sentences(folder))
    if count:
        rows = [
            Row("alarms, each sentence alone", len(alone), count),
            Row("more, as turns of random calls", len(in_calls), count),
        ]
        yield Report("card numbers where there is none", rows, [*alone, *in_calls])


def _yes_and_no(folder: Path) -> Iterator[Report]:
    """A plain yes is to be a yes to a read-back; their maybes count as no yes."""
    for path in sorted(folder.glob("recognizers_Boolean*.json")):
        yes = heard = no = false = 0
        failures = []
        for row in json.loads(path.read_text("utf-8-sig")):
            results = row["Results"]
            meant = bool(results) and all(each["Resolution"]["value"] for each in results)
            said = is_yes(row["Input"], "")
            yes, heard = yes + meant, heard + (meant and said)
            no, false = no + (not meant), false + (said and not meant)
            if meant != said:
                failures.append(f"{'yes' if meant else 'no yes'}: {row['Input']!r}")
        rows = [Row("a yes is one", heard, yes), Row("taken for a yes, and none", false, no)]
        yield Report(f"yes to a read-back, {path.name}", rows, failures)
