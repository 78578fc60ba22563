"""One session after the other: what was left says nothing any more."""

import asyncio

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.legs.model import RealtimeLeg
from services.media_bridge.legs.reopened import ReopenedModel
from tests.unit.services.media_bridge.world import a_world, endpoint, played, soon


def test_the_next_session_is_dialled_for_the_same_caller_and_the_last_one_closed() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            events: list[ev.Event] = []
            realtime = endpoint(f"ws://{world.model.base}/realtime")
            model = ReopenedModel(
                lambda: RealtimeLeg(realtime, lambda e, _=None: events.append(e), lambda _: 7)
            )
            model.open("+15551230000")
            first = await world.model.session()
            await soon(lambda: len(events) == 1)
            model.perform(do.ReopenModel(10))
            second = await world.model.session(2)
            await asyncio.wait_for(first.closed.wait(), 5)
            await soon(lambda: len(events) == 2)
            model.perform(do.TellHeard("Hello.", "item_1"))
            (told,) = await second.heard.until("conversation.item.create")
            model.close()

            name = "OpenAI-Safety-Identifier"
            assert first.headers[name] == second.headers[name]
            assert told["item"]["id"] != "item_1" and told["item"]["role"] == "user"
            assert [type(event) for event in events] == [ev.ModelOpened, ev.ModelOpened]
            await asyncio.wait_for(second.closed.wait(), 5)

    played(scenario)


def test_a_call_that_ends_before_the_next_session_is_dialled_dials_none() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            realtime = endpoint(f"ws://{world.model.base}/realtime")
            model = ReopenedModel(lambda: RealtimeLeg(realtime, lambda *_: None, lambda _: 7))
            model.perform(do.ReopenModel(10))
            model.close()
            await asyncio.sleep(0.05)

            assert world.model.sessions == []

    played(scenario)
