"""What the caller's line itself tells, read off the mu-law codes without decoding them.

The model's server says when the caller speaks. Where it says nothing, or never that they stopped,
the sound has to tell: whether the line has gone quiet, and whether somebody spoke unnoticed.
"""

from binascii import a2b_base64
from typing import Final

from services.media_bridge.core.speaking.playback import BYTES_PER_MS

# So long without a break is no pause for breath: server VAD ends a turn after half a second.
QUIET_MS: Final = 1_500
# So long is a word, and no click.
SPEECH_MS: Final = 400
# Mu-law turns loudness round: the lower seven bits are highest where the sound is lowest. These
# codes are the two lowest of its eight segments, at most 372 of 32,124: noise of an open line.
_NEAR_ZERO: Final = bytes(code for code in range(256) if code & 0x7F >= 0x60)
# One louder sample in forty is a click, not speech.
_ONE_IN: Final = 40


class Hush:
    """Takes frames in order; kept only while somebody wants to know, as each costs a decoding."""

    def __init__(self, *, after_speech: bool = False) -> None:
        """`after_speech`: it is the quiet after something was said that is listened for."""
        # Bytes of near silence running, up to the newest frame.
        self._quiet = 0
        # Bytes of louder frames that have to come before that.
        self._lacks = SPEECH_MS * BYTES_PER_MS if after_speech else 0

    def heard(self, payload: str) -> bool:
        """Take one frame (base64 mu-law); True once the last 1.5 s were near silence."""
        try:
            sound = a2b_base64(payload)
        except ValueError:
            return False  # no sound at all: it tells nothing
        loud = len(sound.translate(None, _NEAR_ZERO))
        if loud > len(sound) // _ONE_IN:
            self._quiet = 0
            self._lacks -= len(sound)
        else:
            self._quiet += len(sound)
        return self._lacks <= 0 and self._quiet >= QUIET_MS * BYTES_PER_MS
