"""Twilio Media Streams: text frames to events, commands to text frames.

Twilio writes sequence numbers and timestamps as strings, and adds events and fields as it likes:
those unknown are ignored. https://www.twilio.com/docs/voice/media-streams/websocket-messages
"""

import msgspec

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.wire.frames import (
    UNREADABLE,
    Data,
    WireError,
    needed,
    refuse_if_known,
    sound,
)

TOKEN = "token"  # noqa: S105 - the name of the <Parameter>
_KEYS = frozenset("0123456789*#")


class _Media(msgspec.Struct):
    payload: str
    timestamp: str | int
    track: str = "inbound"


class _Named(msgspec.Struct):
    name: str


class _Key(msgspec.Struct):
    digit: str


class _Start(msgspec.Struct, rename="camel"):
    call_sid: str
    stream_sid: str
    custom_parameters: dict[str, str] = msgspec.field(default_factory=dict)


class _Frame(msgspec.Struct):
    event: str
    media: _Media | None = None
    mark: _Named | None = None
    dtmf: _Key | None = None
    start: _Start | None = None


class _TwilioKind(msgspec.Struct):
    """A frame of which nothing is read but what it is."""

    event: str


_frame = msgspec.json.Decoder(_Frame)
_kind = msgspec.json.Decoder(_TwilioKind)
_encoder = msgspec.json.Encoder()
_MEDIA = b',"media":{"payload":"'  # what follows is base64 to the letter, see `sound`
_KNOWN = frozenset({"media", "mark", "dtmf", "start", "stop"})


def decode(data: Data, at_ms: int) -> ev.Event | None:
    """Return what a frame tells, None for one that tells us nothing.

    Raises:
        WireError: it is no frame of Twilio's.
    """
    try:
        frame = _frame.decode(data)
    except UNREADABLE as exc:
        refuse_if_known(data, _kind_of, _KNOWN, exc)
        return None
    if frame.event == "media":
        media = needed(frame.media)
        if media.track != "inbound":
            return None
        try:
            media_ms = int(media.timestamp)
        except ValueError as exc:
            raise WireError("a timestamp is no number") from exc
        return ev.CallerAudio(at_ms, sound(media.payload), media_ms)
    if frame.event == "mark":
        return ev.MarkEchoed(at_ms, needed(frame.mark).name)
    if frame.event == "dtmf":
        digit = needed(frame.dtmf).digit
        return ev.KeyPressed(at_ms, digit) if digit in _KEYS else None
    if frame.event == "start":
        start = needed(frame.start)
        token = start.custom_parameters.get(TOKEN, "")
        return ev.LineOpened(at_ms, start.call_sid, start.stream_sid, token)
    if frame.event == "stop":
        return ev.LineClosed(at_ms, "hung_up")
    return None


def _kind_of(data: Data) -> str:
    return _kind.decode(data).event


def encode(command: do.Command, stream_sid: str) -> bytes | None:
    """Return the frame for a command to the caller's line, None for any other command."""
    if type(command) is do.PlayAudio:
        sid, payload = _encoder.encode(stream_sid), command.payload.encode()
        return b"".join((b'{"event":"media","streamSid":', sid, _MEDIA, payload, b'"}}'))
    if type(command) is do.PlaceMark:
        mark = {"name": command.name}
        return _encoder.encode({"event": "mark", "streamSid": stream_sid, "mark": mark})
    if type(command) is do.ClearPlayback:
        return _encoder.encode({"event": "clear", "streamSid": stream_sid})
    return None
