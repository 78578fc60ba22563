"""A smoke call through the bridge: answered as any other, counted nowhere, nothing held."""

import asyncio
from typing import Any

from shared.domain.models import JobStatus
from tests.fakes import FakeFollowUps, FakeJobs, FakeTexts
from tests.unit.services.media_bridge.world import (
    World,
    a_world,
    played,
    soon,
)

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
    await session.call_tool("book_appointment", BOOKING)
    assert (await session.answered())["booked"] is True
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
