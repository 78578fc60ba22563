"""One sentence that is being read: its sound is heard only as far as its words agree with it."""

from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from services.media_bridge.core import events as ev
from services.media_bridge.core.speaking.playback import BYTES_PER_MS, byte_length
from services.media_bridge.core.speaking.same_words import folded, same_words

# How long a letter and a digit sound, at about 160 words a minute, and how far sound may be ahead.
LETTER_MS: Final = 90
DIGIT_MS: Final = 400
AHEAD_MS: Final = 400


@dataclass(slots=True)
class Recital:
    """`letters` of the folded sentence were read so far, as `same_words` counts them."""

    sentence: str
    letters: int = 0
    _is_whole: bool = False  # the transcript is complete, and is the sentence
    _waiting: list[ev.AgentAudio] = field(default_factory=list)
    _heard_ms: int = 0
    _lasts_ms: tuple[int, ...] = ()  # the first letters of the sentence, by how many they are

    def __post_init__(self) -> None:
        each = (DIGIT_MS if c.isdigit() else LETTER_MS for c in folded(self.sentence))
        self._lasts_ms = tuple(accumulate(each, initial=0))

    def sounds(self, event: ev.AgentAudio) -> None:
        """A piece of its sound came."""
        self._waiting.append(event)

    def reads(self, said: str) -> bool:
        """Whether a whole transcript is the sentence."""
        self._is_whole = same_words(said, self.sentence)
        return self._is_whole

    def heard_now(self) -> list[ev.AgentAudio]:
        """Take the sound that may be heard by now: no more than the words that agree last."""
        may_ms = self._may_be_heard_ms
        heard: list[ev.AgentAudio] = []
        while self._waiting and (self._is_whole or self._heard_ms < may_ms):
            event = self._waiting.pop(0)
            self._heard_ms += byte_length(event.payload) // BYTES_PER_MS
            heard.append(event)
        return heard

    @property
    def _may_be_heard_ms(self) -> int:
        if not self.letters:
            return 0
        return AHEAD_MS + self._lasts_ms[min(self.letters, len(self._lasts_ms) - 1)]


class Recitals:
    """The sentences of one call that were or are being read, by the response that reads them."""

    def __init__(self) -> None:
        self._by_response: dict[str, Recital] = {}

    def begin(self, response_id: str, sentence: str) -> None:
        """This response is to read a sentence: it is heard as far as its words agree."""
        self._by_response[response_id] = Recital(sentence)

    def get(self, response_id: str) -> Recital | None:
        return self._by_response.get(response_id)

    def over(self, response_id: str) -> None:
        """It reads something else, and is no recital any more."""
        self._by_response.pop(response_id, None)
