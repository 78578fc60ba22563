"""Payment card numbers in what a caller says or keys: found, masked, never kept.

`mask` reads one text; `CardWatch` follows all that one caller says in a call. What counts as a
card number stands in `card_numbers`, how the words around it are read in `card_words`.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import groupby, takewhile

from shared.domain.spoken import card_numbers as numbers
from shared.domain.spoken.card_numbers import BEGUN, Digit, Line, RunEdge, joined, luhn
from shared.domain.spoken.card_words import (
    MASK,
    Span,
    cards_in,
    contains_card,
    context_of,
    details,
    in_line,
    is_named,
    mask,
    newest,
    one_number,
    parts,
    repeats,
    spoken_cvv,
    trailing,
    without,
)

__all__ = ["MASK", "SHORTEST", "CardWatch", "contains_card", "luhn", "mask"]

SHORTEST = 13  # keys: no phone number is that long
_DETAIL_TURNS = 4  # the code comes so soon after the card
_MOST_ITEMS = 60


class CardWatch:
    """Notices the card numbers of one call, also those that are read out over several turns.

    Turns are known by their item, in the order in which they began; their words may come in any
    order, or never. "Um", silence or the agent's own turn between two parts of a number does not
    part it; a turn about another number, or a long one, does.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str | None] = {}  # None: the words are awaited
        self._kept: dict[str, str] = {}  # the words as they may be kept
        self._sealed: set[str] = set()  # words that were masked before they came here
        self._completed: set[str] = set()  # items with which a number was found
        self._spans: dict[str, list[Span]] = {}
        self._numbers: list[str] = []
        self.last_keyed = ""  # the item of the number that is being keyed, or was keyed last
        self._keying = False
        self._keyed_ms = 0
        # Every turn is looked at with all before it, and their words stay as they are.
        remembered = lru_cache(_MOST_ITEMS)
        self._lines, self._parts = remembered(numbers.lines), remembered(parts)
        self._corrects = remembered(numbers.corrects)

    # -- what is told to it -------------------------------------------------------------------

    def began(self, item_id: str) -> None:
        """The caller began to speak: this item stands behind all the others."""
        if len(self._texts) < _MOST_ITEMS or item_id in self._texts:
            self._texts.setdefault(item_id, None)
            return
        oldest = next(iter(self._texts))
        for known in (self._texts, self._kept, self._spans):
            known.pop(oldest, None)
        self._texts[item_id] = None

    def said(self, item_id: str, text: str) -> tuple[str, ...]:
        """The words of an item came, "" when they never will.

        Returns the items whose words must be kept otherwise from now on, this one among them,
        because a card number was found: in it alone, or together with others.
        """
        self.began(item_id)
        if self._texts[item_id] is not None:
            return ()  # told twice
        self._texts[item_id] = self._kept[item_id] = text
        return self._look(item_id)

    def completed(self, item_id: str) -> None:
        """A card number was found with this item, whoever found it."""
        self._completed.add(item_id)

    def sealed(self, item_id: str, text: str) -> None:
        """The words of an item as a journal has them, masked already: nothing is looked for."""
        self.began(item_id)
        if self._texts[item_id] is None:
            self._texts[item_id] = self._kept[item_id] = text
            self._sealed.add(item_id)

    def keyed(self, key: str, at_ms: int, pause_ms: int) -> tuple[str, ...]:
        """A key was pressed; a number keyed goes on within `pause_ms`. Returns as `said` does."""
        masked = key in ("x", "X")  # a journal's digit of a card number
        if not masked and not (len(key) == 1 and key.isascii() and key.isdigit()):
            if key == "*" and self._keying and not self.masks(self.last_keyed):
                self._texts[self.last_keyed] = self._kept[self.last_keyed] = ""
            self._keying = self._keying and key not in ("#", "*")
            return ()
        if not self._keying or at_ms - self._keyed_ms >= pause_ms:
            self._number_begins(at_ms)
        self._keyed_ms, item_id = at_ms, self.last_keyed
        text = (self._texts.get(item_id) or "") + key
        self._texts[item_id] = text
        if masked or item_id in self._sealed:
            self._sealed.add(item_id)
            self._kept[item_id] = MASK
            return ()
        if self._spans.get(item_id):
            # The rest of a number that was found out.
            self._spans[item_id], self._kept[item_id] = [(0, len(text))], MASK
            return ()
        self._kept[item_id] = text
        if len(text) >= SHORTEST:
            self._spans[item_id] = [(0, len(text))]
            self._numbers.append(text)
        return self._look(item_id, anew=len(text) >= SHORTEST)

    def _number_begins(self, at_ms: int) -> None:
        self._keying, self.last_keyed = True, f"keys{at_ms}"
        while self.last_keyed in self._texts:
            self.last_keyed += "_"
        self.began(self.last_keyed)

    # -- what it knows ------------------------------------------------------------------------

    def text(self, item_id: str) -> str:
        """The words of an item as they may be kept."""
        return self._kept.get(item_id) or ""

    def knows(self, item_id: str) -> bool:
        """Whether the words of that item came, or are known never to come."""
        return self._texts.get(item_id) is not None

    def length(self, item_id: str) -> int:
        """How many digits were keyed as that item."""
        return len(self._texts.get(item_id) or "")

    def masks(self, item_id: str) -> bool:
        """Whether some of that item's words may not be kept."""
        return self._kept.get(item_id) != self._texts.get(item_id)

    def hide(self, text: str) -> str:
        """What anybody else says or writes, without card numbers and parts of those given here."""
        return mask(without(text, list(self._echoes(text))))

    @property
    def unfinished(self) -> bool:
        """Whether the newest digits may be the beginning of a card number."""
        awaited = False
        for item_id, text in self._texts.items():
            # What came first may be the second half, its first being awaited.
            if awaited and text and not self.masks(item_id) and numbers.lines(text):
                return True
            awaited = awaited or text is None
        return any(self._open())

    def give_up(self) -> None:
        """Take what may be the beginning of a card number for one."""
        for line in self._open():
            if len(line) >= BEGUN and len(line) != 9 and not numbers.dialable(joined(line)):
                self._take(line, joined(line))
        for item_id in self._texts:
            self._mask(item_id)

    # -- looking ------------------------------------------------------------------------------

    def _look(self, item_id: str, *, anew: bool = False) -> tuple[str, ...]:
        known = len(self._numbers)
        if item_id != self.last_keyed:
            text = self._texts[item_id] or ""
            cards = cards_in(text, self._before(item_id))
            self._numbers += [number for _, number in cards]
            spans = self._spans[item_id] = [span for span, _ in cards]
            spans += [*trailing(text, spans), *spoken_cvv(text)]
            if self._soon_after_card(item_id):
                spans += details(text)
        for line in self._chains():
            # The whole, and what stands between numbers that were found before.
            for part in (line, *self._between_known(line)):
                if any(digit.item == item_id for digit in part):
                    self._look_across(part)
        looked = list(self._texts) if anew or len(self._numbers) > known else [item_id]
        changed = tuple(one for one in looked if self._mask(one, earlier=one != item_id))
        if changed:
            self._completed.add(item_id)
        return changed

    def _between_known(self, line: Line) -> Iterator[Line]:
        for known, part in groupby(line, key=lambda digit: self.masks(digit.item)):
            if not known:
                yield list(part)

    def _look_across(self, line: Line) -> None:
        """Find the numbers that several items make together, from each of them on."""
        for at, digit in enumerate(line):
            if digit.edge < RunEdge.ITEM:
                continue
            text = self._texts[digit.item] or ""
            context, rest = context_of(self._before(digit.item), text[: digit.start]), line[at:]
            for first, stop, number in in_line(rest, context, named=is_named(context)):
                part = rest[first:stop]
                if len({digit.item for digit in part}) < 2 or all(map(self._covered, part)):
                    continue
                if one_number(part, number):
                    self._take(part, number)

    def _take(self, part: Line, number: str) -> None:
        self._numbers.append(number)
        for item_id in dict.fromkeys(digit.item for digit in part):
            mine = [digit for digit in part if digit.item == item_id]
            span = (mine[0].start, mine[-1].end)
            after = trailing(self._texts[item_id] or "", [span])
            self._spans.setdefault(item_id, []).extend([span, *after])

    def _mask(self, item_id: str, *, earlier: bool = True) -> bool:
        """Mask an item's words anew; whether that changed them.

        Of what was said `earlier` only the beginning of a number is a part of it.
        """
        text = self._texts[item_id]
        if not text or item_id in self._sealed:
            return False
        echoes = self._echoes(text, begun=earlier)
        masked = without(text, [*self._spans.get(item_id, ()), *echoes])
        before, self._kept[item_id] = self._kept[item_id], masked
        return masked != before

    def _covered(self, digit: Digit) -> bool:
        spans = self._spans.get(digit.item, ())
        return any(start <= digit.start and digit.end <= end for start, end in spans)

    def _before(self, item_id: str) -> str:
        """What was said before an item, as it may be kept."""
        earlier = takewhile(lambda other: other != item_id, self._texts)
        kept = [self._kept.get(other) for other in earlier]
        return next(filter(None, reversed(kept)), "")

    def _soon_after_card(self, item_id: str) -> bool:
        items = list(self._texts)
        at = items.index(item_id)
        spoken = [other for other in items[:at] if self._texts[other]]
        return any(other in self._completed for other in spoken[-_DETAIL_TURNS:])

    def _chains(self) -> list[Line]:
        """The digits that follow each other over several items, one list for each chain."""
        chains: list[Line] = [[]]
        correcting = False
        for item_id, text in self._texts.items():
            if not text:
                continue  # awaited, unheard or empty
            found = [] if item_id in self._sealed else self._lines(text, item_id)
            if not found:
                correcting = correcting or self._corrects(text)
                if item_id in self._sealed or self._parts(text):
                    chains.append([])
                continue
            head, tail = found[0], found[-1]
            lead = text[: head[0].start]
            if parts(lead):
                chains.append([])
            elif correcting or numbers.corrects(lead):
                head = [replace(head[0], edge=RunEdge.CORRECTED), *head[1:]]
            correcting = False
            chains[-1] = newest([*chains[-1], *head])
            if len(found) > 1:
                chains.append(tail)
            if parts(text[tail[-1].end :]):
                chains.append([])
        return chains

    def _open(self) -> Iterator[Line]:
        """What may be the beginning of a card number: the newest digits, from each item on, and
        older ones that somebody may still begin anew."""
        chains = self._chains()
        for chain in chains:
            for at, digit in enumerate(chain):
                rest = chain[at:]
                short = len(rest) < BEGUN and chain is not chains[-1]
                if short or digit.edge < RunEdge.ITEM or all(map(self._covered, rest)):
                    continue
                if len(rest) < numbers.LONGEST and numbers.may_begin(joined(rest)):
                    yield rest

    def _echoes(self, text: str, *, begun: bool = False) -> Iterator[Span]:
        """Where parts of a number given in this call stand, also slips that began like it."""
        if not self._numbers:
            return
        for line in numbers.lines(text):
            said = joined(line)
            if len(line) < BEGUN or (begun and not numbers.may_begin(said)):
                continue
            if any(repeats(said, known) for known in self._numbers):
                yield line[0].start, line[-1].end
