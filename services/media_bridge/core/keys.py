"""What the caller keys: 0 for a person, a number to be told to the model, never a card number."""

from dataclasses import dataclass
from typing import Literal

from shared.domain.cards import SHORTEST

# A number is complete after this long without another key.
PAUSE_MS = 3_000
_MASKED = {"x": "0", "X": "0"}  # a journal's digits of a card number


@dataclass(frozen=True, slots=True)
class Keyed:
    """What a key amounted to. `waiting`: a number has begun and is not complete."""

    kind: Literal["nothing", "waiting", "person", "number", "card"]
    digits: str = ""


class Keys:
    def __init__(self) -> None:
        self._digits = ""
        self._card = False  # the rest of a card number is swallowed

    def pressed(self, key: str) -> Keyed:
        if key == "#":
            return self.paused()
        if key == "*":
            self._digits, self._card = "", False
            return Keyed("nothing")
        if self._card:
            return Keyed("waiting")
        digit = _MASKED.get(key, key)
        if not (len(digit) == 1 and digit.isascii() and digit.isdigit()):
            return Keyed("nothing")
        # A number never begins with 0 here, so a lone 0 is the wish for a person.
        if digit == "0" and key == "0" and not self._digits:
            return Keyed("person")
        self._digits += digit
        if key == "X" or len(self._digits) >= SHORTEST:
            # No phone number is that long: it is a card, whatever its check digit says.
            self._digits, self._card = "", True
            return Keyed("card")
        return Keyed("waiting")

    def paused(self) -> Keyed:
        """No key for a while, or '#': the number is complete."""
        digits, self._digits, self._card = self._digits, "", False
        return Keyed("number", digits) if digits else Keyed("nothing")
