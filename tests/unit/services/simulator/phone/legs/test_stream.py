"""Media Streams: what is sent, in which shape and order, and what is refused."""

import base64
import json
from itertools import groupby

import pytest
from aiohttp import web
from twilio.request_validator import RequestValidator

from services.simulator.caller.sending import CallerTick
from services.simulator.phone.legs.stream import BadMessage, checked
from tests.unit.services.simulator.phone.phone_bench import Bench, ScriptedPhone, reading, response

STREAM = (
    '<Connect action="/after"><Stream url="WS" statusCallback="/stream-status">'
    '<Parameter name="token" value="t-1"/></Stream></Connect>'
)
ANSWERS = {
    "/incoming": response(STREAM),
    "/after": response("<Hangup/>"),
    "/stream-status": response(""),
}


async def _until(socket: web.WebSocketResponse, bench: Bench, event: str) -> dict[str, object]:
    while True:
        message = json.loads(await socket.receive_str())
        bench.received.append(message)
        if message["event"] == event:
            return dict(message)


class WaitingPhone(ScriptedPhone):
    """Does nothing before the server has read `start`."""

    def __init__(self, bench: Bench, *ticks: CallerTick) -> None:
        super().__init__(*ticks, patience=3)
        self._bench = bench

    def tick(self, heard: bytes) -> CallerTick:
        if len(self._bench.received) < 2:
            return CallerTick()
        return super().tick(heard)


def test_a_stream_begins_and_ends_in_twilios_order() -> None:
    bench = Bench(dict(ANSWERS), reading)
    call = bench.call(WaitingPhone(bench, CallerTick(keys="7")))
    events = [message["event"] for message in bench.received]
    assert [event for event, _ in groupby(events) if event != "media"] == [
        "connected",
        "start",
        "dtmf",
        "stop",
    ]
    connected, start = bench.received[:2]
    assert connected == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    assert start["start"]["customParameters"] == {"token": "t-1"}
    assert start["start"]["callSid"] == call.sid
    numbers = [message["sequenceNumber"] for message in bench.received[1:]]
    assert numbers == [str(number + 1) for number in range(len(numbers))]
    assert call.streams[0].ended_by == "caller"


def test_media_counts_its_chunks_and_its_clock_does_not_begin_at_zero() -> None:
    bench = Bench(dict(ANSWERS), reading)
    bench.call(WaitingPhone(bench, CallerTick(keys="7")))
    media = [message["media"] for message in bench.received if message["event"] == "media"]
    assert [chunk["chunk"] for chunk in media] == [str(n + 1) for n in range(len(media))]
    assert [chunk["timestamp"] for chunk in media] == [str(155 + 20 * n) for n in range(len(media))]
    dtmf = next(message["dtmf"] for message in bench.received if message["event"] == "dtmf")
    assert dtmf == {"track": "inbound_track", "digit": "7"}


def test_the_upgrade_is_signed_over_its_address_alone() -> None:
    bench = Bench(dict(ANSWERS), reading)
    bench.call(WaitingPhone(bench))
    signature = dict(bench.signatures)["/media"]
    url = bench.url.replace("http", "ws") + "/media"
    assert RequestValidator("token").validate(url, {}, signature)


def test_a_server_that_closes_hands_the_call_to_the_action() -> None:
    async def close(socket: web.WebSocketResponse, bench: Bench) -> None:
        await _until(socket, bench, "media")
        await socket.close()

    bench = Bench(dict(ANSWERS), close)
    call = bench.call(ScriptedPhone())
    assert (call.ended_by, call.streams[0].ended_by) == ("twiml", "server")
    assert bench.form("/after")["CallStatus"] == "in-progress"
    events = [form["StreamEvent"] for path, form in bench.forms if path == "/stream-status"]
    assert sorted(events) == ["stream-started", "stream-stopped"]


def test_a_server_that_refuses_the_upgrade_is_a_warning_and_the_action_follows() -> None:
    bench = Bench(dict(ANSWERS))
    call = bench.call(ScriptedPhone())
    assert call.warnings[0].startswith("31920")
    assert "/after" in bench.paths
    assert bench.form("/stream-status")["StreamEvent"] == "stream-error"


def test_a_mark_returns_after_its_sound_and_a_clear_returns_the_rest() -> None:
    sound = base64.b64encode(bytes(100 * 160)).decode()

    async def play(socket: web.WebSocketResponse, bench: Bench) -> None:
        sid = (await _until(socket, bench, "start"))["streamSid"]
        short = base64.b64encode(bytes(3 * 160)).decode()
        await socket.send_json({"event": "media", "streamSid": sid, "media": {"payload": short}})
        await socket.send_json({"event": "mark", "streamSid": sid, "mark": {"name": "short"}})
        await _until(socket, bench, "mark")
        await socket.send_json({"event": "media", "streamSid": sid, "media": {"payload": sound}})
        await socket.send_json({"event": "mark", "streamSid": sid, "mark": {"name": "long"}})
        for _ in range(5):
            await _until(socket, bench, "media")
        await socket.send_json({"event": "clear", "streamSid": sid})
        await _until(socket, bench, "mark")
        await socket.close()

    bench = Bench(dict(ANSWERS), play)
    phone = ScriptedPhone()
    call = bench.call(phone)
    marks = [message["mark"]["name"] for message in bench.received if message["event"] == "mark"]
    assert marks == ["short", "long"]
    cleared = next(entry for entry in call.streams[0].log if entry.kind == "clear")
    assert 60 < cleared.utterance_ms < 2000
    assert bytes(phone.heard).count(0) == round((cleared.utterance_ms + 60) * 8)
    assert call.warnings == []


MESSAGE = {"event": "media", "streamSid": "MZ1", "media": {"payload": "AAAA"}}


def test_a_well_formed_message_is_decoded() -> None:
    assert checked(json.dumps(MESSAGE), "MZ1")["audio"] == b"\0\0\0"


@pytest.mark.parametrize(
    "message",
    [
        "{",
        "[]",
        "null",
        '"media"',
        {**MESSAGE, "event": "hello"},
        {**MESSAGE, "event": ["media"]},
        {**MESSAGE, "streamSid": "MZ2"},
        {**MESSAGE, "extra": 1},
        {**MESSAGE, "media": {"payload": "***"}},
        {**MESSAGE, "media": {"payload": 3}},
        {**MESSAGE, "media": {"payload": ""}},
        {**MESSAGE, "media": {"payload": "AAAA", "rate": 8000}},
        {"event": "media", "media": {"payload": "AAAA"}},
        {"event": "mark", "streamSid": "MZ1", "mark": {}},
        {"event": "mark", "streamSid": "MZ1", "mark": "end"},
        {"event": "clear"},
    ],
)
def test_anything_else_is_a_protocol_error(message: object) -> None:
    with pytest.raises(BadMessage):
        checked(message if isinstance(message, str) else json.dumps(message), "MZ1")


def test_a_protocol_error_is_kept_as_twilios_warning() -> None:
    async def nonsense(socket: web.WebSocketResponse, bench: Bench) -> None:
        await _until(socket, bench, "start")
        await socket.send_bytes(b"\0")
        await socket.send_str('{"event":"pause"}')
        await _until(socket, bench, "media")
        await socket.close()

    warnings = Bench(dict(ANSWERS), nonsense).call(ScriptedPhone()).warnings
    assert [warning.split(":")[0] for warning in warnings] == ["31924", "31924"]
