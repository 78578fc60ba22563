"""Holds what the model reads against what it was given, while it reads."""

from dataclasses import dataclass

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.speaking.same_words import agreed, folded
from services.media_bridge.wire.realtime.server_events import MoreWords


@dataclass(slots=True)
class _Open:
    wording: str  # folded
    said: str = ""
    letters: int = 0  # of the sentence, as far as the words agree with it


class Readings:
    """The sentences one session was asked to read. The core is told how far each reading agrees;
    of all that is not read it hears whole transcripts only."""

    def __init__(self) -> None:
        self._asked: dict[str, str] = {}  # our request -> the sentence
        self._open: dict[str, _Open] = {}  # response -> how far it has come

    def sent(self, command: do.Command) -> None:
        """Take note of what we ask for."""
        if isinstance(command, do.Respond) and command.sentence is not None:
            self._asked[command.request_id] = command.sentence

    def read(self, event: ev.Event | MoreWords | None) -> ev.Event | None:
        """What the core is told of a server event."""
        if isinstance(event, MoreWords):
            return self._more(event)
        if isinstance(event, ev.ResponseStarted):
            sentence = self._asked.pop(event.request_id or "", None)
            if sentence is not None:
                self._open[event.response_id] = _Open(folded(sentence))
        elif isinstance(event, ev.ResponseEnded):
            self._open.pop(event.response_id, None)
        return event

    def _more(self, words: MoreWords) -> ev.Recited | None:
        reading = self._open.get(words.response_id)
        if reading is None:
            return None
        reading.said += words.delta
        letters = agreed(reading.said, reading.wording)
        if letters is None:
            del self._open[words.response_id]  # once is enough
            return ev.Recited(words.at_ms, words.response_id, None)
        if letters <= reading.letters:
            return None
        reading.letters = letters
        return ev.Recited(words.at_ms, words.response_id, letters)
