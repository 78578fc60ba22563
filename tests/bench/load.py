"""Both ends of every call in one process, with one clock: the phone, and the model.

Numbers and times ride inside the audio. Each call: 50 frames a second in; one turn of the caller's
in eight seconds, with its words, and the answer that the bridge then asks for: 4 s of sound in 20
pieces of 200 ms at five times real time, as many pieces of its words, and the events around them.
Every second answer is spoken over when 2 s of it were played; for every fourth the model calls a
tool first. Some 57 messages a second. A call begins with a word and a short answer; from its third
second on it is somewhere in its 32 seconds of four turns, each call elsewhere.
Marks come back when they would have been played, all of them after a clear.

Behind a splice there is no Realtime protocol: the model's end speaks and is interrupted by itself.
"""

import asyncio
import ctypes
import os
import struct
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from time import perf_counter

import msgspec
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

FRAME_S, PIECE_MS, PIECES = 0.02, 200, 20
EVERY_S = 8.0  # between the caller's turns, of two the mean
TALK_S, BARGE_S = 0.5, 2.0  # how long they speak; so much of an answer was played by then
UNTIL_BARGE_S = TALK_S + BARGE_S
HELLO_PIECES, BEGUN_S = 2, 3.0
# What caller and agent say, each time in other words (what is kept of words it has seen would make
# a bridge look quick): nothing that code would ask about, correct or read out itself.
CALLER = (
    ("Hello,", "Okay,", "Alright,", "Well,", "Yes,", "Sure,", "Hm,"),
    ("let me think", "I am looking", "I was thinking", "let me look", "I am reading"),
    ("about that", "for my paper", "for a moment", "for my glasses", "a little more"),
)
AGENT = (
    (
        "Take all the time you need,",
        "There is no rush,",
        "That is fine,",
        "Please go ahead,",
        "Sure,",
    ),
    ("I am in no hurry at all,", "I can stay on the phone,", "nobody is waiting behind you,"),
    ("and I will be right here", "and I will stay right here", "and I am still listening to you"),
    ("on the line for you, okay.", "until you are back again.", "whenever you want to go on."),
)
TOOL, ASKED = "get_pricing_quote", '{"service_type":"maintenance","description":"yearly"}'
READ = "Say exactly: "  # what a sentence that is to be read stands behind
_USAGE = {
    "total_tokens": 320,
    "input_tokens": 132,
    "output_tokens": 188,
    "input_token_details": {"text_tokens": 59, "audio_tokens": 73, "cached_tokens": 64},
    "output_token_details": {"text_tokens": 41, "audio_tokens": 147},
}
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def stamped(number: int, size: int) -> str:
    """Sound of `size` bytes that says when it was sent and which it is."""
    head = struct.pack(">dI", perf_counter(), number)
    return b64encode(head + b"\x7f" * (size - len(head))).decode()


def words(parts: tuple[tuple[str, ...], ...], number: int) -> str:
    """One of each part: every number gives another sentence, as long as there are others."""
    chosen = []
    for part in parts:
        number, at = divmod(number, len(part))
        chosen.append(part[at])
    return " ".join(chosen)


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


class Beat:
    """Has each phone send its frame of 20 ms, one phone after the other.

    Frames of different calls have nothing to do with one another. The loop's own timers know
    milliseconds only: they would send those of five calls at once, and spare whoever reads them
    four of five awakenings.
    """

    def __init__(self, calls: int) -> None:
        self.seats: list[Phone | None] = [None] * calls
        self._next = 0
        libc = ctypes.CDLL(None)
        self._timer: int = libc.timerfd_create(1, os.O_NONBLOCK)  # CLOCK_MONOTONIC
        each_ns = int(FRAME_S * 1e9 / calls)
        libc.timerfd_settime(self._timer, 0, struct.pack("llll", 0, each_ns, 0, each_ns), None)
        asyncio.get_running_loop().add_reader(self._timer, self._due)

    def _due(self) -> None:
        (times,) = struct.unpack("Q", os.read(self._timer, 8))
        for _ in range(times):
            phone = self.seats[self._next]
            self._next = (self._next + 1) % len(self.seats)
            if phone is not None:
                phone.frame()

    def stop(self) -> None:
        asyncio.get_running_loop().remove_reader(self._timer)
        os.close(self._timer)


class Phone(End):
    """Twilio's end: plays in real time, and knows to the millisecond what was played."""

    def __init__(self, tally: Tally) -> None:
        super().__init__(tally)
        self.loop = asyncio.get_running_loop()
        self.marks: list[str] = []
        self.plays_until = 0.0
        self.interrupted_at = 0.0
        self.number = 0
        self.is_over = False
        self.media_ms = 155.0

    def begin(self, call_sid: str, token: str) -> None:
        start = {"callSid": call_sid, "streamSid": "MZ", "customParameters": {"token": token}}
        self.tell({"event": "start", "streamSid": "MZ", "start": start})

    def hang_up(self) -> None:
        self.is_over = True
        self.tell({"event": "stop", "streamSid": "MZ", "stop": {"callSid": "CA"}})
        if self.transport is not None:
            self.transport.disconnect()

    def frame(self) -> None:
        if self.is_over:
            return
        self.number += 1
        media = {
            "track": "inbound",
            "chunk": str(self.number),
            "timestamp": str(int(self.media_ms)),
        }
        self.media_ms += 20
        self.tally.sent_in += self.tally.warm
        media["payload"] = stamped(self.number, 160)
        sequence = str(self.number + 1)
        self.tell({"event": "media", "sequenceNumber": sequence, "media": media, "streamSid": "MZ"})

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

    def __init__(
        self, tally: Tally, call: int, *, realtime: bool, every_s: float = EVERY_S
    ) -> None:
        super().__init__(tally)
        self.realtime, self.every_s = realtime, every_s
        self.loop = asyncio.get_running_loop()
        self.phone: Phone | None = None
        self.turn = self.answer = self.number = 0
        self.begun_at = self.cut_at = 0.0
        self.is_speaking = self.is_calling = False
        self.first = call * 37  # of the words
        self.place = call * 0.618 % 1  # in the four turns, when the call has begun

    def on_ws_connected(self, transport: WSTransport) -> None:
        super().on_ws_connected(transport)
        if self.realtime:
            self.event("session.created", session={})
        self.loop.call_later(self.place, self._hello)
        cycle = (0.0, UNTIL_BARGE_S, 2 * self.every_s, 2 * self.every_s + UNTIL_BARGE_S)
        at = self.place * 4 * self.every_s
        self.turn = sum(turn_s <= at for turn_s in cycle)
        until = (*cycle, 4 * self.every_s)[self.turn] - at
        self.loop.call_later(BEGUN_S + until, self._turn)

    def event(self, kind: str, **fields: object) -> None:
        self.tell({"type": kind, "event_id": f"event_{self.number}", **fields})

    def heard(self, message: dict[str, object], now: float) -> None:
        kind = message.get("type") or message.get("event")
        if kind == "input_audio_buffer.append":
            self.arrived(str(message["audio"]), now, self.tally.inward)
        elif kind == "media":
            self.arrived(message["media"]["payload"], now, self.tally.inward)  # type: ignore[index]
        elif kind == "session.update":
            self.event("session.updated", session={})
        elif kind == "response.create":
            self._answer(message["response"])  # type: ignore[arg-type]
        elif kind == "conversation.item.truncate" and self.tally.warm:
            heard_ms = int(str(message["audio_end_ms"]))
            if abs(heard_ms - (self.cut_at - self.begun_at) * 1000) > 40:
                self.tally.wrong_heard += 1

    # -- the caller's turns, as the server tells them -------------------------------------------

    def _hello(self) -> None:
        if self.realtime:
            self.event("input_audio_buffer.speech_started", item_id="u0", audio_start_ms=1)
            self._turn_is_over("u0")

    def _turn(self) -> None:
        """The caller begins to speak, every second time over the agent's words."""
        if self.transport is None or self.transport.is_disconnected:
            return
        self.turn += 1
        after_s = UNTIL_BARGE_S if self.turn % 2 else 2 * self.every_s - UNTIL_BARGE_S
        self.loop.call_later(after_s, self._turn)
        if not self.realtime:
            self.loop.call_later(TALK_S, self._speak, None, "")
            return
        self._interrupt()
        self.event("input_audio_buffer.speech_started", item_id=f"u{self.turn}", audio_start_ms=1)
        self.is_calling = self.turn % 4 == 0
        self.loop.call_later(TALK_S, self._turn_is_over, f"u{self.turn}")

    def _turn_is_over(self, item_id: str) -> None:
        self.event("input_audio_buffer.speech_stopped", item_id=item_id, audio_end_ms=2)
        self.event("input_audio_buffer.committed", item_id=item_id, previous_item_id=None)
        self._added(item_id, "user")
        said = "conversation.item.input_audio_transcription.completed"
        self.event(said, item_id=item_id, transcript=words(CALLER, self.first + self.turn))

    def _added(self, item_id: str, role: str) -> None:
        item = {"id": item_id, "type": "message", "role": role, "content": []}
        self.event("conversation.item.added", previous_item_id=None, item=item)

    def _interrupt(self) -> None:
        """The caller speaks over what is being said, or is still being played."""
        if self.is_speaking:
            self.is_speaking = False
            self._done("cancelled")
        if self.phone is not None and self.phone.marks:
            self.cut_at = self.phone.interrupted_at = perf_counter()
            self.tally.interrupted += self.tally.warm

    # -- responses ------------------------------------------------------------------------------

    def _answer(self, response: dict[str, object]) -> None:
        """A tool first, where it is its turn; then the words, a sentence that is to be read."""
        self.answer += 1
        begun = {"id": f"r{self.answer}", "status": "in_progress", "output": []}
        self.event("response.created", response={**begun, "metadata": response.get("metadata")})
        if self.is_calling:
            self.is_calling = False
            self._call()
            return
        item_id = f"i{self.answer}"
        item = {"id": item_id, "type": "message", "role": "assistant", "content": []}
        self.event("response.output_item.added", **self._where(), item=item)
        self._added(item_id, "assistant")
        part = {"type": "audio", "transcript": ""}
        self.event("response.content_part.added", **self._where(), part=part)
        asked = str(response.get("instructions") or "")
        own = words(AGENT, self.first + self.answer)
        self._speak(self.answer, asked.removeprefix(READ) if asked.startswith(READ) else own)

    def _call(self) -> None:
        item = {"id": f"i{self.answer}", "type": "function_call", "status": "completed"}
        item |= {"name": TOOL, "call_id": f"c{self.answer}", "arguments": ASKED}
        self.event("response.output_item.done", **self._where(), item=item)
        self._done("completed")

    def _where(self) -> dict[str, object]:
        at = {"output_index": 0, "content_index": 0}
        return {"response_id": f"r{self.answer}", "item_id": f"i{self.answer}", **at}

    def _speak(self, answer: int | None, said: str) -> None:
        if answer is None:
            self.answer += 1
        self.is_speaking = True
        self.begun_at = perf_counter()
        pieces, length = HELLO_PIECES if self.answer == 1 else PIECES, len(said)
        for piece in range(pieces):
            some = said[length * piece // pieces : length * (piece + 1) // pieces]
            self.loop.call_later(piece * PIECE_MS / 5000, self._piece, self.answer, some)
        self.loop.call_later(pieces * PIECE_MS / 5000, self._end, self.answer, said)

    def _piece(self, answer: int, some: str) -> None:
        if answer != self.answer or not self.is_speaking:
            return
        self.number += 1
        if self.realtime:
            self.event("response.output_audio_transcript.delta", **self._where(), delta=some)
        sound = stamped(self.number, PIECE_MS * 8)
        self.tally.sent_out += self.tally.warm
        if self.realtime:
            self.event("response.output_audio.delta", **self._where(), delta=sound)
        else:
            self.tell({"event": "media", "streamSid": "MZ", "media": {"payload": sound}})

    def _end(self, answer: int, said: str) -> None:
        if answer != self.answer or not self.is_speaking:
            return
        self.is_speaking = False
        if not self.realtime:
            return
        where, content = self._where(), [{"type": "output_audio", "transcript": said}]
        item = {"id": where["item_id"], "type": "message", "status": "completed"}
        item |= {"role": "assistant", "content": content}
        self.event("response.output_audio.done", **where)
        self.event("response.output_audio_transcript.done", **where, transcript=said)
        self.event("response.content_part.done", **where, part=content[0])
        self.event("response.output_item.done", **where, item=item)
        self.event("conversation.item.done", item=item)
        self._done("completed")
        self.event("rate_limits.updated", rate_limits=[])

    def _done(self, status: str) -> None:
        done = {"id": f"r{self.answer}", "status": status, "output": [], "usage": _USAGE}
        self.event("response.done", response=done)
