"""The journal of a call: every event with the commands it led to, as lines that replay.

Sound is replaced by its length, which is all that decisions depend on; the token and card numbers
are masked. A journal still holds names and words: it is written only where JOURNAL_DIR says so.
Frames of the caller's audio are grouped, else they would be nine lines in ten.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.masking import Masking
from services.media_bridge.core.session import CallSession
from services.media_bridge.core.speaking.playback import byte_length

MOST_FRAMES = 500  # of one line
_SOUND = frozenset({"payload", "audio"})
_SILENCE = b"\xff"
TOKEN = "masked"  # noqa: S105 - what stands for it

_Entry = tuple[ev.Event, list[do.Command], str]  # what was keyed, if the event is a key
_Frame = tuple[int, int, int]  # at_ms, media_ms, bytes
FRAME_BYTES = 160  # what Twilio sends, and what is left out

EVENTS: dict[str, Any] = {
    name: kind
    for name, kind in vars(ev).items()
    if isinstance(kind, type) and issubclass(kind, ev.Event)
}


# -- values to plain JSON and back -----------------------------------------------------------


def pack(value: Any) -> Any:
    """A value as plain JSON; fields that have their default are left out."""
    if not is_dataclass(value) or isinstance(value, type):
        return value
    plain: dict[str, Any] = {}
    for field in fields(value):
        content = getattr(value, field.name)
        if field.name in _SOUND:
            plain[field.name] = byte_length(content)
        elif content != field.default:
            plain[field.name] = _pack_field(content)
    return plain


def _pack_field(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: pack(item) for key, item in content.items()}
    if isinstance(content, tuple):
        return [pack(item) for item in content]
    return pack(content)


def unpack(kind: Any, plain: Any) -> Any:
    """The value of class `kind` that `pack` made `plain` of; sound comes back as silence."""
    hints = get_type_hints(kind)
    values = {
        name: silence(content) if name in _SOUND else _unpack_field(hints[name], content)
        for name, content in plain.items()
    }
    return kind(**values)


def _unpack_field(hint: Any, content: Any) -> Any:
    if content is None:
        return None
    if get_origin(hint) is tuple:
        element = get_args(hint)[0]
        return tuple(unpack(element, one) if is_dataclass(element) else one for one in content)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(content)
    if get_origin(hint) is dict:
        inner = get_args(hint)[1]
        return {
            key: unpack(inner, item) if is_dataclass(inner) else item
            for key, item in content.items()
        }
    for option in (hint, *get_args(hint)):
        if is_dataclass(option):
            return unpack(option, content)
    return content


def silence(size: int) -> str:
    return b64encode(_SILENCE * size).decode()


# -- writing ---------------------------------------------------------------------------------


class Journal:
    """Makes the lines of one call. What may still turn out a card number is held back.

    It follows the card numbers by a watch of its own, which is told what the session's is told,
    and writes each line as it would read had the number been known from the beginning.
    """

    def __init__(self) -> None:
        self._frames: list[_Frame] = []
        self._heard = False  # whether the model heard those frames
        self._held: list[_Entry] = []
        self._masking = Masking()

    def entry(self, event: ev.Event, commands: list[do.Command]) -> str:
        """What to append now; may be nothing."""
        self._held.append((event, commands, self._masking.follow(event, commands)))
        return "" if self._masking.may_be_card(event.at_ms) else self._release()

    def rest(self) -> str:
        """What is left at the end of the call."""
        return self._release() + self._end_frames()

    def _release(self) -> str:
        held, self._held = self._held, []
        return "".join(self._write(*self._masking.masked(*entry)) for entry in held)

    def _write(self, event: ev.Event, commands: list[do.Command]) -> str:
        if not isinstance(event, ev.CallerAudio):
            return self._end_frames() + _line(event, commands)
        heard = bool(commands)
        full = heard is not self._heard or len(self._frames) >= MOST_FRAMES
        text = self._end_frames() if full else ""
        self._heard = heard
        self._frames.append((event.at_ms, event.media_ms, byte_length(event.payload)))
        return text

    def _end_frames(self) -> str:
        if not self._frames:
            return ""
        frames, self._frames = self._frames, []
        return _json({"event": "CallerAudio", "heard": self._heard, "frames": _steps(frames)})


def _steps(frames: list[_Frame]) -> list[list[int]]:
    """Each frame as how much later than the one before it came, on our clock and on Twilio's."""
    steps, last = [], (0, 0)
    for at_ms, media_ms, size in frames:
        step = [at_ms - last[0], media_ms - last[1]]
        steps.append(step if size == FRAME_BYTES else [*step, size])
        last = (at_ms, media_ms)
    return steps


def _frames_of(steps: list[list[int]]) -> Iterator[_Frame]:
    at_ms = media_ms = 0
    for step in steps:
        at_ms, media_ms = at_ms + step[0], media_ms + step[1]
        yield at_ms, media_ms, step[2] if len(step) > 2 else FRAME_BYTES


def _line(event: ev.Event, commands: list[do.Command]) -> str:
    plain = pack(event)
    if isinstance(event, ev.LineOpened):
        plain["token"] = TOKEN
    done = [_command(command) for command in commands]
    return _json({"event": type(event).__name__, **plain, "do": done})


def _command(command: do.Command) -> list[Any]:
    plain = pack(command)
    if isinstance(command, do.RedeemToken):
        plain["token"] = TOKEN
    return [type(command).__name__, plain]


def _json(plain: dict[str, Any]) -> str:
    return json.dumps(plain, separators=(",", ":")) + "\n"


# -- replaying -------------------------------------------------------------------------------


def events_of(lines: Iterable[str]) -> Iterator[tuple[ev.Event, list[Any] | None]]:
    """Each event of a journal with the commands it led to; None: those of a frame of audio."""
    for line in lines:
        if not line.strip():
            continue
        plain = json.loads(line)
        kind = plain.pop("event")
        if "frames" in plain:
            for at_ms, media_ms, size in _frames_of(plain["frames"]):
                event = ev.CallerAudio(at_ms, silence(size), media_ms)
                yield event, [["HearAudio", {"payload": size}]] if plain["heard"] else []
            continue
        done = plain.pop("do")
        yield unpack(EVENTS[kind], plain), done


def replay(lines: Iterable[str]) -> list[str]:
    """Feed a journal's events to a new session; return where its commands differ."""
    session = CallSession()
    differences = []
    for number, (event, expected) in enumerate(events_of(lines), 1):
        done = [_command(command) for command in session.handle(event)]
        done = json.loads(json.dumps(done))
        if done != expected:
            where = f"event {number}, {type(event).__name__} at {event.at_ms} ms"
            differences.append(f"{where}: {done} instead of {expected}")
    return differences
