"""How many wishes for a day are read right: `python -m tests.evals.dates FILE... [-v]`.

A file is a list of objects with now, tz, said and expected (and id, situation). What is expected is
null, or one reading `{date, date_to, earliest, latest}` in local time: `date_to` is a date for a
range with both ends, "open" for one without an end; `except` are days left out, `exact` marks one
clock time, `loose` a part of the day, whose bounds may be an hour off or left open. `ambiguous`
holds two readings: asking is right, and so is saying one of them back with weekday and date.
`any_of` are alternatives. Where no day was named, the day may be left open.

Printed are n, how many are right, how many of those that stand for two readings were asked, how
many were asked without need, and with -v the misses.
"""

import argparse
import json
import sys
from pathlib import Path

from tests.evals.dates.grade import measure


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("-v", action="store_true", help="print the misses")
    options = parser.parse_args(arguments)
    for path in options.files:
        score = measure(json.loads(path.read_text("utf-8")))
        print(f"{path.name}: n {score.n}, right {score.right} ({score.share:.3f})")
        print(f"  wrong {score.n - score.right}, asked needlessly {score.asked_needlessly}")
        print(f"  two readings stand in {score.two_readings}, asked {score.asked}")
        if options.v:
            for situation, counted in sorted(score.by_situation.items()):
                print(f"  {situation}: {counted['right']} of {counted['n']}")
            print("\n".join(score.misses))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
