"""Both ends of every call in one process, with one clock: the phone, and the model.

Numbers and times ride inside the audio. Each call: 50 frames a second in; two turns of the caller's
in eight seconds, with their words, more than in the specification's call; what the bridge then
asks for is 4 s of sound in pieces of 200 ms at five times real time; every second answer is
interrupted after 500 ms, by the next turn. The calls are spread over six of them.
Marks come back when they would have been played, all of them after a clear.

Behind a splice there is no Realtime protocol: the model's end speaks and is interrupted by itself.
"""

import asyncio
import struct
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from time import perf_counter

import msgspec
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

FRAME_S, PIECE_MS, PIECES, TURN_S, BARGE_S = 0.02, 200, 20, 8.0, 0.5
SPREAD_S = 6.0  # of the first turns: after 8 s of silence the bridge asks who is there
# What caller and agent say: nothing that code would ask about, correct or read out itself.
WORDS = ("Hello, good morning.", "Let me think about that.", "Okay.", "I am still thinking.")
SAID = "Take all the time you need, I am in no hurry at all and I will be right here for you."
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
        self.is_over = False
        self.media_ms = 155.0

    def begin(self, call_sid: str, token: str) -> None:
        start = {"callSid": call_sid, "streamSid": "MZ", "customParameters": {"token": token}}
        self.tell({"event": "start", "streamSid": "MZ", "start": start})
        self.began = self.loop.time()
        self._frame()

    def hang_up(self) -> None:
        self.is_over = True
        self.tell({"event": "stop", "streamSid": "MZ", "stop": {"callSid": "CA"}})
        if self.transport is not None:
            self.transport.disconnect()

    def _frame(self) -> None:
        if self.is_over:
            return
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

    def __init__(self, tally: Tally, call: int, *, realtime: bool) -> None:
        super().__init__(tally)
        self.realtime = realtime
        self.loop = asyncio.get_running_loop()
        self.phone: Phone | None = None
        self.turn = self.answer = self.number = 0
        self.begun_at = self.cut_at = 0.0
        self.is_speaking = False
        self.first_s = 1.0 + call * 0.618 % 1 * SPREAD_S

    def on_ws_connected(self, transport: WSTransport) -> None:
        super().on_ws_connected(transport)
        if self.realtime:
            self.tell({"type": "session.created", "session": {}})
        self.loop.call_later(self.first_s, self._turn)

    def heard(self, message: dict[str, object], now: float) -> None:
        kind = message.get("type") or message.get("event")
        if kind == "input_audio_buffer.append":
            self.arrived(str(message["audio"]), now, self.tally.inward)
        elif kind == "media":
            self.arrived(message["media"]["payload"], now, self.tally.inward)  # type: ignore[index]
        elif kind == "session.update":
            self.tell({"type": "session.updated", "session": {}})
        elif kind == "response.create":
            self._speak(message["response"]["metadata"])  # type: ignore[index]
        elif kind == "conversation.item.truncate" and self.tally.warm:
            heard_ms = int(str(message["audio_end_ms"]))
            if abs(heard_ms - (self.cut_at - self.begun_at) * 1000) > 40:
                self.tally.wrong_heard += 1

    def _turn(self) -> None:
        """The caller has a turn; every second one is over the agent's words."""
        if self.transport is None or self.transport.is_disconnected:
            return
        self.turn += 1
        self.loop.call_later(BARGE_S if self.turn % 2 else TURN_S - BARGE_S, self._turn)
        if not self.realtime:
            self._speak(None)
            return
        self._interrupt()
        item = f"u{self.turn}"
        self.tell({"type": "input_audio_buffer.speech_started", "item_id": item})
        self.tell({"type": "input_audio_buffer.speech_stopped", "item_id": item})
        said = "conversation.item.input_audio_transcription.completed"
        self.tell({"type": said, "item_id": item, "transcript": WORDS[self.turn % len(WORDS)]})

    def _interrupt(self) -> None:
        """The caller speaks over what is being said, or is still being played."""
        if self.is_speaking:
            self.is_speaking = False
            done = {"id": f"r{self.answer}", "status": "cancelled", "output": []}
            self.tell({"type": "response.done", "response": done})
        if self.phone is not None and self.phone.marks:
            self.cut_at = self.phone.interrupted_at = perf_counter()
            self.tally.interrupted += self.tally.warm

    def _speak(self, metadata: object) -> None:
        self.answer += 1
        self.is_speaking = True
        if self.realtime:
            begun = {"id": f"r{self.answer}", "metadata": metadata}
            self.tell({"type": "response.created", "response": begun})
        self.begun_at = perf_counter()
        for piece in range(PIECES):
            self.loop.call_later(piece * PIECE_MS / 5000, self._piece, self.answer)
        self.loop.call_later(PIECES * PIECE_MS / 5000, self._end, self.answer)

    def _piece(self, answer: int) -> None:
        if answer != self.answer or not self.is_speaking:
            return
        self.number += 1
        sound = stamped(self.number, PIECE_MS * 8)
        self.tally.sent_out += self.tally.warm
        if not self.realtime:
            self.tell({"event": "media", "streamSid": "MZ", "media": {"payload": sound}})
            return
        where = {"response_id": f"r{answer}", "item_id": f"i{answer}"}
        self.tell({"type": "response.output_audio.delta", "delta": sound, **where})
        self.tell({"type": "response.output_audio_transcript.delta", "delta": "so ", **where})

    def _end(self, answer: int) -> None:
        if answer != self.answer or not self.is_speaking:
            return
        self.is_speaking = False
        if self.realtime:
            where = {"response_id": f"r{answer}", "item_id": f"i{answer}"}
            said = "response.output_audio_transcript.done"
            self.tell({"type": said, "transcript": SAID, **where})
            done = {"id": f"r{answer}", "status": "completed", "output": []}
            self.tell({"type": "response.done", "response": done})
