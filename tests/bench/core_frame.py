"""What one frame costs in the core and the codecs, without any socket: microseconds, best of five.

python -m tests.bench.core_frame
"""

import json
from collections.abc import Callable
from time import perf_counter

from services.media_bridge.call.opening.setup import session_tuning
from services.media_bridge.core import events as ev
from services.media_bridge.wire import twilio
from services.media_bridge.wire.realtime import client_events, server_events
from tests.scripted import ScriptedCall, sound

ROUNDS = 20_000


def best(name: str, work: Callable[[], object]) -> None:
    fastest = min(_timed(work) for _ in range(5))
    print(f"{fastest:7.2f} µs  {name}")


def _timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    for _ in range(ROUNDS):
        work()
    return (perf_counter() - began) / ROUNDS * 1e6


def main() -> None:
    session, tuning = ScriptedCall().live().session, session_tuning("gpt-realtime-2.1")
    frame = json.dumps(
        {
            "event": "media",
            "sequenceNumber": "74",
            "media": {"track": "inbound", "chunk": "73", "timestamp": "1593", "payload": sound(20)},
            "streamSid": "MZ" + "1" * 32,
        }
    ).encode()
    heard = twilio.decode(frame, 1)
    assert isinstance(heard, ev.CallerAudio)
    (command,) = session.handle(heard)

    def inbound() -> None:
        event = twilio.decode(frame, 1)
        assert isinstance(event, ev.CallerAudio)
        for command in session.handle(event):
            client_events.encode(command, tuning)

    best("Twilio frame -> event", lambda: twilio.decode(frame, 1))
    best("event -> commands (the core, caller's audio)", lambda: session.handle(heard))
    best("command -> append frame", lambda: client_events.encode(command, tuning))
    best("a caller's frame from wire to wire", inbound)
    _outbound()


def _outbound() -> None:
    call = ScriptedCall().live()
    response = call.starts()
    delta = json.dumps(
        {
            "type": "response.output_audio.delta",
            "event_id": "event_1",
            "response_id": response,
            "item_id": "item_1",
            "output_index": 0,
            "content_index": 0,
            "delta": sound(200),
        }
    ).encode()
    session = call.session

    def outbound() -> None:
        event = server_events.decode(delta, 1)
        assert isinstance(event, ev.AgentAudio)
        for command in session.handle(event):
            frame = twilio.encode(command, "MZ1")
            if frame is not None and b'"mark"' in frame[:20]:
                name = json.loads(frame)["mark"]["name"]
                session.handle(ev.MarkEchoed(1, name))

    best("an agent's delta of 200 ms from wire to wire, and its mark back", outbound)


if __name__ == "__main__":
    main()
