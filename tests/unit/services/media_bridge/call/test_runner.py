"""One call through real sockets: what comes in is done, in order, whatever dies."""

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from services.media_bridge.core.commands import Command, CommitAudio, ListenForQuiet
from services.media_bridge.core.events import CallerQuiet, CallerSpoke, Event, KeyPressed
from services.media_bridge.core.journal import replay
from services.media_bridge.core.session import CallSession
from shared.domain.models import Call, Outcome
from shared.tools.dispatch import ToolDispatcher, ToolReply
from tests.examples import a_call
from tests.fakes import FakeCalls, fake_ports
from tests.unit.services.media_bridge.world import (
    CALLER,
    CLIP,
    FRAME,
    FakeModel,
    Phone,
    World,
    a_world,
    played,
    soon,
)

QUOTE = {"service_type": "repair", "description": "AC not cooling", "is_after_hours": True}


def row(world: World, phone: Phone) -> Call:
    found = world.ports.calls.get(phone.call_sid)
    assert found is not None
    return found


OF_CALLS = ("StreamStarted", "CallsEnded", "CallSeconds", "CallsEndedAbnormally")


def counted_as_calls(world: World) -> dict[str, int]:
    """How often each metric of a call was written."""
    names = [name for name, _, _ in world.metrics.counted]
    return {name: names.count(name) for name in (*OF_CALLS, "ModelSessionFailed") if name in names}


async def closed(phone: Phone) -> None:
    await asyncio.wait_for(phone.closed.wait(), 10)


# -- the main path -------------------------------------------------------------------------


def test_a_call_is_answered_with_the_disclosure_and_then_bridged_both_ways() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()

            first = phone.got[0]
            assert first["media"]["payload"] == CLIP
            assert {frame["streamSid"] for frame in phone.got} == {phone.stream_sid}
            heard = session.heard.of("input_audio_buffer.append")
            assert heard[-1]["audio"] == FRAME

            await session.speak(ms=200)
            spoken = (await phone.got.until("media", 2))[1]
            assert len(spoken["media"]["payload"]) == 2136
            opened = row(world, phone)
            assert (opened.business_id, opened.caller) == ("coolcare_hvac", CALLER)
            assert not opened.business_hours
            await soon(lambda: row(world, phone).disclosed_at is not None)
            assert world.metrics.total("StreamStarted") == 1

    played(scenario)


def test_the_model_is_dialled_with_the_key_and_a_hash_of_the_caller() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            _, session = await world.call()

            assert session.path == "/v1/realtime?model=m"
            assert session.headers["Authorization"] == "Bearer sk-test"
            identifier = session.headers["OpenAI-Safety-Identifier"]
            assert len(identifier) == 40
            assert CALLER.strip("+") not in str(session.headers)

    played(scenario)


def test_a_hang_up_settles_the_row_and_leaves_nothing_open() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            await phone.hang_up()

            await asyncio.wait_for(session.closed.wait(), 5)
            await soon(lambda: row(world, phone).ended_at is not None)
            await soon(lambda: world.server.active == 0)
            assert row(world, phone).outcome is Outcome.ABANDONED
            assert world.metrics.total("CallsEnded") == 1
            assert world.metrics.total("CallsEndedAbnormally") == 0
            turns = world.ports.turns.of(phone.call_sid)
            assert [turn.role for turn in turns][:1] == ["assistant"]

    played(scenario)


def test_two_calls_at_once_do_not_hear_each_other() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            (one, first), (two, second) = await world.call(), await world.call()
            await first.speak(item="item_a", ms=20)
            await second.speak(item="item_b", ms=40)

            spoken_one = (await one.got.until("media", 2))[1]["media"]["payload"]
            spoken_two = (await two.got.until("media", 2))[1]["media"]["payload"]
            assert (len(spoken_one), len(spoken_two)) == (216, 428)
            await one.hang_up()
            await second.speak(response="resp_2", item="item_c", ms=60)
            await two.got.until("media", 3)

    played(scenario)


def test_the_caller_speaking_over_the_agent_clears_the_line_in_measured_time() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            phone.echoes = False
            await session.speak(ms=4000)
            await phone.got.until("media", 2)
            await phone.say(10)
            await session.heard.until("input_audio_buffer.append", 11)

            await session.send("input_audio_buffer.speech_started", item_id="u1", audio_start_ms=1)
            await phone.got.until("clear")
            cut = (await session.heard.until("conversation.item.truncate"))[0]
            assert 1 <= cut["audio_end_ms"] <= 4000
            assert 0 < world.metrics.total("BargeInMs") < 1000

    played(scenario)


# -- the token -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"secret": "guessed"},
        {"call_sid": "CA" + "9" * 32},
        {"expires": 1},
        {"business_id": "nobody"},
    ],
    ids=["forged", "another call's", "expired", "no business"],
)
def test_a_token_that_is_not_good_opens_nothing(changes: dict[str, Any]) -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone = await world.phone().open()
            await phone.start(world.token(phone, **changes))
            await closed(phone)

            assert world.ports.calls.get(phone.call_sid) is None
            assert not phone.got
            assert counted_as_calls(world) == {}
            assert world.metrics.total("CallsRejectedToken") == 1
            for session in world.model.sessions:
                await asyncio.wait_for(session.closed.wait(), 5)
                assert not session.heard

    played(scenario)


def test_a_token_that_was_used_opens_nothing_and_leaves_the_first_call_alone() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            token = world.token(phone)
            thief = world.phone()
            thief.call_sid = phone.call_sid
            await thief.open()
            await thief.start(token)
            await closed(thief)

            assert not thief.got
            assert row(world, phone).ended_at is None
            await session.speak()
            await phone.got.until("media", 2)

    played(scenario)


def test_a_refused_stream_is_no_call_in_the_metrics() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, _ = await world.call()
            thief = world.phone()
            thief.call_sid = phone.call_sid
            await thief.open()
            await thief.start(world.token(phone))
            await closed(thief)
            await soon(lambda: world.server.active == 1)

            assert counted_as_calls(world) == {"StreamStarted": 1}
            assert world.metrics.total("CallsRejectedToken") == 1
            assert row(world, phone).refused_stream == thief.stream_sid
            assert row(world, phone).stream_sid == phone.stream_sid
            await phone.hang_up()
            await soon(lambda: world.server.active == 0)
            assert counted_as_calls(world) == {
                "StreamStarted": 1,
                "CallsEnded": 1,
                "CallSeconds": 1,
            }

    played(scenario)


@pytest.mark.parametrize("used", [True, False])
def test_a_caller_who_left_before_the_token_was_settled_is_a_call_if_it_was_good(
    used: bool,
) -> None:
    class SlowCalls(FakeCalls):
        release = threading.Event()

        def open(self, call: Call) -> bool:
            self.release.wait(10)
            return super().open(call)

    async def scenario() -> None:
        calls = SlowCalls()
        async with a_world(ports=replace(fake_ports(), calls=calls)) as world:
            phone = await world.phone().open()
            await phone.start(world.token(phone))
            await world.model.session()
            await phone.hang_up()
            assert counted_as_calls(world) == {}
            if used:
                calls.rows[phone.call_sid] = a_call(call_sid=phone.call_sid)
            calls.release.set()
            await soon(lambda: world.server.active == 0)

            once = {"StreamStarted": 1, "CallsEnded": 1, "CallSeconds": 1}
            assert counted_as_calls(world) == ({} if used else once)

    played(scenario)


def test_a_row_we_wrote_without_hearing_so_brings_a_human_and_is_no_strangers() -> None:
    """The network lost the answer to our own write; asked again, the row is there already."""

    class DeafCalls(FakeCalls):
        def open(self, call: Call) -> bool:
            super().open(call)
            return super().open(call)

    async def scenario() -> None:
        async with a_world(ports=replace(fake_ports(), calls=DeafCalls())) as world:
            phone = await world.phone().open()
            await phone.start(world.token(phone))
            await closed(phone)

            assert row(world, phone).refused_stream is None
            assert world.metrics.total("CallsEndedAbnormally") == 1

    played(scenario)


def test_a_table_that_is_down_sends_the_caller_to_a_human() -> None:
    async def scenario() -> None:
        ports = fake_ports()
        assert isinstance(ports.calls, FakeCalls)
        ports.calls.down = True
        async with a_world(ports=ports) as world:
            phone = await world.phone().open()
            await phone.start(world.token(phone))
            await closed(phone)  # Twilio now asks /after-stream, which finds no row

            assert not phone.got
            assert world.metrics.total("CallsEndedAbnormally") == 1

    played(scenario)


def test_a_table_that_is_too_slow_sends_the_caller_to_a_human_and_the_row_is_settled_later() -> (
    None
):
    class SlowCalls(FakeCalls):
        release = threading.Event()

        def open(self, call: Call) -> bool:
            self.release.wait(10)
            return super().open(call)

    async def scenario() -> None:
        calls = SlowCalls()
        async with a_world(ports=replace(fake_ports(), calls=calls)) as world:
            phone = await world.phone().open()
            await phone.start(world.token(phone))
            await closed(phone)
            assert not phone.got

            calls.release.set()
            await soon(lambda: world.server.active == 0)
            assert row(world, phone).failure == "redemption_late"
            for session in world.model.sessions:
                await asyncio.wait_for(session.closed.wait(), 5)
                assert not session.heard

    played(scenario)


# -- what peers can send -------------------------------------------------------------------


@pytest.mark.parametrize(
    "frames",
    [
        ["not json"],
        ["[]"],
        ['{"event":"start"}'],
        ['{"event":5}'],
        ['{"event":"media","media":{"payload":"x"}}'],
        ['{"event":"stop"}'],
        ["x" * 70_000],
        ["\x00"],
        [""],
    ],
)
def test_a_stranger_with_a_signature_gets_nothing_and_is_closed(frames: list[str]) -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone = await world.phone().open()
            for frame in frames:
                await phone.raw(frame)
            await phone.drop()
            await soon(lambda: world.server.active == 0)

            assert not phone.got
            assert not world.model.sessions

    played(scenario)


def test_a_binary_frame_closes_the_line() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, _ = await world.call()
            await phone.binary(b"\x00" * 160)
            await closed(phone)
            await soon(lambda: row(world, phone).ended_at is not None)

    played(scenario)


def test_frames_that_twilio_may_send_one_day_are_ignored() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            await phone.send({"event": "weather", "streamSid": phone.stream_sid})
            await session.send("response.thought.delta", delta="hm")
            await phone.say()
            await session.heard.until("input_audio_buffer.append", 2)

    played(scenario)


def test_a_second_start_changes_nothing() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            await phone.start(world.token(phone))
            await phone.say()
            await session.heard.until("input_audio_buffer.append", 2)
            assert world.metrics.total("CallsRejectedToken") == 0

    played(scenario)


# -- the model dies ------------------------------------------------------------------------


def test_a_model_that_cannot_be_reached_sends_the_caller_to_a_human() -> None:
    async def scenario() -> None:
        async with a_world(model=FakeModel(refuses=True)) as world:
            phone = await world.phone().open()
            await phone.start(world.token(phone))
            await closed(phone)

            ended = row(world, phone)
            assert ended.escalation is not None  # written before the line was closed
            assert ended.failure is not None
            assert world.metrics.total("ModelSessionFailed") == 1
            assert world.metrics.total("CallsEndedAbnormally") == 1

    played(scenario)


def test_a_model_that_dies_in_mid_call_sends_the_caller_to_a_human() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            await session.socket.close(code=1011)
            await closed(phone)

            assert row(world, phone).escalation is not None
            assert row(world, phone).failure is not None

    played(scenario)


def test_a_model_that_talks_rubbish_is_given_up() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            await session.socket.send_str("no json")
            await closed(phone)
            await asyncio.wait_for(session.closed.wait(), 5)

            assert row(world, phone).failure is not None

    played(scenario)


# -- tools ---------------------------------------------------------------------------------


def test_a_tool_runs_beside_the_audio_and_its_milliseconds_are_counted() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            await session.call_tool("get_pricing_quote", QUOTE)

            assert (await session.answered())["total_estimate"] == 825
            assert world.metrics.total("GetPricingQuoteMs") > 0
            await soon(lambda: row(world, phone).quote_total == 82_500)
            await soon(lambda: "tool" in {t.role for t in world.ports.turns.of(phone.call_sid)})

    played(scenario)


class SlowDesk:
    """A desk whose tools do nothing until released; then it answers, or the real one does."""

    def __init__(self, real: ToolDispatcher | None = None) -> None:
        self.used, self.release = threading.Event(), threading.Event()
        self.real = real

    def opened(self, *call: Any) -> "SlowDesk":
        """As Dependencies.open_tools wants it, once a call."""
        return self

    def really(self, *call: Any) -> "SlowDesk":
        self.real = ToolDispatcher(*call)
        return self

    def use(self, *args: Any, **kwargs: Any) -> ToolReply:
        self.used.set()
        self.release.wait(10)
        return self.real.use(*args, **kwargs) if self.real else ToolReply({"late": True})


class BrokenDesk:
    def __init__(self, *call: object) -> None:
        pass

    def use(self, *_: object, **__: object) -> ToolReply:
        raise RuntimeError("a bug of ours, with a name in it")


def test_audio_goes_on_while_a_tool_is_slow() -> None:
    slow = SlowDesk()

    async def scenario() -> None:
        async with a_world(open_tools=slow.opened) as world:
            phone, session = await world.call()
            await session.call_tool("get_pricing_quote", QUOTE)
            await phone.say(25)
            await session.heard.until("input_audio_buffer.append", 26)
            await session.speak(ms=20)
            await phone.got.until("media", 2)
            assert not session.tool_answers()
            slow.release.set()
            assert await session.answered() == {"late": True}

    played(scenario)


def test_a_tool_over_its_limit_is_answered_for_and_its_late_answer_still_told() -> None:
    slow = SlowDesk()

    async def scenario() -> None:
        async with a_world(open_tools=slow.opened) as world:
            _, session = await world.call()
            await session.call_tool("get_pricing_quote", QUOTE)
            assert "late" not in await session.answered()
            before = len(session.heard.of("conversation.item.create"))
            slow.release.set()
            told = (await session.heard.until("conversation.item.create", before + 1))[-1]
            assert (told["item"]["type"], told["item"]["role"]) == ("message", "system")
            assert '{"late": true}' in told["item"]["content"][0]["text"]

    played(scenario)


def test_a_tool_that_breaks_is_answered_and_the_call_goes_on() -> None:
    async def scenario() -> None:
        async with a_world(open_tools=BrokenDesk) as world:
            phone, session = await world.call()
            await session.call_tool("get_pricing_quote", QUOTE)
            assert (await session.answered())["error"] == "unavailable"
            await phone.say()
            await session.heard.until("input_audio_buffer.append", 2)

    played(scenario)


def test_a_tool_under_way_at_the_hang_up_still_counts_in_the_outcome() -> None:
    slow = SlowDesk()

    async def scenario() -> None:
        async with a_world(open_tools=slow.really) as world:
            phone, session = await world.call()
            await session.call_tool("get_pricing_quote", QUOTE)
            await soon(slow.used.is_set)
            await phone.hang_up()
            slow.release.set()
            await soon(lambda: row(world, phone).ended_at is not None)

            assert row(world, phone).outcome is Outcome.QUOTE_ONLY

    played(scenario)


# -- a caller's turn that does not end -----------------------------------------------------


class Doubting(CallSession):
    """Asks as soon as the caller speaks whether the line is quiet."""

    def handle(self, event: Event) -> list[Command]:
        commands = super().handle(event)
        if isinstance(event, CallerQuiet):
            return [*commands, CommitAudio("b1")]
        if isinstance(event, CallerSpoke):
            return [*commands, ListenForQuiet()]
        return commands


def test_the_bridge_tells_once_when_the_line_has_gone_quiet() -> None:
    async def scenario() -> None:
        async with a_world(session=Doubting) as world:
            phone, session = await world.call()
            await session.send("input_audio_buffer.speech_started", item_id="item_1")
            while not session.heard.of("input_audio_buffer.commit"):
                await phone.say(10)
            await phone.say(100)
            appended = len(session.heard.of("input_audio_buffer.append"))
            await session.heard.until("input_audio_buffer.append", appended + 1)
            assert len(session.heard.of("input_audio_buffer.commit")) == 1

    played(scenario)


# -- our own bugs, and the end -------------------------------------------------------------


class BrokenSession(CallSession):
    """Breaks at the key 9."""

    def handle(self, event: Event) -> list[Command]:
        if isinstance(event, KeyPressed) and event.digit == "9":
            raise KeyError("a caller's words")
        return super().handle(event)


def test_a_bug_of_ours_ends_its_own_call_and_nobody_elses() -> None:
    async def scenario() -> None:
        async with a_world(session=BrokenSession) as world:
            (one, first), (two, second) = await world.call(), await world.call()
            dtmf = {"track": "inbound_track", "digit": "9"}
            await one.send({"event": "dtmf", "streamSid": one.stream_sid, "dtmf": dtmf})
            await closed(one)
            await asyncio.wait_for(first.closed.wait(), 5)

            assert row(world, one).failure == "bridge_error"
            assert row(world, one).outcome is Outcome.FAILED
            await two.say()
            await second.heard.until("input_audio_buffer.append", 2)
            assert row(world, two).ended_at is None

    played(scenario)


def test_the_intent_is_written_before_the_line_is_closed() -> None:
    """/after-stream reads it as soon as the socket is closed."""

    class SlowCalls(FakeCalls):
        def escalate(self, *args: Any, **kwargs: Any) -> bool:
            threading.Event().wait(0.3)
            return super().escalate(*args, **kwargs)

    async def scenario() -> None:
        calls = SlowCalls()
        ports = replace(fake_ports(), calls=calls)
        async with a_world(ports=ports) as world:
            phone, session = await world.call()
            await session.socket.close(code=1011)
            await closed(phone)

            assert calls.rows[phone.call_sid].escalation is not None

    played(scenario)


def test_a_dead_table_does_not_keep_the_caller_on_a_dead_line() -> None:
    class StuckCalls(FakeCalls):
        release = threading.Event()

        def escalate(self, *args: Any, **kwargs: Any) -> bool:
            return self.release.wait(10)

    async def scenario() -> None:
        calls = StuckCalls()
        ports = replace(fake_ports(), calls=calls)
        async with a_world(ports=ports) as world:
            phone, session = await world.call()
            loop = asyncio.get_running_loop()
            died = loop.time()
            await session.socket.close(code=1011)
            await closed(phone)
            assert timedelta(seconds=loop.time() - died) < timedelta(seconds=4)
            calls.release.set()

    played(scenario)


def test_a_socket_without_a_start_is_closed() -> None:
    async def scenario() -> None:
        async with a_world(session=partial(CallSession, start_ms=100)) as world:
            phone = await world.phone().open()
            await closed(phone)
            await soon(lambda: world.server.active == 0)
            assert world.metrics.total("CallsEnded") == 0

    played(scenario)


def test_each_call_leaves_a_journal_that_replays(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with a_world(journal_dir=tmp_path) as world:
            phone, session = await world.call()
            await session.speak()
            await phone.got.until("media", 2)
            token = world.token(phone)
            await phone.hang_up()
            await soon(lambda: world.server.active == 0)

            lines = (tmp_path / f"{phone.call_sid}.jsonl").read_text().splitlines()
            assert len(lines) > 5
            assert token not in "".join(lines)
            assert replay(lines) == []

    played(scenario)
