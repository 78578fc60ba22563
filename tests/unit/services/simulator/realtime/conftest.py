"""A client of the local Realtime server, over a real socket."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from services.simulator.realtime import RealtimeServer
from services.simulator.speech import open_speech
from services.simulator.speech.textline import decode, encode

Event = dict[str, Any]
AUDIO = {
    "input": {
        "format": {"type": "audio/pcmu"},
        "transcription": {"model": "gpt-transcribe", "language": "en"},
        "turn_detection": {"type": "server_vad", "silence_duration_ms": 500},
    },
    "output": {"format": {"type": "audio/pcmu"}, "voice": "marin"},
}
SILENCE = b"\xff" * 8 * 600


class Client:
    """Sends what a client may or may not send, and keeps everything that comes back."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.events: list[Event] = []

    async def send(self, kind: str, **fields: object) -> None:
        await self.socket.send_json({"type": kind, **fields})

    async def next(self) -> Event:
        message = await self.socket.receive(timeout=5)
        assert message.type is aiohttp.WSMsgType.TEXT, message
        event: Event = json.loads(message.data)
        self.events.append(event)
        return event

    async def until(self, kind: str) -> Event:
        """Return the next event of one kind."""
        while True:
            event = await self.next()
            if event["type"] == kind:
                return event
            assert event["type"] != "error" or kind == "error", event

    async def refusal(self, kind: str, **fields: object) -> Event:
        """Send something and return the error it gets."""
        await self.send(kind, **fields)
        error: Event = (await self.until("error"))["error"]
        return error

    async def configure(self, instructions: str = "", **session: object) -> Event:
        """Switch the session to the telephone's format, as every bridge must."""
        fields = {"type": "realtime", "audio": AUDIO, "instructions": instructions, **session}
        await self.send("session.update", session=fields)
        return await self.until("session.updated")

    async def hear(self, audio: bytes) -> None:
        """Append sound in frames of 20 ms."""
        for start in range(0, len(audio), 160):
            frame = base64.b64encode(audio[start : start + 160]).decode()
            await self.send("input_audio_buffer.append", audio=frame)

    async def say(self, text: str) -> None:
        """Say something, then be silent long enough to be answered."""
        await self.hear(encode(text) + SILENCE)

    async def respond(self, sentence: str) -> Event:
        """Have a sentence said; return its item."""
        await self.send("response.create", response={"instructions": f"Say exactly: {sentence}"})
        item: Event = (await self.until("response.done"))["response"]["output"][0]
        return item

    def kinds(self) -> list[str]:
        """Return the types of all events, runs of the same one once."""
        seen = [event["type"] for event in self.events]
        return [kind for index, kind in enumerate(seen) if index == 0 or seen[index - 1] != kind]

    def sound(self) -> bytes:
        """Return everything that was spoken to the client."""
        deltas = [e["delta"] for e in self.events if e["type"] == "response.output_audio.delta"]
        return b"".join(base64.b64decode(delta) for delta in deltas)

    def spoken(self) -> str:
        """Return the words in the sound."""
        return decode(self.sound())


Scenario = Callable[[Client], Awaitable[None]]


@pytest.fixture
def talk() -> Callable[..., None]:
    """Run a scenario with a client of a fresh server in text mode."""

    def run(scenario: Scenario, *, model: str = "gpt-realtime-2.1", **options: Any) -> None:
        asyncio.run(_talk(scenario, model, options))

    return run


async def _talk(scenario: Scenario, model: str, options: dict[str, Any]) -> None:
    server = RealtimeServer(options.pop("speech", None) or open_speech("text"), **options)
    base = await server.start()
    try:
        url = f"{base}/realtime?model={model}".replace("http", "ws", 1)
        headers = {"Authorization": "Bearer sk-test"}
        async with (
            aiohttp.ClientSession() as http,
            http.ws_connect(url, headers=headers) as socket,
        ):
            client = Client(socket)
            await client.until("session.created")
            await scenario(client)
    finally:
        await server.stop()
