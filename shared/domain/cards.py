"""Payment card numbers in what a caller says or keys: found, masked, never kept.

A card number is 13 to 19 digits that pass the Luhn check, typed or spoken. Phone numbers, ZIPs and
house numbers are shorter and are left alone.
"""

import re
from collections.abc import Iterator

from shared.domain import digits
from shared.domain.digits import Digits

MASK = "[card number]"
SHORTEST, LONGEST = 13, 19

_NAMED = re.compile(r"\b(card|visa|master ?card|amex|american express|discover)\b", re.IGNORECASE)
# "My card number is 4242 42…": nobody waits for the rest.
_ANNOUNCED = re.compile(
    r"\b(?:(?:credit|debit|bank) )?card(?: number)?(?: is|'s|:|,)?"
    r"(?: (?:it's|it is|um|uh))?[ ,:.]*$",
    re.IGNORECASE,
)
BEGUN = 6  # digits after those words that make it a card, read out or cut short
# "Security code" alone may be the gate's: only these two are never anything else.
_CVV = re.compile(r"\b(?:cvv|cvc|c v v|c v c)2?\b", re.IGNORECASE)
# Words that may stand between a card number and its expiry or security code.
_AFTER = frozenset(
    (
        "and", "the", "it", "its", "it's", "that", "that's", "is", "on", "of", "with", "a", "my",
        "exp", "expires", "expiry", "expiration", "expiring", "date", "valid", "through", "thru",
        "until", "cvv", "cvc", "c", "v", "security", "code", "number", "three", "four", "digit",
        "digits", "back", "front", "slash", "um", "uh", "then", "okay", "ok", "so",
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december",
    )
)  # fmt: skip
_WORDS = re.compile(r"[^\W\d_][^\W\d_']*")


def luhn(number: str) -> bool:
    """Whether the check digit of `number` is right."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def contains_card(text: str) -> bool:
    return any(True for _ in _cards(text))


def mask(text: str) -> str:
    """`text` without card numbers, nor the expiry and security code said right after one."""
    spans = list(_cards(text))
    spans += list(_trailing(text, spans)) + list(_spoken_cvv(text))
    return _without(text, spans)


class CardWatch:
    """Notices a card number that one caller reads out over several turns, or keys.

    After `said`, `text` is that turn with its part of the number masked, and `earlier` how many
    turns before it hold the beginning: those were kept before anybody could know, and must be
    written again, masked.
    """

    def __init__(self) -> None:
        self.text = ""
        self.earlier = 0
        self._tail: list[list[Digits]] = []  # the digits each of the last turns ended with
        self._keys = ""

    def said(self, text: str) -> bool:
        """Whether this turn holds a card number, or completes one begun in the turns before."""
        self.text, self.earlier = mask(text), 0
        found = digits.runs(text)
        leading = found[0] if found and digits.only_filler(text[: found[0][0].start]) else []
        known = self.text != text and contains_card(text)
        if not known and leading and self._tail:
            known = self._completes(text, leading)
        self._remember(text, found, leading, known=known)
        return known

    def keyed(self, key: str) -> bool:
        """Whether the keys pressed so far end with a card number."""
        self._keys = (self._keys + key)[-LONGEST:] if key.isdigit() and key.isascii() else ""
        if self._ends_with_card(self._keys):
            self._keys = ""
            return True
        return False

    def _completes(self, text: str, leading: list[Digits]) -> bool:
        for turns in range(1, len(self._tail) + 1):
            before = self._tail[-turns:]
            whole = [
                _paused(group, at == 0)
                for run in [*before, leading]
                for at, group in enumerate(run)
            ]
            first = sum(len(run) for run in before)
            for start, end in _windows(whole, named=False):
                # A number that ended in an earlier turn was told then.
                if start < len(before[0]) and end > first:
                    span = (leading[0].start, leading[end - first - 1].end)
                    self.text = mask(_without(text, [span, *_trailing(text, [span])]))
                    self.earlier = turns
                    return True
        return False

    def _remember(
        self, text: str, found: list[list[Digits]], leading: list[Digits], *, known: bool
    ) -> None:
        if known:
            self._tail = []
        elif found and digits.only_filler(text[found[-1][-1].end :]):
            # Only a turn that is nothing but digits goes on with the number of the turn before.
            carried = self._tail if len(found) == 1 and leading else []
            self._tail = [*carried, found[-1]][-LONGEST:]
        elif not digits.only_filler(text):
            self._tail = []

    @staticmethod
    def _ends_with_card(keys: str) -> bool:
        return any(luhn(keys[-size:]) for size in range(SHORTEST, len(keys) + 1))


def _paused(group: Digits, pause: bool) -> Digits:
    return Digits(group.text, group.start, group.end, pause or group.pause)


def _cards(text: str) -> Iterator[tuple[int, int]]:
    """Where the card numbers of `text` stand."""
    for run in digits.runs(text):
        before = text[max(0, run[0].start - 80) : run[0].start]
        pieces = list(_pieces(run))
        found = False
        for start, end in _windows(pieces, named=bool(_NAMED.search(before))):
            found = True
            yield pieces[start].start, pieces[end - 1].end
        size = len(digits.joined(run))
        if not found and size >= BEGUN and size not in (10, 11) and _ANNOUNCED.search(before):
            yield run[0].start, run[-1].end


def _pieces(run: list[Digits]) -> Iterator[Digits]:
    """The groups of a run, the ones too long for a phone number cut into single digits."""
    for group in run:
        if len(group.text) <= 11 or group.end - group.start != len(group.text):
            yield group
            continue
        for at, digit in enumerate(group.text):
            start = group.start + at
            yield Digits(digit, start, start + 1, group.pause and at == 0)


def _windows(groups: list[Digits], *, named: bool) -> Iterator[tuple[int, int]]:
    """The card numbers among `groups`, as index ranges, none overlapping another."""
    phones = _phones(groups)
    at = 0
    while at < len(groups):
        end = _best(groups, at, phones, named=named)
        if end is None:
            at += 1
        else:
            yield at, end
            at = end


def _best(groups: list[Digits], at: int, phones: set[int], *, named: bool) -> int | None:
    """The end of the card number that begins with group `at`: all of it, else an issuer's shape,
    else the longest."""
    number, found, shaped = "", None, None
    for end in range(at + 1, len(groups) + 1):
        number += groups[end - 1].text
        if len(number) > LONGEST:
            break
        if len(number) < SHORTEST or not _parted(groups, at, end, phones, number):
            continue
        issued = _issued(number)
        if luhn(number):
            shaped = end if issued or end == len(groups) else shaped
            found = end
        elif named and issued:
            # One digit misheard breaks the check, and the other fifteen are still the card's.
            found = end
    return shaped or found


def _parted(groups: list[Digits], at: int, end: int, phones: set[int], number: str) -> bool:
    """Whether these groups may be one number: a phone number among them needs pauses around."""
    if phones.isdisjoint(range(at, end)):
        return True
    whole = (at == 0 or groups[at].pause) and (end == len(groups) or groups[end].pause)
    return whole and _issued(number)


def _issued(number: str) -> bool:
    """Whether an issuer gives out numbers of this beginning and length."""
    size, two, four = len(number), int(number[:2]), int(number[:4])
    return (
        (number[0] == "4" and size in (16, 19))
        or ((51 <= two <= 55 or 2221 <= four <= 2720) and size == 16)
        or (two in (34, 37) and size == 15)
        or (two in (36, 38, 39) and size == 14)
        or ((four == 6011 or two == 65 or 3528 <= four <= 3589 or two == 62) and size == 16)
    )


def _phones(groups: list[Digits]) -> set[int]:
    """The groups that make a phone number: 3-3-4, or ten or eleven digits between two pauses."""
    sizes = [len(group.text) for group in groups]
    found: set[int] = set()
    for at in range(len(groups) - 2):
        if sizes[at : at + 3] == [3, 3, 4]:
            found |= {at, at + 1, at + 2}
    start = 0
    for at in range(1, len(groups) + 1):
        if at == len(groups) or groups[at].pause:
            if sum(sizes[start:at]) in (10, 11):
                found |= set(range(start, at))
            start = at
    return found


def _trailing(text: str, cards: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Expiry and security code after a card number; a ZIP (five digits) is left alone."""
    for _, end in cards:
        reach = end
        for run in digits.runs(text[end : end + 160]):
            start, stop = run[0].start + end, run[-1].end + end
            words = {word.lower() for word in _WORDS.findall(text[reach:start])}
            if not words <= _AFTER or len(digits.joined(run)) in (5, 9, 10, 11):
                break
            yield start, stop
            reach = stop


def _spoken_cvv(text: str) -> Iterator[tuple[int, int]]:
    for named in _CVV.finditer(text):
        after = digits.runs(text[named.end() : named.end() + 60])
        if not after:
            continue
        run = after[0]
        words = {
            word.lower() for word in _WORDS.findall(text[named.end() : named.end() + run[0].start])
        }
        if words <= _AFTER and len(digits.joined(run)) in (3, 4):
            yield named.end() + run[0].start, named.end() + run[-1].end


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """`text` with each of `spans` masked; spans that touch or overlap are masked as one."""
    out: list[str] = []
    at, masked_to = 0, -1
    for start, end in sorted(spans):
        if start < at:
            at = max(at, end)
            continue
        gap = text[at:start]
        if masked_to < 0 or gap.strip(" ,./-") or not out:
            out += [gap, MASK]
        masked_to, at = end, max(at, end)
    return "".join([*out, text[at:]])
