"""With a key of the user's another model answers: everything but that is local all the same.

OpenAI itself cannot be asked here. What answers is the project's Realtime server at an address that
the stack did not choose, over real sockets.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest

from services.simulator.cli.playing.paper import Paper
from services.simulator.cli.playing.play import play_on
from services.simulator.cli.playing.report import Report
from services.simulator.cli.playing.view import LiveView
from services.simulator.realtime import RealtimeServer
from services.simulator.scenarios import scenario as scenarios
from services.simulator.stack.environment import RealModel
from services.simulator.stack.local import Stack
from tests.e2e.playing import LONGEST_S, SPEED, text

KEY = "sk-a-key-of-nobody"


@asynccontextmanager
async def overheard(url: str, requests: list[str]) -> AsyncIterator[str]:
    """An address that leads to `url`; what was asked there, with its head, is kept."""
    port = urlsplit(url).port

    async def carry(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes = b""
    ) -> None:
        writer.write(first)
        while data := await reader.read(65_536):
            writer.write(data)
        writer.close()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        requests.append(head.decode())
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(carry(reader, far_writer, head), carry(far_reader, writer))

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


@pytest.mark.stack
def test_the_model_of_the_key_answers_and_the_key_goes_nowhere_else() -> None:
    requests: list[str] = []

    async def run() -> tuple[Report, Stack, str]:
        scenario, model = scenarios.load("price_only"), RealtimeServer(text())
        try:
            async with overheard(await model.start(), requests) as url:
                stack = Stack(text(), at=scenario.at, speed=SPEED, real_model=RealModel(KEY, url))
                async with stack:
                    report = await play_on(stack, scenario, text(), LiveView(Paper(None)))
                    kept = [path.read_text("utf-8") for path in stack.journals.glob("*.jsonl")]
                    return report, stack, "".join([report.json(), *stack.logs.lines, *kept])
        finally:
            await model.stop()

    report, stack, kept = asyncio.run(asyncio.wait_for(run(), LONGEST_S))
    assert report.passed, [each for each in report.verdicts if not each.holds]
    assert any("GET /v1/realtime?" in head for head in requests)
    assert all(f"authorization: bearer {KEY}".lower() in head.lower() for head in requests)
    assert stack.model.asked == set()  # the local one was never asked
    assert KEY not in kept
    assert KEY not in repr(RealModel(KEY, ""))


def test_whose_key_it_is_and_where_is_the_user_s_to_say() -> None:
    assert RealModel.of({"OPENAI_API_KEY": " "}) is None
    assert RealModel.of({"OPENAI_API_KEY": KEY}) == RealModel(KEY, "https://api.openai.com/v1")
    there = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}
    assert RealModel.of(there) == RealModel(KEY, "http://127.0.0.1:1/v1")
