"""What the caller keys: 0 for a person, a number to be told to the model, never a card number."""

from dataclasses import dataclass
from typing import Literal

from shared.domain.spoken.cards import SHORTEST

# A number is complete after this long without another key.
PAUSE_MS = 3_000
# A 0 is the wish for a person, or the first digit of a ZIP, which comes at once.
LONE_ZERO_MS = 1_500
MASKED = "xX"  # a journal's digits of a card number; "X" completed it


@dataclass(frozen=True, slots=True)
class KeypadEntry:
    """What a key amounted to. `waiting`: a number has begun and is not complete."""

    kind: Literal["nothing", "waiting", "person", "number", "card"]
    digits: str = ""


class Keypad:
    """The number that is being keyed."""

    def __init__(self) -> None:
        # The number so far; empty once it was told, or is known to be a card number.
        self._digits = ""
        # The keys are a card number: the rest of it is swallowed, up to a pause, '#' or '*'.
        self._card = False
        # `at_ms` of the last key.
        self._last_ms = 0

    @property
    def pause_ms(self) -> int:
        """How long to wait for the next key."""
        return LONE_ZERO_MS if self._only_zeros else PAUSE_MS

    @property
    def _only_zeros(self) -> bool:
        return bool(self._digits) and not self._digits.strip("0")

    def pressed(self, key: str, at_ms: int) -> KeypadEntry:
        if at_ms - self._last_ms >= PAUSE_MS:
            self._digits, self._card = "", False
        self._last_ms = at_ms
        if key == "#":
            return self.paused()
        if key == "*":
            self._digits, self._card = "", False
            return KeypadEntry("nothing")
        if self._card:
            return KeypadEntry("waiting")
        if not (len(key) == 1 and key.isascii() and (key.isdigit() or key in MASKED)):
            return KeypadEntry("nothing")
        self._digits += key
        if key == "X" or len(self._digits) >= SHORTEST:
            # No phone number is that long: it is a card, whatever its check digit says.
            self.swallow()
            return KeypadEntry("card")
        return KeypadEntry("waiting")

    def swallow(self) -> None:
        """It is a card number: forget its digits, and hear no more of them."""
        self._digits, self._card = "", True

    def paused(self) -> KeypadEntry:
        """No key for a while, or '#': the number is complete. Zeros alone are no number."""
        person, digits = self._only_zeros, self._digits
        self._digits, self._card = "", False
        if person:
            return KeypadEntry("person")
        return KeypadEntry("number", digits) if digits else KeypadEntry("nothing")
