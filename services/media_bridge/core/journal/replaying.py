"""A journal's events fed to a new session: the same events must lead to the same commands."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from services.media_bridge.core import events as ev
from services.media_bridge.core.journal.packing import EVENTS, silence, unpack
from services.media_bridge.core.journal.writing import FRAME_BYTES, Frame, packed_command
from services.media_bridge.core.session import CallSession


def _frames_of(steps: list[list[int]]) -> Iterator[Frame]:
    at_ms = media_ms = 0
    for step in steps:
        at_ms, media_ms = at_ms + step[0], media_ms + step[1]
        yield at_ms, media_ms, step[2] if len(step) > 2 else FRAME_BYTES


def events_of(lines: Iterable[str]) -> Iterator[tuple[ev.Event, list[Any]]]:
    """Each event of a journal with the commands it led to, each as [name, fields]."""
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
    """Feed a journal's events to a new session; return where its commands differ, as sentences."""
    session = CallSession()
    differences = []
    for number, (event, expected) in enumerate(events_of(lines), 1):
        done = [packed_command(command) for command in session.handle(event)]
        done = json.loads(json.dumps(done))
        if done != expected:
            where = f"event {number}, {type(event).__name__} at {event.at_ms} ms"
            differences.append(f"{where}: {done} instead of {expected}")
    return differences
