"""The conversation benchmark: `python -m tests.evals.conversation`.

Plays the project's scenarios with every model, or those of --file, or --random N calls of invented
callers; prints shares with their 95 % intervals, lengths, and what guards did without cause. Ends
with 1 where an aim is missed (the project's own scenarios alone have aims), with 2 on a bad file.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from services.simulator.receptionist import Receptionist
from tests.evals.conversation.agents.adversary import Adversary
from tests.evals.conversation.agents.paraphraser import Paraphraser
from tests.evals.conversation.call import MakesAgent, play
from tests.evals.conversation.grading import page
from tests.evals.conversation.grading.aims import Aim, aims
from tests.evals.conversation.grading.grade import Grade, grade
from tests.evals.conversation.grading.tally import Tally
from tests.evals.conversation.random_calls import invented
from tests.evals.conversation.scenario import Scenario, load
from tests.evals.shapes import BadFile

SCENARIOS = Path(__file__).parents[1] / "scenarios"
RUNS = 3
MODELS: Mapping[str, MakesAgent] = {
    "receptionist": lambda understands, chance: Receptionist(),
    "paraphrasing": Paraphraser,
    Adversary.NAME: Adversary,
}
MEASURED = "paraphrasing"  # the model that aims are for


def own() -> list[Scenario]:
    """The project's scenarios."""
    return [each for path in sorted(SCENARIOS.glob("*.json")) for each in load(path)]


def played(
    scenarios: Sequence[Scenario],
    model: str,
    runs: int,
    failures: Path | None = None,
    *,
    first_seed: int = 1,
) -> Tally:
    """Every scenario played so often with one model, each time with the next seed."""
    grades: list[Grade] = []
    for scenario in scenarios:
        for seed in range(first_seed, first_seed + runs):
            call = play(scenario, MODELS[model], seed)
            graded = grade(call, model, seed)
            grades.append(graded)
            if failures is not None and (not graded.passed or graded.misfires):
                page.write_page(failures, graded, call)
    return Tally(model, tuple(grades))


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        scenarios = _scenarios(options)
        if options.failures is not None:
            options.failures.mkdir(parents=True, exist_ok=True)
    except (BadFile, OSError) as exc:
        print(exc, file=sys.stderr)
        return 2
    has_aims = options.file is None and options.random is None and options.only is None
    runs = 1 if options.random is not None else options.runs
    done: list[tuple[Tally, list[Aim]]] = []
    for model in options.model or ([MEASURED] if options.random is not None else MODELS):
        tally = played(scenarios, model, runs, options.failures, first_seed=options.seed)
        asked = aims(tally) if has_aims and model == MEASURED else []
        done.append((tally, asked))
        if not options.json:
            print(*page.lines(tally, asked, verbose=options.verbose), sep="\n")
    if options.json:
        print(page.as_json(done))
    return 0 if all(aim.is_met for _, asked in done for aim in asked) else 1


def _scenarios(options: argparse.Namespace) -> list[Scenario]:
    """What is to be played.

    Raises:
        BadFile: the file cannot be read, or nothing in it is called so.
    """
    if options.random is not None:
        return invented(options.random, options.seed)
    found = load(options.file) if options.file is not None else own()
    chosen = [each for each in found if options.only is None or each.id in options.only]
    if not chosen:
        raise BadFile(f"no scenario is called {' or '.join(options.only or [])}")
    return chosen


def _parser() -> argparse.ArgumentParser:
    asked = argparse.ArgumentParser(
        prog="python -m tests.evals.conversation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = asked.add_mutually_exclusive_group()
    what.add_argument("--file", type=Path, metavar="FILE", help="scenarios of your own")
    what.add_argument("--random", type=_number, metavar="N", help="so many invented callers")
    asked.add_argument(
        "--model", action="append", choices=MODELS, help="only this one; again: also"
    )
    asked.add_argument("--only", action="append", metavar="ID", help="only this scenario")
    asked.add_argument("--runs", type=_number, default=RUNS, metavar="K", help=f"of each [{RUNS}]")
    asked.add_argument("--seed", type=_number, default=1, metavar="S", help="the first [1]")
    asked.add_argument("--failures", type=Path, metavar="DIR", help="write their transcripts there")
    asked.add_argument("--json", action="store_true", help="print JSON")
    asked.add_argument("-v", "--verbose", action="store_true", help="print what went wrong")
    return asked


def _number(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 100_000:
        raise argparse.ArgumentTypeError("a whole number from 1 to 100000 is wanted")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
