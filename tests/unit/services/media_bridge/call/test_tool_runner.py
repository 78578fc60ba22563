"""Tools run in threads within their limits; one tool can be run by hand."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.media_bridge.call.backend import CallBackend, Clock, Dependencies, TokenRejected
from services.media_bridge.call.setup import ModelVoice
from services.media_bridge.call.tool_runner import METRIC_OF, Toolbox
from services.media_bridge.core import commands as do
from services.media_bridge.wire.realtime.tool_arguments import parsed
from shared.actions.ports import Ports
from shared.businesses import by_id
from shared.domain.stream_token import TokenClaims
from shared.schema import METRICS
from shared.tools.dispatch import ToolReply
from tests.fakes import FakeMetrics, fake_ports
from tests.unit.services.media_bridge.world import (
    NOW,
    SECRET,
    FakeShelf,
    played,
    soon,
)

Answers = list[tuple[str, ToolReply | None, int]]


class Asked:
    """A toolbox whose one tool waits for `release`, and what came of it."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.release = threading.Event()
        self.answers: Answers = []
        self.metrics = FakeMetrics()
        self.box = Toolbox(self._use, self._answered, pool, self.metrics, "coolcare_hvac")

    def _use(self, command: do.RunTool) -> ToolReply:
        self.release.wait(5)
        if command.arguments is None:
            raise ValueError("a bug")
        return ToolReply({"name": command.name})

    def _answered(self, command: do.RunTool, reply: ToolReply | None, took_ms: int) -> None:
        self.answers.append((command.call_id, reply, took_ms))


def _tool(call_id: str = "c1", name: str = "add_note", limit_ms: int = 5000) -> do.RunTool:
    return do.RunTool(call_id, name, {}, limit_ms)


def test_a_tool_is_answered_once_and_measured() -> None:
    async def scenario() -> None:
        with ThreadPoolExecutor(2) as pool:
            asked = Asked(pool)
            asked.release.set()
            asked.box.run(_tool())
            await soon(lambda: bool(asked.answers))

            ((call_id, reply, _),) = asked.answers
            assert (call_id, reply) == ("c1", ToolReply({"name": "add_note"}))
            ((metric, _, business),) = asked.metrics.counted
            assert (metric, business) == ("AddNoteMs", "coolcare_hvac")

    played(scenario)


def test_a_tool_over_its_limit_is_given_up_and_answers_late() -> None:
    async def scenario() -> None:
        with ThreadPoolExecutor(2) as pool:
            asked = Asked(pool)
            asked.box.run(_tool(limit_ms=20))
            await soon(lambda: bool(asked.answers))
            assert asked.answers == [("c1", None, 20)]

            asked.release.set()
            await soon(lambda: len(asked.answers) == 2)
            assert asked.answers[1][1] == ToolReply({"name": "add_note"})

    played(scenario)


def test_waiting_for_a_thread_counts_against_the_limit() -> None:
    async def scenario() -> None:
        with ThreadPoolExecutor(1) as pool:
            asked = Asked(pool)
            asked.box.run(_tool("first"))
            asked.box.run(_tool("second", limit_ms=20))
            await soon(lambda: bool(asked.answers))
            assert asked.answers[0][:2] == ("second", None)
            asked.release.set()
            await soon(lambda: len(asked.answers) == 3)

    played(scenario)


def test_a_stopped_toolbox_tells_nobody_but_lets_a_booking_finish() -> None:
    async def scenario() -> None:
        with ThreadPoolExecutor(2) as pool:
            asked = Asked(pool)
            asked.box.run(_tool(limit_ms=50))
            (under_way,) = asked.box.stop()
            asked.release.set()
            await soon(under_way.done)
            await asyncio.sleep(0.06)

            assert under_way.result() == ToolReply({"name": "add_note"})
            assert asked.answers == []

    played(scenario)


def test_every_tool_has_a_metric_of_its_own() -> None:
    assert set(METRIC_OF.values()) <= set(METRICS)


@pytest.mark.parametrize("name", ["rm_rf", "barge_in", "", "x" * 10_000])
def test_a_tool_that_is_none_has_no_metric(name: str) -> None:
    async def scenario() -> None:
        with ThreadPoolExecutor(2) as pool:
            asked = Asked(pool)
            asked.release.set()
            asked.box.run(_tool(name=name))
            await soon(lambda: bool(asked.answers))
            assert asked.metrics.counted == []

    played(scenario)


# -- the clerk -----------------------------------------------------------------------------


class Recording:
    """The tools of a call, which keep what they were asked: name, arguments, what is confirmed."""

    def __init__(self, *call: object) -> None:
        self.asked: list[tuple[str, Any, frozenset[str]]] = []

    def use(
        self, name: str, arguments: Any, *, confirmed: frozenset[str], **_: object
    ) -> ToolReply:
        self.asked.append((name, arguments, confirmed))
        return ToolReply({})


def _backend(desk: Recording, ports: Ports | None = None) -> CallBackend:
    dependencies = Dependencies(
        ports=ports or fake_ports(),
        business=by_id,
        token_secrets=lambda: (SECRET,),
        clock=Clock(lambda: NOW),
        voice=ModelVoice("m", "v"),
        clips=FakeShelf(),
        public_url=lambda: "https://calls.example.com",
        front_desk=lambda *_: desk,
    )
    return CallBackend(dependencies)


@pytest.mark.parametrize(
    ("confirmed", "told"),
    [((), []), (("name", "phone"), ["phone"]), (("phone", "address"), ["phone", "address"])],
)
@pytest.mark.parametrize("claimed", [True, False, None])
def test_what_was_read_back_is_told_by_code_whatever_the_model_claims(
    confirmed: tuple[str, ...], told: list[str], claimed: bool | None
) -> None:
    desk = Recording()
    backend = _backend(desk)
    backend.open(TokenClaims("CA1", "coolcare_hvac", None, False, 0, "n"))

    arguments = {"confirmed": claimed}
    backend.use(do.RunTool("c", "book_appointment", arguments, 1, confirmed))

    assert desk.asked == [("book_appointment", arguments, frozenset(told))]


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', "null"])
def test_arguments_that_are_no_object_reach_the_tools_which_say_so(text: str) -> None:
    desk = Recording()
    backend = _backend(desk)
    backend.open(TokenClaims("CA1", "coolcare_hvac", None, False, 0, "n"))

    backend.use(do.RunTool("c", "book_appointment", parsed(text), 1))

    assert len(desk.asked) == 1


def test_what_was_heard_of_the_disclosure_is_kept_and_is_no_disclosure() -> None:
    ports = fake_ports()
    backend = _backend(Recording(), ports)
    backend.open(TokenClaims("CA1", "coolcare_hvac", None, False, 0, "n"))

    backend.note(do.NoteCall(0, disclosure_heard="Thanks for", disclosure_heard_ms=400), NOW)

    call = ports.calls.get("CA1")
    assert call is not None
    assert (call.disclosure_heard, call.disclosure_heard_ms) == ("Thanks for", 400)
    assert (call.disclosed_at, call.disclosure, call.stage) == (None, None, "answered")


def test_nothing_is_written_about_a_call_that_was_refused() -> None:
    backend = _backend(Recording())

    with pytest.raises(TokenRejected):
        backend.read(do.RedeemToken("forged", "CA1", "MZ1"))
    backend.note(do.NoteCall(0, escalate="model_lost", disclosed="x"), NOW)
    backend.alarm("gas_leak")
    backend.finish("refused", None, NOW, [])


# -- by hand -------------------------------------------------------------------------------

ENVIRON = {
    "PATH": os.environ["PATH"],
    "PUBLIC_BASE_URL": "http://127.0.0.1:9",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "t",
    "STRIPE_API_KEY": "s",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
}


def _by_hand(*argv: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.media_bridge.try_tool", *argv],
        env=ENVIRON | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("argv", "named"),
    [
        ((), "NAME"),
        (("add_note",), "JSON"),
        (("add_note", "{}"), "--business"),
        (("add_note", "{}", "--business", "nobody"), "nobody"),
        (("add_note", "{}", "--business", "coolcare_hvac", "--at", "noon"), "--at"),
        (("add_note", "{}", "--business", "coolcare_hvac", "--at", "2025-08-28T19:12"), "--at"),
        (("add_note", "{}", "--business", "coolcare_hvac", "--at", "0001-01-01T00:00Z"), "--at"),
        (("add_note", "{}", "--business", "coolcare_hvac", "--at", "9999-12-31T23:59Z"), "--at"),
    ],
)
def test_a_wrong_command_line_is_named(argv: tuple[str, ...], named: str) -> None:
    done = _by_hand(*argv)

    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("dance", "{}", "unknown_tool"),
        ("add_note", "{", "bad_arguments"),
        ("add_note", "[]", "bad_arguments"),
        ("add_note", "null", "bad_arguments"),
        ("add_note", "[" * 15_000, "bad_arguments"),
    ],
)
def test_what_is_no_tool_call_gets_the_models_own_refusal(
    name: str, arguments: str, error: str
) -> None:
    """No table is asked for it: none can be reached here."""
    done = _by_hand(name, arguments, "--business", "coolcare_hvac")

    assert (done.returncode, done.stderr) == (2, "")
    assert json.loads(done.stdout)["error"] == error
    assert json.loads(done.stdout)["message"]


def test_a_missing_variable_is_named() -> None:
    done = _by_hand("add_note", "{}", "--business", "coolcare_hvac", STRIPE_API_KEY="")

    assert (done.returncode, done.stdout) == (2, "")
    assert "STRIPE_API_KEY" in done.stderr


def test_tables_that_cannot_be_reached_are_said_so() -> None:
    done = _by_hand("add_note", '{"note":"x"}', "--business", "coolcare_hvac")

    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
