"""The model's leg towards a real socket: dialled, lost once, closed without a trace."""

import asyncio

import pytest

from services.media_bridge.core import events as ev
from services.media_bridge.legs.model import RealtimeLeg, safety_identifier
from tests.unit.services.media_bridge.world import FakeModel, a_world, endpoint, played, soon


def test_a_callers_hash_is_the_same_in_every_call_and_tells_no_number() -> None:
    first, again = (
        safety_identifier("salt", "+15551230000"),
        safety_identifier("salt", "+15551230000"),
    )

    assert first == again != safety_identifier("pepper", "+15551230000")
    assert first != safety_identifier("salt", "+15551230001")
    assert "5551230000" not in first


class Model:
    """A model's leg towards a real socket, and the events it fed."""

    def __init__(self, url: str) -> None:
        self.events: list[ev.Event] = []
        self.leg = RealtimeLeg(endpoint(url), self._feed, lambda _: 7)

    def _feed(self, event: ev.Event, read_at: float | None = None) -> None:
        self.events.append(event)


def test_a_model_nobody_listens_for_is_lost_once() -> None:
    async def scenario() -> None:
        model = Model("ws://127.0.0.1:9/v1/realtime")
        model.leg.open(None)
        await soon(lambda: bool(model.events))
        model.leg.close()

        (lost,) = model.events
        assert isinstance(lost, ev.ModelLost)
        assert lost.reason.startswith("connect: ")

    played(scenario)


@pytest.mark.parametrize("resets", [True, False])
def test_a_model_that_closes_before_it_answers_the_handshake_is_lost_at_once(
    *, resets: bool
) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(16)
        if resets:
            writer.transport.abort()
        writer.close()

    async def scenario() -> None:
        listening = await asyncio.start_server(hang_up, "127.0.0.1", 0)
        async with listening:
            port = listening.sockets[0].getsockname()[1]
            model = Model(f"ws://127.0.0.1:{port}/v1/realtime")
            model.leg.open(None)
            await soon(lambda: bool(model.events))

            (lost,) = model.events
            assert isinstance(lost, ev.ModelLost)

    played(scenario)


def test_a_model_that_refuses_is_lost() -> None:
    async def scenario() -> None:
        async with a_world(model=FakeModel(refuses=True)) as world:
            model = Model(f"ws://{world.model.base}/realtime")
            model.leg.open(None)
            await soon(lambda: bool(model.events))

            assert isinstance(model.events[0], ev.ModelLost)

    played(scenario)


def test_a_leg_closed_while_it_is_dialled_leaves_no_socket_and_tells_nothing() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            for turns in range(12):  # at whatever point of the handshake
                model = Model(f"ws://{world.model.base}/realtime")
                model.leg.open("+15551230000")
                for _ in range(turns):
                    await asyncio.sleep(0)
                told = len(model.events)
                model.leg.close()
                await asyncio.sleep(0.01)
                assert len(model.events) == told
            for session in world.model.sessions:
                await asyncio.wait_for(session.closed.wait(), 5)
                assert not session.heard

    played(scenario)


def test_a_withheld_number_sends_no_identifier() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            model = Model(f"ws://{world.model.base}/realtime")
            model.leg.open(None)
            session = await world.model.session()
            assert "OpenAI-Safety-Identifier" not in session.headers
            model.leg.close()
            await asyncio.wait_for(session.closed.wait(), 5)

    played(scenario)


def test_a_model_that_sends_sound_as_bytes_is_given_up() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            model = Model(f"ws://{world.model.base}/realtime")
            model.leg.open(None)
            session = await world.model.session()
            await session.socket.send_bytes(b"\x00")
            await asyncio.wait_for(session.closed.wait(), 5)

            assert [type(event) for event in model.events] == [ev.ModelOpened, ev.ModelLost]

    played(scenario)
