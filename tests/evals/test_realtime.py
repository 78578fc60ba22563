"""`make evals` with a model behind a key: OpenAI itself cannot be asked here.

What answers is the project's Realtime server, in text mode, at an address and with a key of the
user's, over real sockets.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.simulator.realtime import RealtimeServer
from services.simulator.speech import open_speech
from services.simulator.stack.environment import OPENAI, RealModel
from tests.evals.conversation.__main__ import main, own
from tests.evals.conversation.live.asked import (
    MOST_SCENARIOS,
    MOST_USD,
    NotBegun,
    Plan,
    check,
    clips_usd,
    model_of,
    spread,
)
from tests.evals.conversation.live.run import LiveRun

ROOT = Path(__file__).parents[2]
KEY = "sk-a-key-of-nobody"
LONGEST_S = 120
BY_ID = {scenario.id: scenario for scenario in own()}
PERSON, BOOKS = "N04", "P03"
ENVIRON = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}


@asynccontextmanager
async def answering() -> AsyncIterator[str]:
    """The address of a model."""
    server = RealtimeServer(open_speech("text"))
    try:
        yield await server.start()
    finally:
        await server.stop()


async def evals(*arguments: str, answer: str = "", **environ: str) -> tuple[int, str, str]:
    """The command as a user runs it: how it ends, and what it prints to either side."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.evals.conversation", "--model", "realtime", *arguments),
        cwd=ROOT,
        env=kept | environ,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(answer.encode()), LONGEST_S)
    return process.returncode or 0, out.decode(), err.decode()


# -- played --------------------------------------------------------------------------------------


@pytest.mark.stack
def test_a_scenario_is_played_through_real_sockets_and_graded_as_the_others_are(
    tmp_path: Path,
) -> None:
    async def with_model() -> tuple[int, str, str]:
        async with answering() as url:
            return await evals(
                *("--text", "--only", PERSON, "--runs", "1", "--json", "--yes"),
                *("--failures", str(tmp_path)),
                OPENAI_API_KEY=KEY,
                OPENAI_BASE_URL=url,
            )

    code, out, err = asyncio.run(with_model())
    (report,) = json.loads(out)

    assert code == 0, err
    assert "answers 1 calls (1 scenarios, 1 each)" in err
    assert f"{PERSON} 1: passed" in err
    assert KEY not in out + err
    assert report["model"] == "realtime"
    assert (report["pass_1"]["hits"], report["pass_k"]["name"]) == (1, "pass^1")
    (call,) = report["calls"]
    assert (call["passed"], call["wrong"], call["protocol_errors"]) == (True, [], [])
    assert call["agent_words"] > 20
    assert call["cost_usd"]["model"] > 0
    assert report["lengths"]["first_word_s_p50"] > 0


@pytest.mark.stack
def test_a_run_ends_in_the_call_in_which_the_bound_is_reached_and_keeps_what_was_graded() -> None:
    """The first call is cheap; the second, of a caller who books, passes the bound half way."""
    told: list[str] = []
    scenarios = (BY_ID[PERSON], BY_ID[BOOKS], BY_ID["P01"])
    bound = clips_usd() + 0.08

    async def with_model() -> LiveRun:
        async with answering() as url:
            plan = Plan(scenarios, 1, most_usd=bound)
            live = LiveRun(plan, RealModel(KEY, url), open_speech("text"), told.append)
            await asyncio.wait_for(asyncio.to_thread(live.play), LONGEST_S)
            return live

    live = asyncio.run(with_model())

    assert [each.scenario for each in live.grades] == [PERSON]
    assert live.stopped == f"{live.spent_usd:.2f} dollars are spent: the bound is reached"
    assert bound <= live.spent_usd < bound + 0.05
    assert len(told) == 1


# -- not begun -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "environ", "says"),
    [
        (["--text"], {}, "OPENAI_API_KEY is not set"),
        (["--text"], {"OPENAI_API_KEY": " "}, "OPENAI_API_KEY is not set"),
        (["--text", "--yes"], {"OPENAI_API_KEY": KEY}, "OpenAI hears sound"),
        (["--text", "--yes", "--runs", "9"], ENVIRON, "for 540 calls, and --most-usd is 50.00"),
        (["--text", "--yes", "--most-usd", "0.3", "--only", PERSON], ENVIRON, "--most-usd is 0.30"),
    ],
)
def test_nothing_begins_without_a_key_or_above_the_bound(
    arguments: list[str],
    environ: dict[str, str],
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--model", "realtime", *arguments], environ) == 2
    printed = capsys.readouterr()

    assert printed.out == ""
    assert says in printed.err
    assert KEY not in printed.err


def test_the_bound_is_an_amount(capsys: pytest.CaptureFixture[str]) -> None:
    for amount in ("nan", "0", "-1", "fifty"):
        with pytest.raises(SystemExit):
            main(["--model", "realtime", "--most-usd", amount], ENVIRON)
        assert "dollars are wanted" in capsys.readouterr().err


def test_what_it_costs_is_said_before_the_question_and_nothing_begins_without_a_yes() -> None:
    code, out, err = asyncio.run(evals("--text", answer="no\n", **ENVIRON))

    assert (code, out) == (2, "")
    assert "nothing was played: answer yes, or add --yes" in err
    assert err.index("http://127.0.0.1:1/v1 answers 180 calls") < err.index("Begin? yes or no")
    assert "It stops at 50.00 dollars measured" in err


def test_sixty_scenarios_three_times_stay_below_fifty_dollars() -> None:
    chosen = spread(own())
    plan = Plan(tuple(chosen), 3, MOST_USD)

    assert len(chosen) == MOST_SCENARIOS == 60
    assert not any(each.needs for each in chosen)
    assert {each.counted_as for each in chosen} == {e.counted_as for e in own() if not e.needs}
    assert 30 < plan.usd <= MOST_USD
    check(plan)


def test_openai_is_never_asked_in_text_mode() -> None:
    assert model_of({"OPENAI_API_KEY": KEY}, "voice").url == OPENAI
    with pytest.raises(NotBegun, match="hears sound"):
        model_of({"OPENAI_API_KEY": KEY}, "text")
