"""What a call counts as; and a smoke call: answered as any other, counted nowhere."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from services.media_bridge.call.call_metrics import CallMetrics, Traffic
from shared.domain.models import JobStatus
from shared.domain.stream_token import TokenClaims
from tests.fakes import FakeFollowUps, FakeJobs, FakeMetrics, FakeTexts
from tests.unit.services.media_bridge.world import (
    World,
    a_world,
    played,
    soon,
)


def of(metrics: FakeMetrics) -> list[str]:
    return [name for name, _, _ in metrics.counted]


def at_once(count: Callable[[], None]) -> None:
    count()


def test_a_call_that_broke_is_counted_by_whoever_tells_first() -> None:
    port = FakeMetrics()
    metrics = CallMetrics(port, Traffic())
    metrics.tally.settled(is_call=True)

    metrics.tally.ended("CA1", 3.5, "dropped", lambda _: None)  # a webhook has told
    assert of(port) == ["StreamStarted", "CallsEnded", "CallSeconds"]
    metrics.tally.ended("CA1", 3.5, "dropped", at_once)
    assert of(port)[-1] == "CallsEndedAbnormally"


def test_a_stream_is_no_call_before_its_token_is_settled() -> None:
    port = FakeMetrics()
    metrics = CallMetrics(port, Traffic())

    metrics.tally.ended("CA1", 3.5, None, at_once)
    assert of(port) == []
    metrics.tally.settled(is_call=True)
    assert of(port) == ["StreamStarted", "CallsEnded", "CallSeconds"]


def test_a_stranger_is_no_call_whenever_the_stream_ends() -> None:
    port = FakeMetrics()
    early, late = CallMetrics(port, Traffic()), CallMetrics(port, Traffic())

    early.tally.ended("CA1", 3.5, "redemption_late", at_once)
    early.tally.settled(is_call=False)
    late.tally.settled(is_call=False)
    late.tally.ended("CA2", 3.5, None, at_once)
    assert of(port) == []


def test_frames_are_counted_in_both_directions_but_not_those_of_a_smoke_call() -> None:
    traffic = Traffic()
    real, smoke = CallMetrics(FakeMetrics(), traffic), CallMetrics(FakeMetrics(), traffic)
    smoke.belongs_to(TokenClaims("CA1", "coolcare_hvac", None, True, 0, "n"))

    for metrics in (real, smoke):
        metrics.frame_heard()
        metrics.sound_played("A" * 215)  # one full frame, and one that is not
    assert traffic.frames == 3


BOOKING: dict[str, Any] = {
    "customer_name": "Sarah Miller",
    "phone": "+15551230000",
    "email": None,
    "address": "123 Oak St, Springfield, OH",
    "service_type": "repair",
    "description": "AC not cooling; outdoor unit rattling.",
    "scheduled_time": "2025-08-28T21:00:00-04:00",
    "estimated_cost": 825,
    "is_emergency": True,
}


async def booked(world: World) -> None:
    """One smoke call that books, and hangs up."""
    phone = await world.phone().open()
    await phone.start(world.token(phone, synthetic=True))
    session = await world.model.session()
    await session.heard.until("session.update")
    await phone.got.until("mark")
    await phone.say(5)
    await session.heard.until("input_audio_buffer.append")
    # Of upkeep nobody is asked about danger first.
    await session.call_tool("get_pricing_quote", {"service_type": "maintenance"}, "call_0")
    await session.answered()
    (asked,) = await session.heard.until("response.create")
    await session.speak(asked=asked)
    await phone.got.until("mark", 2)
    await session.call_tool("book_appointment", BOOKING)
    await soon(lambda: len(session.tool_answers()) > 1)
    asked = (await session.heard.until("response.create", 2))[-1]
    assert asked["response"]["conversation"] == "none"
    await session.speak("resp_2", "item_2", asked=asked)
    await phone.got.until("mark", 3)
    await phone.say(5)
    await session.hears("Yes.")
    await session.call_tool("book_appointment", BOOKING, "call_2")
    await soon(lambda: len(session.tool_answers()) > 2)
    assert session.tool_answers()[-1]["booked"] is True
    await phone.hang_up()
    await soon(lambda: world.server.active == 0)


def test_a_smoke_call_books_and_gives_it_all_back() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            await booked(world)
            jobs, texts, follow_ups = world.ports.jobs, world.ports.texts, world.ports.follow_ups
            assert isinstance(jobs, FakeJobs)
            assert isinstance(texts, FakeTexts)
            assert isinstance(follow_ups, FakeFollowUps)
            (job,) = jobs.rows.values()
            assert (job.synthetic, job.status) == (True, JobStatus.RELEASED)
            assert jobs.locks == {}
            assert world.ports.checkout.get(str(job.checkout_session_id)).status == "expired"
            assert (texts.sent, follow_ups.rows) == ([], {})
            (call,) = world.ports.calls.rows.values()  # type: ignore[attr-defined]
            assert (call.synthetic, call.outcome) == (True, "booked")
            turns = world.ports.turns.of(call.call_sid)
            assert turns
            assert all(turn.synthetic for turn in turns)

    played(scenario)


def test_a_smoke_call_moves_no_metric() -> None:
    async def scenario() -> None:
        async with a_world(gauge_s=0.05) as world:
            told = asyncio.create_task(booked(world))
            await soon(lambda: world.server.active == 1)
            seen = len(world.metrics.counted)
            await soon(lambda: len(world.metrics.counted) > seen + 12)
            await told
            assert {name: value for name, value, _ in world.metrics.counted if value} == {}

    played(scenario)


@pytest.mark.parametrize(("ms", "answered"), [(700, 1), (12_000, 1), (12_001, 0)])
def test_a_call_is_answered_where_the_first_sound_came_within_the_service_level(
    ms: float, answered: int
) -> None:
    port = FakeMetrics()
    CallMetrics(port, Traffic()).count("FirstAudioMs", ms)
    assert of(port).count("CallsAnswered") == answered
