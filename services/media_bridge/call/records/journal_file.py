"""A call's journal as a file: what came in and what was done, written off the audio path."""

import re
from functools import partial
from pathlib import Path
from typing import Final

from services.media_bridge.call.records.writes import SerialExecutor
from services.media_bridge.core.commands import Command, HearAudio, PlaceMark, PlayAudio
from services.media_bridge.core.events import Event
from services.media_bridge.core.journal import Journal

CHUNK: Final = 16_384  # characters kept in memory before they go to the file
_SOUND: Final = (HearAudio, PlaceMark, PlayAudio)
_CALL_SID: Final = re.compile(r"[A-Za-z0-9]{1,64}")


class JournalFile:
    """Holds what happened until the call's name is known, then writes FOLDER/<call sid>.jsonl."""

    def __init__(self, folder: Path, writes: SerialExecutor) -> None:
        self._folder, self._writes = folder, writes
        self._journal = Journal()
        self._text: list[str] = []  # entries not handed to the writer yet
        self._size = 0  # characters in them
        self._file: Path | None = None  # None until the call has a name that can be a file's

    def name(self, call_sid: str) -> None:
        """Write to the file of this call from now on.

        The name came off the wire: one that is not letters and digits alone gets no file.
        """
        if _CALL_SID.fullmatch(call_sid):
            self._file = self._folder / f"{call_sid}.jsonl"

    def note(self, event: Event, commands: list[Command]) -> None:
        """Keep one event and what was done about it; whoever watches reads a decision at once."""
        self._add(self._journal.entry(event, commands))
        if self._size > CHUNK or any(not isinstance(each, _SOUND) for each in commands):
            self._write()

    def close(self) -> None:
        """Write what is left; nothing may be noted after it."""
        self._add(self._journal.rest())
        self._write()

    def _add(self, text: str) -> None:
        if text:
            self._text.append(text)
            self._size += len(text)

    def _write(self) -> None:
        if self._file is not None and self._text:
            self._writes.add(partial(_append, self._file, "".join(self._text)))
            self._text, self._size = [], 0


def _append(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8") as out:
        out.write(text)
