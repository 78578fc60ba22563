"""A card number in what one caller says and keys: found, and forgotten wherever it stands.

`CardWatch` (shared.domain.spoken.cards) finds the numbers. What must be masked and forgotten is
known by item, never by counting turns: every utterance, keyed number and tool call has a name, and
only those that held digits of the number leave.

    item   the caller says        words in the row                 the model's conversation
    u1     "It's 5555 5555"       as said                          u1
    u2     "um"                   as said                          u2
    a1     (agent) "5555 5555?"   as said                          a1
    u3     "5555 4444"            masked; u1 and a1 written anew   u1, a1 and u3 are deleted

u2 stays: it held no digit. A number that is keyed is an item too (`keys<ms>`), so one that is half
spoken and half keyed leaves in the same way.
"""

from collections.abc import Iterable

from services.media_bridge.core.hearing.dtmf import PAUSE_MS, Keypad, KeypadEntry
from shared.domain.spoken.cards import CardWatch

_CODE_ASKED = "which phone number, and its code"  # words about something else end a number


def part_here(watch: CardWatch, call_id: str) -> None:
    """A code is asked for, by the answer of this call of a tool: what is heard next is one."""
    watch.said(f"code-{call_id}", _CODE_ASKED)


def asks_for_code(output: str) -> bool:
    """Whether a tool has answered that a code was texted."""
    return '"code_sent"' in output


class CardNumbers:
    def __init__(self) -> None:
        # Every word and key of the caller so far, and the card numbers found in them.
        self._watch = CardWatch()
        # The number that is being keyed.
        self._keypad = Keypad()
        # Items that were deleted from the model's conversation: never twice.
        self._forgotten: set[str] = set()

    # -- what the caller says ------------------------------------------------------------------

    def began(self, item_id: str) -> None:
        """An utterance began: its item stands behind all the others."""
        self._watch.began(item_id)

    def said(self, item_id: str, text: str) -> tuple[str, ...]:
        """The words of an item, "" when they never come; returns the caller's items that hold
        parts of a card number which these words completed."""
        return self._watch.said(item_id, text)

    def sealed(self, item_id: str, text: str) -> None:
        """Words that were masked before they came here, as a journal has them."""
        self._watch.sealed(item_id, text)

    def code_asked(self, call_id: str) -> None:
        """They are asked for six digits: no number goes on from what they gave before, else the
        phone number they said and the code they key would now and then be a card's."""
        part_here(self._watch, call_id)

    def completed(self, item_id: str) -> None:
        """A card number was found with this item; its code may follow within a few turns."""
        self._watch.completed(item_id)

    # -- what the caller keys ------------------------------------------------------------------

    @property
    def last_keyed(self) -> str:
        """The item of the number that is being keyed, or was keyed last; "" before the first."""
        return self._watch.last_keyed

    @property
    def key_pause_ms(self) -> int:
        """How long to wait for the next key before the number counts as complete."""
        return self._keypad.pause_ms

    def pressed(self, key: str, at_ms: int) -> tuple[KeypadEntry, tuple[str, ...]]:
        """One key: what it amounts to by itself, and the items that hold parts of a card number
        it completed, as in `said`."""
        entry = self._keypad.pressed(key, at_ms)
        return entry, self._watch.keyed(key, at_ms, PAUSE_MS)

    def swallow_keys(self) -> None:
        """The keys are the rest of a card number: they are neither kept nor told."""
        self._keypad.swallow()

    def keys_paused(self) -> KeypadEntry:
        """No key for a while: the number is complete."""
        return self._keypad.paused()

    # -- masking and forgetting ----------------------------------------------------------------

    def text(self, item_id: str) -> str:
        """The words of an item as they may be kept by now."""
        return self._watch.text(item_id)

    def hide(self, text: str) -> str:
        """What somebody else says or writes, without card numbers and their parts."""
        return self._watch.hide(text)

    def forget(self, items: Iterable[str]) -> list[str]:
        """Those of `items` that have not been forgotten yet; from now on they count as so."""
        new = [item_id for item_id in items if item_id not in self._forgotten]
        self._forgotten.update(new)
        return new
