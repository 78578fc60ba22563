"""The gauges: calls, frames, and frames that a busy event loop made late."""

import threading

from tests.unit.services.media_bridge.world import a_world, played, soon


def test_calls_are_counted_every_few_seconds_zeros_too() -> None:
    async def scenario() -> None:
        async with a_world(gauge_s=0.05) as world:
            await soon(lambda: ("ActiveCalls", 0, None) in world.metrics.counted)
            await world.call()
            await soon(lambda: ("ActiveCalls", 1, None) in world.metrics.counted)
            await soon(lambda: world.metrics.total("FramesSent") >= 11)  # clip and one frame
            assert ("FramesLate", 0, None) in world.metrics.counted
            # The other halves of the ratios that alarms are made of.
            for metric in ("StreamStarted", "CallsEnded", "ModelSessionFailed"):
                assert (metric, 0, None) in world.metrics.counted

    played(scenario)


def test_a_loop_that_is_held_up_makes_frames_late() -> None:
    async def scenario() -> None:
        async with a_world(gauge_s=0.3) as world:
            await world.call()
            await soon(lambda: ("ActiveCalls", 1, None) in world.metrics.counted)
            threading.Event().wait(0.2)  # somebody blocks the loop
            await soon(lambda: world.metrics.total("FramesLate") > 0)
            # Of a stall of 200 ms the first 160 to 180 ms of frames waited too long.
            assert 5 <= world.metrics.total("FramesLate") <= 20

    played(scenario)
