"""The phone line: plays what the bridge sends in order, 20 ms at a time; notes what was heard."""

from base64 import b64decode, b64encode
from collections import deque
from dataclasses import dataclass

from tests.evals.conversation.stage.sound import FRAME_BYTES, FRAME_MS, Sounds

FIRST_MEDIA_MS = 155  # Twilio's media clock does not begin at 0
QUIET = b64encode(b"\xff" * FRAME_BYTES).decode()
LOUD = b64encode(b"\x20\xa0" * (FRAME_BYTES // 2)).decode()


@dataclass(slots=True)
class Passage:
    """Something the caller heard of one sentence without a break."""

    sentence: int
    began_ms: int
    until_ms: int  # on the call's clock
    from_place_ms: int  # within the sentence
    to_place_ms: int


class Line:
    """Twilio's end of the media stream."""

    def __init__(self, sounds: Sounds) -> None:
        self._sounds = sounds
        self._queue: deque[bytes | str] = deque()  # frames, and names of marks behind them
        self._left = b""  # less than a frame, waiting for the rest of it
        self._due: list[str] = []  # marks to be echoed at the next step
        self.passages: list[Passage] = []
        self.media_ms = FIRST_MEDIA_MS
        self.last_sound_ms = 0

    @property
    def playing(self) -> bool:
        return any(isinstance(each, bytes) for each in self._queue)

    def play(self, payload: str) -> None:
        sound = self._left + b64decode(payload)
        whole = len(sound) - len(sound) % FRAME_BYTES
        self._queue.extend(sound[at : at + FRAME_BYTES] for at in range(0, whole, FRAME_BYTES))
        self._left = sound[whole:]

    def mark(self, name: str) -> None:
        if self._left:
            self._queue.append(self._left.ljust(FRAME_BYTES, b"\xff"))
            self._left = b""
        self._queue.append(name)

    def clear(self) -> None:
        """Forget what was not played; its marks come back all the same, as Twilio does it."""
        self._due += [each for each in self._queue if isinstance(each, str)]
        self._queue.clear()
        self._left = b""

    def step(self, at_ms: int) -> list[str]:
        """Play 20 ms up to `at_ms`; returns the marks that come back now."""
        self.media_ms += FRAME_MS
        echoed, self._due = self._due, []
        while self._queue and isinstance(self._queue[0], str):
            echoed.append(str(self._queue.popleft()))
        if self._queue:
            frame = self._queue.popleft()
            assert isinstance(frame, bytes)
            self.last_sound_ms = at_ms
            self._heard(frame, at_ms)
        while self._queue and isinstance(self._queue[0], str):
            echoed.append(str(self._queue.popleft()))
        return echoed

    def _heard(self, frame: bytes, at_ms: int) -> None:
        read = self._sounds.read(frame)
        if read is None:
            return
        number, place = read
        last = self.passages[-1] if self.passages else None
        if last is not None and last.sentence == number and last.to_place_ms == place - FRAME_MS:
            last.to_place_ms, last.until_ms = place, at_ms
        else:
            began = place - FRAME_MS
            self.passages.append(Passage(number, at_ms - FRAME_MS, at_ms, began, place))

    def words(self, passage: Passage) -> str:
        """The words of a passage that were heard whole."""
        sentence = self._sounds[passage.sentence]
        return " ".join(
            word
            for word, end in zip(sentence.words, sentence.ends_ms, strict=True)
            if passage.from_place_ms < end <= passage.to_place_ms
        )
