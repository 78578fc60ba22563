"""Grade labelled sentences: `python -m tests.evals file KIND FILE`, `public DIR` or `own`.

file: a file of one of the shapes of docs/evals.md. public: the public sets in DIR. own: what the
project keeps itself, the held-out parts apart. -v prints the failures, --json all of it as JSON.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.evals.kinds import KINDS
from tests.evals.own import own
from tests.evals.public import public
from tests.evals.report import Report, as_json
from tests.evals.shapes import BadFile


def main(arguments: Sequence[str] | None = None) -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.evals", description=__doc__)
    whats = asked.add_subparsers(dest="what", required=True)
    file = whats.add_parser("file", help="grade a labelled file")
    file.add_argument("kind", choices=KINDS)
    file.add_argument("path", type=Path, metavar="FILE")
    folder = whats.add_parser("public", help="grade the public sets in a folder")
    folder.add_argument("path", type=Path, metavar="DIR")
    kept = whats.add_parser("own", help="grade what the project keeps itself")
    for each in (file, folder, kept):
        each.add_argument("-v", "--verbose", action="store_true", help="print the failures")
        each.add_argument("--json", action="store_true", help="print JSON")
    options = asked.parse_args(arguments)
    try:
        reports = _reports(options)
    except BadFile as exc:
        print(exc, file=sys.stderr)
        return 2
    if options.json:
        print(as_json(reports))
    else:
        for report in reports:
            print(*report.lines(verbose=options.verbose), sep="\n")
    return 0


def _reports(options: argparse.Namespace) -> list[Report]:
    if options.what == "file":
        return [KINDS[options.kind](options.path)]
    return list(own() if options.what == "own" else public(options.path))


if __name__ == "__main__":
    sys.exit(main())
