"""The world around a bridge on loopback: a phone on Twilio's side, a model, ports in memory."""

import asyncio
import json
import logging
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Self

import aiohttp
import uvloop
from aiohttp import web
from twilio.request_validator import RequestValidator

from services.media_bridge.call.backend import CallTools, Clock, Dependencies
from services.media_bridge.call.call_metrics import Traffic
from services.media_bridge.call.context import Runtime
from services.media_bridge.call.opening.setup import ModelVoice, session_tuning
from services.media_bridge.call.records.turn_writer import TurnWriter
from services.media_bridge.call.word_models import NO_MODELS, WordModels
from services.media_bridge.core.events import Clip
from services.media_bridge.core.session import CallSession
from services.media_bridge.legs.model import RealtimeEndpoint, RealtimeLeg
from services.media_bridge.process.server import Server
from shared.actions.admission import Admission
from shared.actions.ports import Ports
from shared.businesses import by_id
from shared.domain.models import Call
from shared.domain.money import Cents
from shared.domain.stream_token import mint
from shared.tools.dispatch import ToolDispatcher
from tests.fakes import FakeMetrics, fake_ports

Message = dict[str, Any]

SECRET, AUTH_TOKEN = "stream-secret", "twilio-auth-token"
MEDIA_URL = "wss://media.example.com/media"
MOVED_URL = "wss://moved.example.com/media"  # what the same socket is called, too
NOW = datetime(2025, 8, 28, 23, 12, tzinfo=UTC)  # 19:12 in Springfield
CALLER = "+15551230000"
FRAME = b64encode(b"\x7f" * 160).decode()
CLIP = b64encode(b"\x55" * 1600).decode()  # 200 ms
SOON_S = 5.0


def played(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a scenario to its end on the loop the bridge uses; every task of it must be over."""

    async def bounded() -> None:
        async with asyncio.timeout(20):
            await scenario()
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        await asyncio.sleep(0)  # a cancelled task needs one turn of the loop to end
        assert not [task for task in left if not task.done()]

    uvloop.run(bounded())


class Log(list[Message]):
    """Messages that arrive, and a way to wait for one."""

    def __init__(self) -> None:
        super().__init__()
        self._news = asyncio.Event()

    def add(self, message: Message) -> None:
        self.append(message)
        self._news.set()

    def of(self, kind: str) -> list[Message]:
        return [message for message in self if message.get("event", message.get("type")) == kind]

    async def until(self, kind: str, count: int = 1) -> list[Message]:
        """All messages of a kind, once there are so many."""
        async with asyncio.timeout(SOON_S):
            while len(found := self.of(kind)) < count:
                self._news.clear()
                await self._news.wait()
        return found


async def soon(is_so: Callable[[], bool]) -> None:
    """Wait for something that has no event of its own."""
    async with asyncio.timeout(SOON_S):
        while not is_so():
            await asyncio.sleep(0.005)


class ModelSession:
    """One socket of the fake model."""

    def __init__(self, socket: web.WebSocketResponse, headers: dict[str, str], path: str) -> None:
        self.socket, self.headers, self.path = socket, headers, path
        self.heard = Log()
        self.closed = asyncio.Event()

    async def send(self, kind: str, **fields: object) -> None:
        await self.socket.send_str(json.dumps({"type": kind, "event_id": "event_1", **fields}))

    async def speak(
        self,
        response: str = "resp_1",
        item: str = "item_1",
        ms: int = 200,
        asked: Message | None = None,
    ) -> None:
        """A response of that much sound, all at once as the real one does; to `asked`, where it
        reads what that asks to be said exactly."""
        begun: Message = {"id": response, "status": "in_progress"}
        words = "Hello."
        if asked is not None:
            begun["metadata"] = asked["response"]["metadata"]
            words = asked["response"].get("instructions", words).removeprefix("Say exactly: ")
        await self.send("response.created", response=begun)
        sound = b64encode(b"\x11" * (8 * ms)).decode()
        where = {"response_id": response, "item_id": item, "output_index": 0, "content_index": 0}
        await self.send("response.output_audio.delta", delta=sound, **where)
        await self.send("response.output_audio_transcript.done", transcript=words, **where)
        await self.send(
            "response.done", response={"id": response, "status": "completed", "output": []}
        )

    async def call_tool(self, name: str, arguments: Message, call_id: str = "call_1") -> None:
        await self.send("response.created", response={"id": "resp_t", "status": "in_progress"})
        item = {
            "id": f"item_{call_id}",
            "type": "function_call",
            "status": "completed",
            "call_id": call_id,
            "name": name,
            "arguments": json.dumps(arguments),
        }
        await self.send(
            "response.output_item.done", response_id="resp_t", output_index=0, item=item
        )
        await self.send(
            "response.done", response={"id": "resp_t", "status": "completed", "output": [item]}
        )

    async def hears(self, text: str, item: str = "item_u1") -> None:
        """The caller's turn, from its beginning to its words."""
        for kind in ("speech_started", "speech_stopped"):
            await self.send(f"input_audio_buffer.{kind}", item_id=item)
        kind = "conversation.item.input_audio_transcription.completed"
        await self.send(kind, item_id=item, transcript=text)

    async def answered(self) -> Message:
        """The first answer to a tool call."""
        async with asyncio.timeout(12):
            while not (answers := self.tool_answers()):
                await asyncio.sleep(0.005)
        return answers[0]

    def tool_answers(self) -> list[Message]:
        items = [m["item"] for m in self.heard.of("conversation.item.create")]
        return [json.loads(i["output"]) for i in items if i["type"] == "function_call_output"]


@dataclass(slots=True)
class FakeModel:
    """Accepts sockets, says session.created and session.updated; the test says the rest."""

    refuses: bool = False
    is_slow: bool = False  # says nothing at all
    sessions: list[ModelSession] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    base: str = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self.refuses:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        session = ModelSession(socket, dict(request.headers), request.path_qs)
        self.sessions.append(session)
        self.news.set()
        if not self.is_slow:
            await session.send("session.created", session={"id": "sess_1"})
        async for message in socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                heard = json.loads(message.data)
                session.heard.add(heard)
                if heard["type"] == "session.update" and not self.is_slow:
                    await session.send("session.updated", session=heard["session"])
        session.closed.set()
        return socket

    async def session(self, number: int = 1) -> ModelSession:
        async with asyncio.timeout(SOON_S):
            while len(self.sessions) < number:
                self.news.clear()
                await self.news.wait()
        return self.sessions[number - 1]


class Phone:
    """Twilio's side of one media stream. Plays in no time: every mark comes back at once."""

    def __init__(self, url: str, web_session: aiohttp.ClientSession, number: int) -> None:
        self._url, self._web = url, web_session
        self.call_sid, self.stream_sid = f"CA{number:032x}", f"MZ{number:032x}"
        self.got = Log()
        self.closed = asyncio.Event()
        self.echoes = True
        self._media_ms = 155
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None

    async def open(self, signature: str | None = None) -> Self:
        """Upgrade; raises aiohttp.WSServerHandshakeError when refused."""
        signed = RequestValidator(AUTH_TOKEN).compute_signature(MEDIA_URL, {})
        self._socket = await self._web.ws_connect(
            self._url, headers={"X-Twilio-Signature": signed if signature is None else signature}
        )
        self._reader = asyncio.create_task(self._read(self._socket))
        return self

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            frame = json.loads(message.data)
            self.got.add(frame)
            if frame["event"] == "mark" and self.echoes and not socket.closed:
                await self.send(frame)
        self.closed.set()

    async def send(self, frame: Message) -> None:
        await self.raw(json.dumps(frame))

    async def raw(self, text: str) -> None:
        assert self._socket is not None
        await self._socket.send_str(text)

    async def binary(self, data: bytes) -> None:
        assert self._socket is not None
        await self._socket.send_bytes(data)

    async def start(self, token: str) -> None:
        await self.send({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        start = {
            "accountSid": "AC1",
            "streamSid": self.stream_sid,
            "callSid": self.call_sid,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"token": token},
        }
        await self.send(
            {
                "event": "start",
                "sequenceNumber": "1",
                "start": start,
                "streamSid": self.stream_sid,
            }
        )

    async def say(self, frames: int = 1) -> None:
        for _ in range(frames):
            media = {"track": "inbound", "chunk": "1", "timestamp": str(self._media_ms)}
            self._media_ms += 20
            await self.send(
                {
                    "event": "media",
                    "sequenceNumber": "2",
                    "media": media | {"payload": FRAME},
                    "streamSid": self.stream_sid,
                }
            )

    async def hang_up(self) -> None:
        stop = {"accountSid": "AC1", "callSid": self.call_sid}
        await self.send(
            {"event": "stop", "sequenceNumber": "9", "stop": stop, "streamSid": self.stream_sid}
        )
        await self.drop()

    async def drop(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await self._reader


def endpoint(url: str) -> RealtimeEndpoint:
    return RealtimeEndpoint(
        url, lambda: "sk-test", lambda: "salt", session_tuning("gpt-realtime-2.1")
    )


@dataclass(slots=True)
class FakeClipSource:
    has_clips: bool = True

    def get(self, words: str) -> Clip | None:
        return Clip(words, CLIP) if self.has_clips else None


@dataclass(slots=True)
class World:
    ports: Ports
    metrics: FakeMetrics
    model: FakeModel
    server: Server
    web: aiohttp.ClientSession
    url: str
    phones: list[Phone] = field(default_factory=list)

    def token(self, phone: Phone, **changes: Any) -> str:
        claims: dict[str, Any] = {
            "call_sid": phone.call_sid,
            "business_id": "coolcare_hvac",
            "caller": CALLER,
            "synthetic": False,
            "expires": int(NOW.timestamp()) + 120,
            "nonce": "n",
        }
        return mint(changes.pop("secret", SECRET), **(claims | changes))

    def phone(self) -> Phone:
        self.phones.append(Phone(self.url, self.web, len(self.phones) + 1))
        return self.phones[-1]

    async def call(self, caller: str = CALLER) -> tuple[Phone, ModelSession]:
        """A call that has begun: disclosure played, the model ready and listening."""
        phone = await self.phone().open()
        await phone.start(self.token(phone, caller=caller))
        session = await self.model.session(len(self.phones))
        await session.heard.until("session.update")
        await phone.got.until("mark")
        await phone.say()
        await session.heard.until("input_audio_buffer.append")
        return phone, session


def row(world: World, phone: Phone) -> Call:
    found = world.ports.calls.get(phone.call_sid)
    assert found is not None
    return found


async def closed(phone: Phone) -> None:
    await asyncio.wait_for(phone.closed.wait(), 10)


@asynccontextmanager
async def a_world(
    *,
    ports: Ports | None = None,
    model: FakeModel | None = None,
    max_calls: int = 10,
    has_clips: bool = True,
    journal_dir: Path | None = None,
    gauge_s: float = 15.0,
    budget: Cents | None = None,
    tools_of_call: Callable[..., CallTools] = ToolDispatcher,
    session: Callable[[], CallSession] = CallSession,
    words: WordModels = NO_MODELS,
) -> AsyncIterator[World]:
    """A served bridge with everything around it; it must be idle again at the end."""
    logging.getLogger("picows").setLevel(logging.CRITICAL)
    ports = ports or fake_ports()
    model = model or FakeModel()
    app = web.Application()
    app.router.add_get("/v1/realtime", model.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    model.base = f"{runner.addresses[0][0]}:{runner.addresses[0][1]}/v1"
    tools, writers = ThreadPoolExecutor(4), ThreadPoolExecutor(4)
    runtime = Runtime(
        dependencies=Dependencies(
            ports=ports,
            business=by_id,
            token_secrets=lambda: (SECRET, "the-secret-before"),
            clock=Clock(lambda: NOW),
            voice=ModelVoice("gpt-realtime-2.1", "marin"),
            clips=lambda _: FakeClipSource(has_clips),
            public_url=lambda: "https://calls.example.com",
            admission=Admission(ports.admissions, budget),
            pause=lambda _: None,
            tools=tools_of_call,
            words=words,
        ),
        model=partial(RealtimeLeg, endpoint(f"ws://{model.base}/realtime?model=m")),
        tools=tools,
        writers=writers,
        turns=TurnWriter(ports.turns, writers, pause=lambda s: time.sleep(min(s, 0.01))),
        traffic=Traffic(),
        journal_dir=journal_dir,
        session=session,
    )
    server = Server(
        runtime,
        media_url=MEDIA_URL,
        other_media_url=MOVED_URL,
        auth_tokens=lambda: (AUTH_TOKEN,),
        max_calls=max_calls,
        gauge_s=gauge_s,
    )
    await server.start("127.0.0.1", 0)
    assert isinstance(ports.metrics, FakeMetrics)
    async with aiohttp.ClientSession() as web_session:
        url = f"ws://127.0.0.1:{server.port}/media"
        here = World(ports, ports.metrics, model, server, web_session, url)
        try:
            yield here
        finally:
            for phone in here.phones:
                await phone.drop()
            assert await server.stop(within_s=5, finish_s=0)
            await runner.cleanup()
            for pool in (tools, writers):
                pool.shutdown()
