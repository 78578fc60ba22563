"""A fixed sentence read aloud by the call's own model, in a session that does nothing else.

The model is a speaker and no reader: now and then it rewords. What it says of its own sound, the
transcript, decides whether a reading counts.
"""

import asyncio
import logging
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.speaking.phrases import say_exactly
from services.media_bridge.legs.model import RealtimeLeg
from services.media_bridge.legs.ports import AtMs, Feed

log = logging.getLogger(__name__)

READINGS: Final = 3  # of one sentence, before it is given up for now
READ_S: Final = 30.0  # for one of them: sound comes faster than it plays
GONE_S: Final = 1.0  # for its socket to close
LONGEST_S: Final = 35  # what a row of the table holds
BYTES_A_SECOND: Final = 8000  # of mu-law

INSTRUCTIONS: Final = (
    "You read sentences aloud for a recording that is played on the telephone. Read each word for "
    "word, calmly and clearly. Leave nothing out, add nothing, and do not shorten words."
)
_ONES: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# No teens: "nine eleven" is no way to say 911.
_SPELLED: Final = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})(?:[- ](?P<rest>{'|'.join(_ONES[1:])}))?"
    rf"|(?P<one>{'|'.join(_ONES)}))\b"
)


class BadReading(Exception):
    """What was to be a clip is none; the message quotes no words."""


class Reworded(BadReading):
    """The sentence was read, but in other words."""


def same_words(said: str, wording: str) -> bool:
    """Whether both are the same words. Case, punctuation and whether a number is spelled out do
    not count; "I'm" for "I am" does."""
    return _folded(said) == _folded(wording)


def _folded(text: str) -> str:
    figures = _SPELLED.sub(_figures, text.casefold().replace("\u2019", "'"))
    # Without blanks: "A.I." and "AI", "on-call" and "on call", "9 1 1" and "911" sound alike.
    return re.sub(r"[^\w']|_", "", figures)


def _figures(spelled: re.Match[str]) -> str:
    if spelled["one"]:
        return str(_ONES.index(spelled["one"]))
    return str(_TENS.index(spelled["tens"]) + 2) + str(_ONES.index(spelled["rest"] or "zero"))


@dataclass(slots=True)
class _Reading:
    """What has come of one reading so far."""

    sound: bytearray = field(default_factory=bytearray)  # mu-law
    said: dict[str, str] = field(default_factory=dict)  # item id -> its transcript, in order
    ended: bool = False


class SentenceReader:
    """Words in, base64 mu-law out. Called from threads only, for it blocks.

    `dial` makes the model's leg; each reading has a session of its own, so that nothing said
    before is in the way.
    """

    def __init__(
        self,
        dial: Callable[[Feed, AtMs], RealtimeLeg],
        model: str,
        voice: str,
        read_s: float = READ_S,
    ) -> None:
        self._dial, self._read_s = dial, read_s
        self._session = do.OpenSession(INSTRUCTIONS, (), model, voice)

    def __call__(self, words: str) -> str:
        """The sentence as the model read it.

        Raises:
            BadReading: the model cannot be reached, refuses, breaks off, or reads something else
                each time.
        """
        for number in range(1, READINGS + 1):
            try:
                return asyncio.run(self._read(words))
            except Reworded:
                log.info("a sentence was read in other words", extra={"reading": number})
        raise BadReading(f"read in other words {READINGS} times")

    async def _read(self, words: str) -> str:
        events = asyncio.Queue[ev.Event]()

        def feed(event: ev.Event, read_at: float | None = None) -> None:
            events.put_nowait(event)

        leg = self._dial(feed, lambda _: 0)
        leg.open(None)
        reading = _Reading()
        try:
            async with asyncio.timeout(self._read_s):
                while not reading.ended:
                    self._take(await events.get(), words, leg, reading)
        except TimeoutError:
            raise BadReading("the reading took too long") from None
        finally:
            leg.close()
            with suppress(TimeoutError):
                async with asyncio.timeout(GONE_S):
                    await leg.gone()
        return _judged(reading, words)

    def _take(self, event: ev.Event, words: str, leg: RealtimeLeg, reading: _Reading) -> None:
        match event:
            case ev.ModelOpened():
                leg.perform(self._session)
            case ev.ModelReady():
                # A response's own instructions take the place of the session's: both are in it.
                leg.perform(do.Respond("clip", f"{INSTRUCTIONS}\n{say_exactly(words)}"))
            case ev.AgentAudio():
                _add(reading.sound, event.payload)
            case ev.AgentSaid():
                reading.said[event.item_id] = event.text
            case ev.ResponseEnded() if event.status == "completed":
                reading.ended = True
            case ev.ResponseEnded():
                raise BadReading(f"the reading ended {event.status}: {event.reason}")
            case ev.ModelRefused():
                raise BadReading(f"the model refused: {event.code}")
            case ev.ModelLost():
                raise BadReading(f"the model was lost: {event.reason}")


def _add(sound: bytearray, payload: str) -> None:
    try:
        sound += b64decode(payload, validate=True)
    except (NotBase64, ValueError):
        raise BadReading("sound that is not base64") from None
    if len(sound) > LONGEST_S * BYTES_A_SECOND:
        raise BadReading(f"more than {LONGEST_S} s of sound")


def _judged(reading: _Reading, words: str) -> str:
    if not reading.sound:
        raise BadReading("no sound")
    if not same_words(" ".join(reading.said.values()), words):
        raise Reworded("other words")
    return b64encode(reading.sound).decode()
