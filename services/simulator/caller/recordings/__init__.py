"""The callers' recorded lines: raw 8 kHz mu-law, rendered once by render.py and committed."""

import hashlib
import json
from pathlib import Path

FOLDER = Path(__file__).parent
INDEX = "index.json"


class MissingRecording(LookupError):
    """A line has no recording; the message says how to make it."""


def file_name(text: str) -> str:
    """Return the name of a line's file inside its voice's folder."""
    return f"{hashlib.sha256(text.encode()).hexdigest()[:12]}.ulaw"


class Recordings:
    """The recorded lines of one voice."""

    def __init__(self, voice: str, folder: Path = FOLDER) -> None:
        self._voice = voice
        self._folder = folder / voice

    def missing(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of `texts` that this voice has not recorded."""
        return tuple(text for text in texts if not (self._folder / file_name(text)).is_file())

    def sound(self, text: str) -> bytes:
        """Return the recording of `text`.

        Raises:
            MissingRecording: there is none.
        """
        if self.missing((text,)):
            raise MissingRecording(
                f"voice {self._voice} has no recording of {text!r}: "
                "run services/simulator/caller/recordings/render.py (its first lines say how)"
            )
        return (self._folder / file_name(text)).read_bytes()


def index(folder: Path = FOLDER) -> list[dict[str, str | int]]:
    """Return what is recorded: text, voice, file and ms of each line."""
    entries: list[dict[str, str | int]] = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    return entries
