"""What a call costs: `python -m tests.bench.bridge [--calls 50] [--seconds 10] [--json]`.

One process plays both ends, the phone and the model, with one clock; numbers and times ride inside
the audio. It measures the bridge and, in the same run and with the same load, a bare TCP splice:
only the ratio of the two travels to another machine.

Each call: 50 frames a second in; every 4 s an agent turn of 4 s of sound in 200 ms pieces at five
times real time; every second turn is interrupted after 500 ms; marks come back when they would
have been played, all of them after a clear.
"""

import argparse
import asyncio
import json
import os
import socket
import struct
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, time
from typing import cast

import msgspec
import uvloop
from picows import (
    WSCloseCode,
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    WSUpgradeRequest,
    ws_connect,
    ws_create_server,
)
from twilio.request_validator import RequestValidator

from shared.domain.stream_token import mint
from tests.bench.served import AUTH_TOKEN, MEDIA_URL, SECRET

FRAME_S, PIECE_MS, PIECES, TURN_S, BARGE_S = 0.02, 200, 20, 4.0, 0.5
BUSY_MS = 20  # frames later than this: the machine, not the bridge, decides what is heard
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def stamped(number: int, size: int) -> str:
    """Sound of `size` bytes that says when it was sent and which it is."""
    head = struct.pack(">dI", perf_counter(), number)
    return b64encode(head + b"\x7f" * (size - len(head))).decode()


def stamp(payload: str) -> tuple[float, int]:
    sent, number = struct.unpack(">dI", b64decode(payload[:16]))
    return sent, number


@dataclass(slots=True)
class Tally:
    """Milliseconds from end to end, and what went wrong."""

    inward: list[float] = field(default_factory=list)
    outward: list[float] = field(default_factory=list)
    barge: list[float] = field(default_factory=list)
    sent_in: int = 0
    sent_out: int = 0
    reordered: int = 0
    interrupted: int = 0
    wrong_heard: int = 0  # truncations more than a frame off what was played
    warm: bool = False


class End(WSListener):
    """One end of one call."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.transport: WSTransport | None = None
        self.last = -1

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.TEXT:
            self.heard(_decode(frame.get_payload_as_memoryview()), perf_counter())
        elif frame.msg_type == WSMsgType.CLOSE:
            transport.send_close(WSCloseCode.OK)
            transport.disconnect()

    def tell(self, message: object) -> None:
        if self.transport is not None and not self.transport.is_disconnected:
            self.transport.send(WSMsgType.TEXT, _encode(message))

    def heard(self, message: dict[str, object], now: float) -> None:
        raise NotImplementedError

    def arrived(self, payload: str, now: float, into: list[float]) -> None:
        sent, number = stamp(payload)
        if number < self.last:
            self.tally.reordered += 1
        self.last = number
        if self.tally.warm:
            into.append((now - sent) * 1000)


class Phone(End):
    """Twilio's end: plays in real time, and knows to the millisecond what was played."""

    def __init__(self, tally: Tally) -> None:
        super().__init__(tally)
        self.loop = asyncio.get_running_loop()
        self.marks: list[str] = []
        self.began = 0.0
        self.plays_until = 0.0
        self.interrupted_at = 0.0
        self.number = 0
        self.media_ms = 155.0

    def begin(self, call_sid: str, token: str) -> None:
        start = {"callSid": call_sid, "streamSid": "MZ", "customParameters": {"token": token}}
        self.tell({"event": "start", "streamSid": "MZ", "start": start})
        self.began = self.loop.time()
        self._frame()

    def _frame(self) -> None:
        self.number += 1
        due = self.began + self.number * FRAME_S
        self.loop.call_at(due, self._frame)
        media = {"timestamp": str(int(self.media_ms)), "payload": stamped(self.number, 160)}
        self.media_ms += 20
        self.tally.sent_in += self.tally.warm
        self.tell({"event": "media", "streamSid": "MZ", "media": media})

    def heard(self, message: dict[str, object], now: float) -> None:
        kind = message["event"]
        if kind == "media":
            payload = message["media"]["payload"]  # type: ignore[index]
            length = len(payload) * 3 // 4
            self.plays_until = max(now, self.plays_until) + length / 8000
            if length > 1000:  # the disclosure's clip is shorter, and carries no stamp
                self.arrived(payload, now, self.tally.outward)
        elif kind == "mark":
            name: str = message["mark"]["name"]  # type: ignore[index]
            self.marks.append(name)
            self.loop.call_later(max(0.0, self.plays_until - now), self._played, name)
        elif kind == "clear":
            if self.interrupted_at and self.tally.warm:
                self.tally.barge.append((now - self.interrupted_at) * 1000)
            self.interrupted_at, self.plays_until = 0.0, now
            for name in list(self.marks):
                self._played(name)

    def _played(self, name: str) -> None:
        if name in self.marks:
            self.marks.remove(name)
            self.tell({"event": "mark", "streamSid": "MZ", "mark": {"name": name}})


class Model(End):
    """The model's end. Behind a splice there is no Realtime protocol, only sound."""

    def __init__(self, tally: Tally, *, realtime: bool) -> None:
        super().__init__(tally)
        self.realtime = realtime
        self.loop = asyncio.get_running_loop()
        self.phone: Phone | None = None
        self.turn = self.number = 0
        self.begun_at = self.cut_at = 0.0
        self.is_cut = False

    def on_ws_connected(self, transport: WSTransport) -> None:
        super().on_ws_connected(transport)
        if self.realtime:
            self.tell({"type": "session.created", "session": {}})
        self.loop.call_later(1.0, self._speak)

    def heard(self, message: dict[str, object], now: float) -> None:
        kind = message.get("type") or message.get("event")
        if kind == "input_audio_buffer.append":
            self.arrived(str(message["audio"]), now, self.tally.inward)
        elif kind == "media":
            self.arrived(message["media"]["payload"], now, self.tally.inward)  # type: ignore[index]
        elif kind == "session.update":
            self.tell({"type": "session.updated", "session": {}})
        elif kind == "conversation.item.truncate" and self.tally.warm:
            heard_ms = int(str(message["audio_end_ms"]))
            if abs(heard_ms - (self.cut_at - self.begun_at) * 1000) > 40:
                self.tally.wrong_heard += 1

    def _speak(self) -> None:
        self.loop.call_later(TURN_S, self._speak)
        self.turn += 1
        self.is_cut = False
        if self.realtime:
            self.tell({"type": "response.created", "response": {"id": f"r{self.turn}"}})
        self.begun_at = perf_counter()
        for piece in range(PIECES):
            self.loop.call_later(piece * PIECE_MS / 5000, self._piece, self.turn)
        self.loop.call_later(PIECES * PIECE_MS / 5000, self._end, self.turn)
        if self.turn % 2 == 0 and self.realtime:
            self.loop.call_later(BARGE_S, self._interrupt)

    def _piece(self, turn: int) -> None:
        if self.is_cut:
            return
        self.number += 1
        sound = stamped(self.number, PIECE_MS * 8)
        self.tally.sent_out += self.tally.warm
        if not self.realtime:
            self.tell({"event": "media", "streamSid": "MZ", "media": {"payload": sound}})
            return
        where = {"response_id": f"r{turn}", "item_id": f"i{turn}"}
        self.tell({"type": "response.output_audio.delta", "delta": sound, **where})
        self.tell({"type": "response.output_audio_transcript.delta", "delta": "so ", **where})

    def _end(self, turn: int) -> None:
        if self.realtime:
            status = "cancelled" if self.is_cut else "completed"
            done = {"id": f"r{turn}", "status": status, "output": []}
            self.tell({"type": "response.done", "response": done})

    def _interrupt(self) -> None:
        self.is_cut = True
        if self.phone is None:
            return
        self.cut_at = self.phone.interrupted_at = perf_counter()
        self.tally.interrupted += self.tally.warm
        item = f"u{self.turn}"
        self.tell({"type": "input_audio_buffer.speech_started", "item_id": item})
        self.tell({"type": "input_audio_buffer.speech_stopped", "item_id": item})
        said = "conversation.item.input_audio_transcription.completed"
        self.tell({"type": said, "item_id": item, "transcript": "Wait."})


# -- one run -------------------------------------------------------------------------------


@contextmanager
def process(kind: str, port: int, model_port: int) -> Iterator[int]:
    argv = [sys.executable, "-m", "tests.bench.served", kind, str(port), str(model_port)]
    child = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        assert child.stderr is not None
        if child.stderr.readline() != b"ready\n":
            raise RuntimeError(f"{kind} did not start")
        yield child.pid
    finally:
        child.terminate()
        child.wait(10)
        if child.stderr is not None:
            child.stderr.close()


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_kb(pid: int) -> int:
    return (
        int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") // 1024
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def measure(kind: str, calls: int, seconds: float) -> dict[str, object]:
    """One load on one process."""
    tally = Tally()
    models: list[Model] = []
    phones: list[Phone] = []

    def answer(request: WSUpgradeRequest) -> Model:
        models.append(Model(tally, realtime=request.path.startswith(b"/model")))
        return models[-1]

    server = await ws_create_server(answer, "127.0.0.1", 0)
    port, model_port = free_port(), server.sockets[0].getsockname()[1]
    with process(kind, port, model_port) as pid:
        idle = rss_kb(pid)
        for n in range(calls):
            await _call(partial(Phone, tally), f"ws://127.0.0.1:{port}/media", n, phones)
            while len(models) <= n:  # one after the other, so that phone and model pair up
                await asyncio.sleep(0.002)
            models[n].phone = phones[n]
        await asyncio.sleep(3)
        tally.warm, before, began = True, cpu_s(pid), perf_counter()
        await asyncio.sleep(seconds)
        tally.warm = False
        spent, lasted, full = cpu_s(pid) - before, perf_counter() - began, rss_kb(pid)
    server.close()
    return _report(tally, calls, spent, lasted, (full - idle) / calls)


async def _call(make: Callable[[], Phone], url: str, number: int, phones: list[Phone]) -> None:
    signed = RequestValidator(AUTH_TOKEN).compute_signature(MEDIA_URL, {})
    _, phone = await ws_connect(make, url, extra_headers={"X-Twilio-Signature": signed})
    assert isinstance(phone, Phone)
    call_sid = f"CA{number:032x}"
    token = mint(
        SECRET,
        call_sid=call_sid,
        business_id="coolcare_hvac",
        caller="+15551230000",
        synthetic=True,
        expires=int(time()) + 120,
        nonce="n",
    )
    phones.append(phone)
    phone.begin(call_sid, token)


def _report(tally: Tally, calls: int, spent: float, lasted: float, kb: float) -> dict[str, object]:
    def quantiles(values: list[float]) -> list[float]:
        ordered = sorted(values)
        if not ordered:
            return []
        worst = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
        return [round(median(ordered), 3), round(worst, 3)]

    return {
        "calls": calls,
        "cpu_s_per_call_minute": round(spent / calls / lasted * 60, 4),
        "inward_ms_p50_p99": quantiles(tally.inward),
        "outward_ms_p50_p99": quantiles(tally.outward),
        "barge_in_ms_p50_p99": quantiles(tally.barge),
        "lost_inward": max(0, tally.sent_in - len(tally.inward) - calls),
        "reordered": tally.reordered,
        "interrupted": tally.interrupted,
        "cleared": len(tally.barge),
        "wrong_heard": tally.wrong_heard,
        "rss_kb_per_call": round(kb),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bridge", description=__doc__)
    parser.add_argument("--calls", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--most", type=float, metavar="RATIO", help="fail above this CPU ratio")
    given = parser.parse_args()
    found = {
        kind: uvloop.run(measure(kind, given.calls, given.seconds)) for kind in ("splice", "bridge")
    }
    ratio = float(str(found["bridge"]["cpu_s_per_call_minute"])) / max(
        1e-9, float(str(found["splice"]["cpu_s_per_call_minute"]))
    )
    print(json.dumps({**found, "cpu_ratio": round(ratio, 2)}, indent=2))
    return 0 if is_right(found["bridge"]) and (given.most is None or ratio <= given.most) else 1


def is_right(bridge: dict[str, object]) -> bool:
    """Nothing lost, reordered or missed; and where the machine kept up, truncated to the frame."""
    kept_up = max(cast(list[float], bridge["inward_ms_p50_p99"]), default=0) < BUSY_MS
    return (
        not bridge["lost_inward"]
        and not bridge["reordered"]
        and bridge["cleared"] == bridge["interrupted"]
        and (not bridge["wrong_heard"] or not kept_up)
    )


if __name__ == "__main__":
    sys.exit(main())
