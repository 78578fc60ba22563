"""What is measured, as a process: `python -m tests.bench.served KIND PORT MODEL_PORT TABLE_PORT`.

bridge: this bridge over boto3. memory: the same with its tables in memory. relay: frames translated
and nothing behind it. splice: bytes. With JOURNAL_DIR set the bridge keeps journals.
"""

import asyncio
import logging
import os
import signal
import sys
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import cast

import msgspec
import uvloop
from picows import (
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    ws_connect,
    ws_create_server,
)

from services.media_bridge.call.backend import Clock, Dependencies
from services.media_bridge.call.call_metrics import Traffic
from services.media_bridge.call.context import Runtime
from services.media_bridge.call.opening.setup import ModelVoice, session_tuning
from services.media_bridge.call.records.turn_writer import TurnWriter
from services.media_bridge.call.word_models import WordModels
from services.media_bridge.core.events import Clip
from services.media_bridge.legs.model import RealtimeEndpoint, RealtimeLeg
from services.media_bridge.process import claim_weights
from services.media_bridge.process.server import Server
from shared.actions.admission import Admission
from shared.actions.ports import Ports
from shared.adapters import hazard_weights
from shared.adapters.dynamo.admissions import DynamoAdmissions
from shared.adapters.dynamo.calls import DynamoCalls
from shared.adapters.dynamo.turns import DynamoTurns
from shared.adapters.wiring import dynamo_client
from shared.businesses import by_id
from shared.metrics import EmfMetrics
from tests.fakes import fake_ports


class _Sound(msgspec.Struct):
    payload: str


class _RelayMark(msgspec.Struct):
    name: str


class _TwilioFrame(msgspec.Struct):
    media: _Sound | None = None
    mark: _RelayMark | None = None


class _Called(msgspec.Struct, frozen=True):
    call_id: str = ""


class _RealtimeEvent(msgspec.Struct):
    type: str
    item_id: str = ""
    delta: str = ""
    item: _Called = _Called()


_twilio = msgspec.json.Decoder(_TwilioFrame).decode
_realtime = msgspec.json.Decoder(_RealtimeEvent).decode
_encode = msgspec.json.Encoder().encode

AUTH_TOKEN, SECRET, MEDIA_URL = "bench", "bench-secret", "wss://bench.example.com/media"


class OneFrame:
    """A disclosure of 20 ms: the load begins at once."""

    def get(self, words: str) -> Clip:
        return Clip(words, b64encode(b"\x7f" * 160).decode())


async def bridge(port: int, model_port: int, table_port: int | None) -> None:
    """The bridge as it is deployed; without `table_port` its tables are in memory."""
    metrics = EmfMetrics("local", lambda: datetime.now(UTC))
    ports = replace(fake_ports(), metrics=metrics)
    if table_port is not None:
        ports = over_boto3(ports, table_port)
    endpoint = RealtimeEndpoint(
        f"ws://127.0.0.1:{model_port}/model", lambda: "k", lambda: "salt", session_tuning("m")
    )
    runtime = Runtime(
        dependencies=Dependencies(
            ports=ports,
            business=by_id,
            token_secrets=lambda: (SECRET,),
            clock=Clock(lambda: datetime.now(UTC)),
            voice=ModelVoice("m", "v"),
            clips=lambda _: OneFrame(),
            public_url=lambda: "https://bench.example.com",
            admission=Admission(ports.admissions, calls_an_hour=1_000_000),
            words=WordModels(hazard_weights.load().verdict, claim_weights.load().read),
        ),
        model=partial(RealtimeLeg, endpoint),
        tools=ThreadPoolExecutor(24),
        writers=ThreadPoolExecutor(12),
        turns=TurnWriter(ports.turns, ThreadPoolExecutor(1)),
        traffic=Traffic(),
        journal_dir=Path(folder) if (folder := os.environ.get("JOURNAL_DIR")) else None,
    )
    server = Server(
        runtime, media_url=MEDIA_URL, auth_tokens=lambda: (AUTH_TOKEN,), max_calls=10_000
    )
    await server.start("127.0.0.1", port)
    await _stopped()


def over_boto3(ports: Ports, table_port: int) -> Ports:
    os.environ.update(AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench")
    client = dynamo_client(region="us-east-1", endpoint_url=f"http://127.0.0.1:{table_port}")
    prefix = "bench-"
    return replace(
        ports,
        calls=DynamoCalls(client, prefix),
        turns=DynamoTurns(client, prefix),
        admissions=DynamoAdmissions(client, prefix),
    )


class RelayLine(WSListener):
    """The caller's side of a relay: what a bridge would be without anything to decide."""

    def __init__(self, model_port: int) -> None:
        self._model_port, self._model = model_port, RelayModel(self)
        self.transport: WSTransport | None = None
        self._dialling: asyncio.Task[object] | None = None
        self.pending, self._generation = 0, 0  # marks that did not come back
        self.began = 0.0  # when what is being played began

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport
        url = f"ws://127.0.0.1:{self._model_port}/model"
        dial = ws_connect(lambda: self._model, url)
        self._dialling = asyncio.get_running_loop().create_task(dial)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type != WSMsgType.TEXT:
            transport.disconnect()
            return
        message = _twilio(frame.get_payload_as_memoryview())
        if message.media is not None:
            audio = {"type": "input_audio_buffer.append", "audio": message.media.payload}
            self._model.tell(audio)
        elif message.mark is not None:
            self.pending -= message.mark.name == f"g{self._generation}"

    def play(self, payload: str) -> None:
        if not self.pending:
            self.began = perf_counter()
        self.pending += 1
        self.tell({"event": "media", "streamSid": "MZ", "media": {"payload": payload}})
        name = {"name": f"g{self._generation}"}
        self.tell({"event": "mark", "streamSid": "MZ", "mark": name})

    def clear(self) -> None:
        self.pending, self._generation = 0, self._generation + 1
        self.tell({"event": "clear", "streamSid": "MZ"})

    def tell(self, message: object) -> None:
        if self.transport is not None and not self.transport.is_disconnected:
            self.transport.send(WSMsgType.TEXT, _encode(message))


class RelayModel(WSListener):
    """The model's side of a relay."""

    def __init__(self, line: RelayLine) -> None:
        self._line = line
        self.transport: WSTransport | None = None
        self._asked, self._item = 0, ""

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type != WSMsgType.TEXT:
            transport.disconnect()
            return
        message = _realtime(frame.get_payload_as_memoryview())
        if message.type == "response.output_audio.delta":
            self._item = message.item_id
            self._line.play(message.delta)
        elif message.type == "input_audio_buffer.speech_started":
            self._interrupted()
        elif message.type == "input_audio_buffer.speech_stopped":
            self._ask()
        elif message.type == "response.output_item.done" and message.item.call_id:
            output = {"call_id": message.item.call_id, "output": "{}"}
            item = {"type": "function_call_output", **output}
            self.tell({"type": "conversation.item.create", "item": item})
            self._ask()

    def _interrupted(self) -> None:
        if self._line.pending:
            self._line.clear()
            heard_ms = round((perf_counter() - self._line.began) * 1000)
            cut = {"item_id": self._item, "content_index": 0, "audio_end_ms": heard_ms}
            self.tell({"type": "conversation.item.truncate", **cut})

    def _ask(self) -> None:
        self._asked += 1
        asked = {"metadata": {"request_id": f"q{self._asked}"}}
        self.tell({"type": "response.create", "response": asked})

    def tell(self, message: object) -> None:
        if self.transport is not None and not self.transport.is_disconnected:
            self.transport.send(WSMsgType.TEXT, _encode(message))


async def relay(port: int, model_port: int) -> None:
    server = await ws_create_server(lambda _: RelayLine(model_port), "127.0.0.1", port)
    await _stopped()
    server.close()


class Half(asyncio.Protocol):
    """One side of a splice."""

    def __init__(self, other: "Half | None" = None) -> None:
        self.other = other
        self.transport: asyncio.Transport | None = None
        self.early: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        for data in self.early:
            self.transport.write(data)

    def data_received(self, data: bytes) -> None:
        assert self.other is not None
        if self.other.transport is None:
            self.other.early.append(data)
        else:
            self.other.transport.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()


async def splice(port: int, model_port: int) -> None:
    """The least a process between two sockets can do, in Python."""
    loop = asyncio.get_running_loop()
    dials = set[asyncio.Task[object]]()

    def accept() -> Half:
        near, far = Half(), Half()
        near.other, far.other = far, near
        dial = loop.create_task(loop.create_connection(lambda: far, "127.0.0.1", model_port))
        dials.add(dial)
        dial.add_done_callback(dials.discard)
        return near

    await loop.create_server(accept, "127.0.0.1", port)
    await _stopped()


async def _stopped() -> None:
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    sys.stderr.write("ready\n")
    sys.stderr.flush()
    await stopped.wait()


async def serve(kind: str, port: int, model_port: int, table_port: int) -> None:
    if kind in ("bridge", "memory"):
        await bridge(port, model_port, table_port if kind == "bridge" else None)
    elif kind == "relay":
        await relay(port, model_port)
    else:
        await splice(port, model_port)


if __name__ == "__main__":
    logging.getLogger("picows").setLevel(logging.CRITICAL)
    uvloop.run(serve(sys.argv[1], *map(int, sys.argv[2:5])))
