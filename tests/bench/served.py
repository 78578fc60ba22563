"""What is measured, as a process: the real bridge on ports in memory, or a bare TCP splice.

`python -m tests.bench.served bridge|splice PORT MODEL_PORT`
"""

import asyncio
import logging
import signal
import sys
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import cast

import uvloop

from services.media_bridge.call.backend import Clock, Dependencies
from services.media_bridge.call.call_metrics import Traffic
from services.media_bridge.call.context import Runtime
from services.media_bridge.call.opening.setup import ModelVoice, session_tuning
from services.media_bridge.core.events import Clip
from services.media_bridge.legs.model import RealtimeEndpoint, RealtimeLeg
from services.media_bridge.process.server import Server
from shared.actions.admission import Admission
from shared.businesses import by_id
from shared.metrics import EmfMetrics
from tests.fakes import FakeWorld, fake_ports

AUTH_TOKEN, SECRET, MEDIA_URL = "bench", "bench-secret", "wss://bench.example.com/media"


class OneFrame:
    """A disclosure of 20 ms: the load begins at once."""

    def get(self, words: str) -> Clip:
        return Clip(words, b64encode(b"\x7f" * 160).decode())


async def bridge(port: int, model_port: int) -> None:
    """The bridge as it is deployed, but for the tables."""
    metrics = EmfMetrics("local", lambda: datetime.now(UTC))
    endpoint = RealtimeEndpoint(
        f"ws://127.0.0.1:{model_port}/model", lambda: "k", lambda: "salt", session_tuning("m")
    )
    runtime = Runtime(
        dependencies=Dependencies(
            ports=replace(fake_ports(), metrics=metrics),
            business=by_id,
            token_secrets=lambda: (SECRET,),
            clock=Clock(lambda: datetime.now(UTC)),
            voice=ModelVoice("m", "v"),
            clips=OneFrame(),
            public_url=lambda: "https://bench.example.com",
            admission=Admission(FakeWorld().admissions, calls_an_hour=1_000_000),
        ),
        model=partial(RealtimeLeg, endpoint),
        tools=ThreadPoolExecutor(24),
        writers=ThreadPoolExecutor(12),
        traffic=Traffic(),
    )
    server = Server(
        runtime, media_url=MEDIA_URL, auth_tokens=lambda: (AUTH_TOKEN,), max_calls=10_000
    )
    await server.start("127.0.0.1", port)
    await _stopped()


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


if __name__ == "__main__":
    logging.getLogger("picows").setLevel(logging.CRITICAL)
    kind, port, model_port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    uvloop.run((bridge if kind == "bridge" else splice)(port, model_port))
