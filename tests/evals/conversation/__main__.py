"""The conversation benchmark: `python -m tests.evals.conversation`.

Plays the project's scenarios with every model, or those of --file, or --random N calls of invented
callers; prints shares with their 95 % intervals, lengths, and what guards did without cause. Ends
with 1 where an aim is missed (the project's own scenarios alone have aims), with 2 on a bad file.

--model realtime plays them over real sockets with the model that OPENAI_API_KEY pays for: it says
what that comes to, asks, and ends with 2 where it may not begin, with 1 where it ends too soon.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from services.simulator.receptionist import Receptionist
from services.simulator.speech import Mode, SpeechUnavailable, open_speech
from services.simulator.stack.environment import CACHE
from tests.evals.conversation.agents.adversary import Adversary
from tests.evals.conversation.agents.paraphraser import Paraphraser
from tests.evals.conversation.call import MakesAgent, play
from tests.evals.conversation.grading import page
from tests.evals.conversation.grading.aims import Aim, aims
from tests.evals.conversation.grading.grade import Grade, grade
from tests.evals.conversation.grading.tally import Tally
from tests.evals.conversation.live import asked as planned
from tests.evals.conversation.live.run import REALTIME, LiveRun
from tests.evals.conversation.random_calls import invented
from tests.evals.conversation.scenario import Scenario, load
from tests.evals.conversation.stage.played import Played
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


def paid(
    options: argparse.Namespace, scenarios: Sequence[Scenario], environ: Mapping[str, str]
) -> LiveRun:
    """The run with the model of the user's key, once they have said yes to what it costs.

    Raises:
        NotBegun: without a key, above --most-usd, or without a yes.
        SpeechUnavailable: there is neither ear nor voice here, and --text was not asked for.
    """
    mode: Mode = "text" if options.text else "voice"
    model = planned.model_of(environ, mode)
    is_own = options.file is None and options.random is None and options.only is None
    chosen = planned.spread(scenarios) if is_own else scenarios
    runs = 1 if options.random is not None else options.runs
    plan = planned.Plan(tuple(chosen), runs, options.most_usd)
    planned.check(plan)
    speech = open_speech(mode, CACHE)
    _tell(plan.said(model, mode))
    if not options.yes and not _says_yes():
        raise planned.NotBegun("nothing was played: answer yes, or add --yes")

    def failed(graded: Grade, call: Played) -> None:
        if options.failures is not None:
            page.write_page(options.failures, graded, call)

    return LiveRun(plan, model, speech, _tell, failed)


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _says_yes() -> bool:
    print("Begin? yes or no: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    options = _parser().parse_args(arguments)
    try:
        scenarios = _scenarios(options)
        if options.failures is not None:
            options.failures.mkdir(parents=True, exist_ok=True)
        run = paid(options, scenarios, environ) if REALTIME in (options.model or ()) else None
    except (BadFile, OSError, planned.NotBegun, SpeechUnavailable) as exc:
        print(exc, file=sys.stderr)
        return 2
    has_aims = options.file is None and options.random is None and options.only is None
    runs = 1 if options.random is not None else options.runs
    done: list[tuple[Tally, list[Aim]]] = []
    for model in options.model or ([MEASURED] if options.random is not None else MODELS):
        if model == REALTIME and run is not None:
            tally = run.play()
        else:
            tally = played(scenarios, model, runs, options.failures, first_seed=options.seed)
        asked = aims(tally) if has_aims and model == MEASURED else []
        done.append((tally, asked))
        if not options.json:
            print(*page.lines(tally, asked, verbose=options.verbose), sep="\n")
    if options.json:
        print(page.as_json(done))
    if run is not None and run.stopped:
        _tell(f"stopped: {run.stopped}")
        return 1
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
        "--model", action="append", choices=(*MODELS, REALTIME), help="only this one; again: also"
    )
    asked.add_argument("--only", action="append", metavar="ID", help="only this scenario")
    asked.add_argument("--runs", type=_number, default=RUNS, metavar="K", help=f"of each [{RUNS}]")
    asked.add_argument("--seed", type=_number, default=1, metavar="S", help="the first [1]")
    asked.add_argument("--failures", type=Path, metavar="DIR", help="write their transcripts there")
    live = asked.add_argument_group(f"with --model {REALTIME}")
    live.add_argument("--most-usd", type=_dollars, default=planned.MOST_USD, metavar="USD",
                      help=f"what it may cost [{planned.MOST_USD:g}]")  # fmt: skip
    live.add_argument("--yes", action="store_true", help="do not ask before it begins")
    live.add_argument("--text", action="store_true", help="words as data, for a stand-in's ears")
    asked.add_argument("--json", action="store_true", help="print JSON")
    asked.add_argument("-v", "--verbose", action="store_true", help="print what went wrong")
    return asked


def _dollars(text: str) -> float:
    try:
        if 0 < float(text) <= 10_000:
            return float(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError("dollars are wanted, more than 0 and at most 10000")


def _number(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 100_000:
        raise argparse.ArgumentTypeError("a whole number from 1 to 100000 is wanted")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
