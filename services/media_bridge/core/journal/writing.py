"""The lines of a journal, written as the call goes on.

Frames of the caller's audio are grouped, else they would be nine lines in ten:

    {"event": "CallerAudio", "heard": true, "frames": [[20, 20], [21, 20], [19, 20, 80]]}

Each frame is how much later than the one before it came, on our clock and on Twilio's, and its
bytes where they are not 160. Any other line is an event with the commands it led to:

    {"event": "CallerSaid", "at_ms": 12662, "item_id": "u1", "text": "Hi.",
     "do": [["NoteTurn", {"seq": 2, "at_ms": 9800, "role": "user", "text": "Hi."}]]}
"""

import json
from typing import Any

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.journal.masking import Masking
from services.media_bridge.core.journal.packing import pack
from services.media_bridge.core.speaking.playback import byte_length

MOST_FRAMES = 500  # of one line
FRAME_BYTES = 160  # what Twilio sends, and what is left out
TOKEN = "masked"  # noqa: S105 - what stands for it

_Entry = tuple[ev.Event, list[do.Command], str]  # what was keyed, if the event is a key
Frame = tuple[int, int, int]  # at_ms, media_ms, bytes


class Journal:
    """Makes the lines of one call. What may still turn out a card number is held back.

    It follows the card numbers by a watch of its own, which is told what the session's is told,
    and writes each line as it would read had the number been known from the beginning.
    """

    def __init__(self) -> None:
        # Frames of the line that is being made, and whether the model heard them.
        self._frames: list[Frame] = []
        self._heard = False
        # What happened since digits came that may be a card number, in order.
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


def _steps(frames: list[Frame]) -> list[list[int]]:
    """Each frame as how much later than the one before it came, on our clock and on Twilio's."""
    steps, last = [], (0, 0)
    for at_ms, media_ms, size in frames:
        step = [at_ms - last[0], media_ms - last[1]]
        steps.append(step if size == FRAME_BYTES else [*step, size])
        last = (at_ms, media_ms)
    return steps


def _line(event: ev.Event, commands: list[do.Command]) -> str:
    plain = pack(event)
    if isinstance(event, ev.LineOpened):
        plain["token"] = TOKEN
    done = [packed_command(command) for command in commands]
    return _json({"event": type(event).__name__, **plain, "do": done})


def packed_command(command: do.Command) -> list[Any]:
    """The name of a command and its fields, the token masked."""
    plain = pack(command)
    if isinstance(command, do.RedeemToken):
        plain["token"] = TOKEN
    return [type(command).__name__, plain]


def _json(plain: dict[str, Any]) -> str:
    return json.dumps(plain, separators=(",", ":")) + "\n"
