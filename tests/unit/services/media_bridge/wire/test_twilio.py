"""The Media Streams codec: Twilio's frames are read as meant, and ours have its shape."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.wire.frames import WireError
from services.media_bridge.wire.twilio import decode, encode
from shared.domain.outcomes import EndReason

_DEEP = 100_000  # 3.13 reads some ten thousand levels, 3.12 and older fewer


def read(frame: dict[str, object]) -> ev.Event | None:
    return decode(json.dumps(frame).encode(), 7)


def media(**changes: object) -> dict[str, object]:
    body = {"track": "inbound", "chunk": "1", "timestamp": "155", "payload": "f39/fw==", **changes}
    return {"event": "media", "sequenceNumber": "2", "media": body, "streamSid": "MZ1"}


@pytest.mark.parametrize(
    ("frame", "meaning"),
    [
        (media(), ev.CallerAudio(7, "f39/fw==", 155)),
        (media(timestamp=171), ev.CallerAudio(7, "f39/fw==", 171)),
        ({"event": "mark", "mark": {"name": "g1:i:200"}}, ev.MarkEchoed(7, "g1:i:200")),
        (
            {"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": "0"}},
            ev.KeyPressed(7, "0"),
        ),
        ({"event": "stop", "stop": {"callSid": "CA1"}}, ev.LineClosed(7, "hung_up")),
        (
            {
                "event": "start",
                "start": {
                    "accountSid": "AC1",
                    "streamSid": "MZ1",
                    "callSid": "CA1",
                    "tracks": ["inbound"],
                    "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
                    "customParameters": {"token": "tok", "other": "x"},
                },
                "streamSid": "MZ1",
            },
            ev.LineOpened(7, "CA1", "MZ1", "tok"),
        ),
        (
            {"event": "start", "start": {"streamSid": "MZ1", "callSid": "CA1"}},
            ev.LineOpened(7, "CA1", "MZ1", ""),
        ),
    ],
)
def test_what_a_frame_means(frame: dict[str, object], meaning: ev.Event) -> None:
    assert read(frame) == meaning


@pytest.mark.parametrize(
    "frame",
    [
        {"event": "connected", "protocol": "Call", "version": "1.0.0"},
        {"event": "something.new", "media": "of another shape"},
        {"event": "dtmf", "dtmf": {"digit": "A"}},
        media(track="outbound"),
    ],
)
def test_frames_that_tell_us_nothing_are_ignored(frame: dict[str, object]) -> None:
    assert read(frame) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nonsense",
        b"[]",
        b"null",
        b'{"event":7}',
        b'{"media":{}}',
        b'{"event":"media"}',
        b'{"event":"media","media":{"payload":7,"timestamp":"1"}}',
        b'{"event":"media","media":{"payload":"AAAA","timestamp":"soon"}}',
        b'{"event":"media","media":{"payload":"AAA","timestamp":"1"}}',
        b'{"event":"mark","mark":{}}',
        b'{"event":"start","start":{"callSid":"CA1"}}',
        b"\xff\xfe\x00",
        b'{"event":"x","y":' + b'{"a":' * _DEEP + b"1" + b"}" * _DEEP + b"}",
    ],
)
def test_anything_else_is_refused_as_no_frame_of_twilios(data: bytes) -> None:
    with pytest.raises(WireError):
        decode(data, 7)


@given(st.binary(max_size=200))
def test_no_bytes_at_all_raise_anything_but_a_wire_error(data: bytes) -> None:
    try:
        decode(data, 7)
    except WireError as error:
        assert data.decode("latin-1") not in str(error) or len(data) < 3


@pytest.mark.parametrize(
    ("command", "frame"),
    [
        (
            do.PlayAudio("AAAA"),
            {"event": "media", "streamSid": "MZ1", "media": {"payload": "AAAA"}},
        ),
        (
            do.PlaceMark("g1:i:200"),
            {"event": "mark", "streamSid": "MZ1", "mark": {"name": "g1:i:200"}},
        ),
        (do.ClearPlayback(), {"event": "clear", "streamSid": "MZ1"}),
    ],
)
def test_what_each_command_becomes(command: do.Command, frame: dict[str, object]) -> None:
    data = encode(command, "MZ1")

    assert data is not None
    assert json.loads(data) == frame


@pytest.mark.parametrize(
    "command", [do.HearAudio("AAAA"), do.CloseLine(), do.EndCall(EndReason.GOODBYE)]
)
def test_commands_of_other_legs_are_not_sent(command: do.Command) -> None:
    assert encode(command, "MZ1") is None
