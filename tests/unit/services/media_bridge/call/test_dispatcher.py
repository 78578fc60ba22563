"""What the session commands is done where it belongs: tools beside the audio, sound by sound."""

import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from services.media_bridge.core.commands import (
    ClearPlayback,
    Command,
    CommitAudio,
    ListenForQuiet,
    NoteTurn,
    PlayAudio,
    RunTool,
)
from services.media_bridge.core.events import (
    CallerQuiet,
    CallerSpoke,
    Event,
    KeyPressed,
    ToolAnswered,
)
from services.media_bridge.core.session import CallSession
from shared.domain.models import Outcome
from shared.tools.dispatch import ToolDispatcher, ToolReply
from tests.unit.services.media_bridge.world import (
    FRAME,
    Phone,
    World,
    a_world,
    played,
    row,
    soon,
)

QUOTE = {"service_type": "maintenance", "description": "AC not cooling", "is_after_hours": True}


def test_a_tool_runs_beside_the_audio_and_its_milliseconds_are_counted() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            await session.call_tool("get_pricing_quote", QUOTE)

            assert (await session.answered())["total_estimate"] == 300
            counted = [name for name, _, _ in world.metrics.counted]
            assert "GetPricingQuoteMs" in counted  # 0 ms where the machine is quick
            await soon(lambda: row(world, phone).quote_total == 30_000)
            await soon(lambda: "tool" in {t.role for t in world.ports.turns.of(phone.call_sid)})

    played(scenario)


class SlowTools:
    """Tools that do nothing until released; then they answer, or the real ones do."""

    def __init__(self, real: ToolDispatcher | None = None) -> None:
        self.used, self.release = threading.Event(), threading.Event()
        self.real = real

    def opened(self, *call: Any) -> "SlowTools":
        """As Dependencies.tools wants it, once a call."""
        return self

    def really(self, *call: Any) -> "SlowTools":
        self.real = ToolDispatcher(*call)
        return self

    def use(self, *args: Any, **kwargs: Any) -> ToolReply:
        self.used.set()
        self.release.wait(10)
        return self.real.use(*args, **kwargs) if self.real else ToolReply({"late": True})


class BrokenTools:
    def __init__(self, *call: object) -> None:
        pass

    def use(self, *_: object, **__: object) -> ToolReply:
        raise RuntimeError("a bug of ours, with a name in it")


def test_audio_goes_on_while_a_tool_is_slow() -> None:
    slow = SlowTools()

    async def scenario() -> None:
        async with a_world(tools_of_call=slow.opened) as world:
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
    slow = SlowTools()

    async def scenario() -> None:
        async with a_world(tools_of_call=slow.opened) as world:
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
        async with a_world(tools_of_call=BrokenTools) as world:
            phone, session = await world.call()
            await session.call_tool("get_pricing_quote", QUOTE)
            assert (await session.answered())["error"] == "unavailable"
            await phone.say()
            await session.heard.until("input_audio_buffer.append", 2)

    played(scenario)


def test_a_tool_under_way_at_the_hang_up_still_counts_in_the_outcome() -> None:
    slow = SlowTools()

    async def scenario() -> None:
        async with a_world(tools_of_call=slow.really) as world:
            phone, session = await world.call()
            await session.call_tool("get_pricing_quote", QUOTE)
            await soon(slow.used.is_set)
            await phone.hang_up()
            slow.release.set()
            await soon(lambda: row(world, phone).ended_at is not None)

            assert row(world, phone).outcome is Outcome.QUOTE_ONLY

    played(scenario)


class Doubting(CallSession):
    """Asks as soon as the caller speaks whether the line is quiet."""

    def handle(
        self, event: Event, at_once: Callable[[ClearPlayback], None] | None = None
    ) -> list[Command]:
        commands = super().handle(event, at_once)
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


# -- before the call is open ---------------------------------------------------------------


@asynccontextmanager
async def unopened(session: Callable[[], CallSession]) -> AsyncIterator[tuple[World, Phone]]:
    """A line on which a key was pressed before any token was redeemed."""
    async with a_world(session=session) as world:
        phone = await world.phone().open()
        dtmf = {"track": "inbound_track", "digit": "5"}
        await phone.send({"event": "dtmf", "streamSid": phone.stream_sid, "dtmf": dtmf})
        yield world, phone


class Hasty(CallSession):
    """Wants things done before the call is open, and keeps what came of it."""

    def __init__(self, *wanted: Command) -> None:
        super().__init__()
        self.wanted, self.answers = wanted, list[Event]()

    def handle(
        self, event: Event, at_once: Callable[[ClearPlayback], None] | None = None
    ) -> list[Command]:
        if isinstance(event, ToolAnswered):
            self.answers.append(event)
        return [*self.wanted] if isinstance(event, KeyPressed) else super().handle(event, at_once)


def test_a_tool_before_the_call_is_open_is_answered_and_ends_nothing() -> None:
    async def scenario() -> None:
        hasty = Hasty(RunTool("c1", "get_pricing_quote", {}, 1000))
        async with unopened(lambda: hasty) as (_, phone):
            await soon(lambda: bool(hasty.answers))
            (answer,) = hasty.answers
            assert isinstance(answer, ToolAnswered)
            assert (answer.call_id, json.loads(answer.output)["error"]) == ("c1", "unavailable")
            assert not phone.closed.is_set()

    played(scenario)


def test_nobodys_words_are_kept_before_the_call_is_open() -> None:
    async def scenario() -> None:
        hasty = Hasty(NoteTurn(1, 0, "user", "my secret"), PlayAudio(FRAME))
        async with unopened(lambda: hasty) as (world, phone):
            await phone.got.until("media")
            assert world.ports.turns.of(phone.call_sid) == []
            assert world.ports.turns.of("") == []

    played(scenario)
