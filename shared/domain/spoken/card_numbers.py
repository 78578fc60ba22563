"""Digits said in a row, and which of them are the number of a payment card.

A number counts as a card's when it begins as an issuer's do, has a length that issuer gives out
and its check digit is right. Where the word "card" was said beside it less is enough.
Issuers' ranges: ISO/IEC 7812, and the tables the networks publish for merchants.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from shared.domain.spoken import digits
from shared.domain.spoken.digits import Digits

SHORTEST, LONGEST = 12, 19
USUAL = (14, 15, 16)  # the lengths of nearly all cards
BEGUN = 6  # digits after "my card number is" that make it one, read out or cut short
MOST_CORRECTED = 8


class RunEdge(IntEnum):
    """What stands before a digit; the more, the likelier another number begins there."""

    NONE = 0
    GROUP = 1  # figures written apart: "4242 4242"
    PAUSE = 2  # a comma, a stop, "and", "um"
    ITEM = 3  # another utterance, or the first digit of all
    CORRECTED = 4  # "no, sorry"


@dataclass(frozen=True, slots=True)
class Digit:
    """One digit and where it stands in the text of `item`: alone, or as a part of a group."""

    value: str
    start: int
    end: int
    edge: RunEdge
    item: str = ""


Line = list[Digit]

WORD = re.compile(r"[0-9]+|[^\W\d_]+(?:['’][^\W\d_]+)?")
_MARKS = frozenset(("dash", "hyphen", "dot", "space", "slash"))
_FILLERS = frozenset(
    (
        "and", "um", "umm", "uh", "uhm", "er", "erm", "ah", "hm", "hmm", "mm", "well", "then",
        "okay", "ok", "so", "like", "you", "know", "yeah", "yes", "the", "next", "rest", "is",
        "are", "it's", "its", "that's", "digits", "hold", "on", "hang", "a", "sec", "second",
        "moment", "let", "me", "see",
    )
)  # fmt: skip
_CORRECTING = frozenset(
    ("sorry", "no", "nope", "wait", "actually", "correction", "mean", "rather", "oops", "scratch",
     "over", "again")
)  # fmt: skip
_WITH_CORRECTION = frozenset(("i", "that", "make", "excuse", "start", "repeat", "it", "was"))
# Numbers about the talk itself: "one moment", "the last four are".
_ASIDE = re.compile(
    r"\b(?:one|two|1|2) (?:more )?(?:sec(?:ond)?s?|moment|minutes?)\b"
    r"|\b(?:first|next|last|other|final|second|third) (?:four|three|five|six|eight|[34568])"
    r"(?= (?:digits |numbers |ones )?(?:are|is|being)\b)",
    re.IGNORECASE,
)
_EXPIRY = re.compile(r"(?:0[1-9]|1[0-2])[2-4][0-9](?:[0-9]{3,4})?")
_PAUSE = re.compile(r"[,;:!?\n]|\.(?=\s|$)")


# -- reading -------------------------------------------------------------------------------------


def lines(text: str, item: str = "") -> list[Line]:
    """The digits of `text`, a list for each number that other words part from its neighbours."""
    groups = [group for run in digits.runs(text) for group in run]
    if not groups:
        return []
    asides = [match.span() for match in _ASIDE.finditer(text)]
    found: list[Line] = []
    previous: Digits | None = None
    for group in groups:
        if any(start <= group.start < end for start, end in asides):
            continue
        edge = None if previous is None else _edge(text, previous, group)
        if edge is None:
            found.append([])
        found[-1] += _single(text, group, RunEdge.ITEM if edge is None else edge, item)
        previous = group
    return found


def _edge(text: str, previous: Digits, group: Digits) -> RunEdge | None:
    """What parts two groups; None when they cannot be of one number."""
    between = text[previous.end : group.start]
    if len(between) > 60 or "$" in between:
        return None
    for start, end in (match.span() for match in _ASIDE.finditer(between)):
        between = between[:start] + "," + " " * (end - start - 1) + between[end:]
    words = [word.lower().replace("’", "'") for word in WORD.findall(between)]
    if not all(word in _FILLERS | _MARKS | _CORRECTING | _WITH_CORRECTION for word in words):
        return None
    if corrects(between):
        return RunEdge.CORRECTED
    if _PAUSE.search(between) or any(word not in _MARKS for word in words):
        return RunEdge.PAUSE
    figures = any(
        len(one.text) > 1 and text[one.start : one.end].isdigit() for one in (previous, group)
    )
    return RunEdge.GROUP if words or figures else RunEdge.NONE


def corrects(text: str) -> bool:
    """Whether `text` takes back what was said before it."""
    return any(word.lower() in _CORRECTING for word in WORD.findall(text))


def _single(text: str, group: Digits, edge: RunEdge, item: str) -> Iterator[Digit]:
    apart = group.end - group.start == len(group.text)
    for at, value in enumerate(group.text):
        start, end = (group.start + at, group.start + at + 1) if apart else (group.start, group.end)
        yield Digit(value, start, end, RunEdge.NONE if at else edge, item)


def joined(line: Line) -> str:
    return "".join(digit.value for digit in line)


# -- one number ----------------------------------------------------------------------------------


def luhn(number: str) -> bool:
    """Whether the check digit of `number` is right."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def issued(number: str) -> bool:
    """Whether an issuer gives out numbers of this beginning and length (twelve to nineteen)."""
    size, two, three, four = len(number), int(number[:2]), int(number[:3]), int(number[:4])
    if number[0] == "4":
        return size in (13, 16, 19)  # Visa
    if 51 <= two <= 55 or 2221 <= four <= 2720:
        return size == 16  # Mastercard
    if two in (34, 37):
        return size == 15  # American Express
    if two in (36, 38, 39) or 300 <= three <= 305 or three == 309:
        return size in (14, 16)  # Diners Club
    if four in (5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763):
        return SHORTEST <= size <= LONGEST  # Maestro
    # Discover, UnionPay and JCB; the rest of Maestro.
    discover = four == 6011 or 644 <= three <= 649 or two == 65
    maestro = two in (50, 56, 57, 58, 67) or four == 6390
    return (discover or two == 62 or 3528 <= four <= 3589 or maestro) and 16 <= size <= LONGEST


def may_begin(number: str) -> bool:
    """Whether a card number may begin so; a few digits are enough to ask."""
    return re.match(r"4|5[0-8]|2[2-7]|3[0-9]|6[02-7]|[2-6]$", number) is not None


def dialable(number: str) -> bool:
    """Whether `number` has the shape of a North American phone number, with or without the 1.

    37x and 96x are area codes that are kept free, and so are all with a 9 in the middle.
    """
    ten = number[1:] if len(number) == 11 and number[0] == "1" else number
    if len(ten) != 10 or ten[:2] in ("37", "96") or ten[1] == "9" or ten[1:3] == "11":
        return False
    return ten[0] in "23456789" and ten[3] in "23456789"


# -- in a line -----------------------------------------------------------------------------------


def find(line: Line, *, named: bool = False) -> list[tuple[int, int, str]]:
    """The card numbers of `line`: from which digit to which, and the number.

    `named`: "card" was said beside it. Then a wrong check digit, a misheard one, is no excuse.
    """
    number, found, at, floor = joined(line), [], 0, 0
    while at + SHORTEST <= len(line):
        end = _best(line, number, at, named=named) if _begins(line, floor, at, named=named) else 0
        if end:
            found.append((at, end, number[at:end]))
            at = floor = end
        else:
            at += 1
    return found or list(_corrected(line, number))[:1]


def _begins(line: Line, floor: int, at: int, *, named: bool) -> bool:
    """Whether a card number may begin with digit `at`, those from `floor` being something else.

    A serial number of twenty digits has many stretches of thirteen or sixteen: only what is set
    off, behind something that is a number of its own, counts.
    """
    edge = line[at].edge
    if at == floor or edge >= RunEdge.ITEM or (named and edge >= RunEdge.GROUP):
        return True
    before = joined(line[floor:at])
    other = len(before) in (5, 9) or dialable(before)  # a ZIP or a phone number
    if edge >= RunEdge.GROUP and _printed(line, at) and (other or len(before) < 4):
        return True
    restarted = joined(line[at : at + len(before)]) == before
    return edge >= RunEdge.PAUSE and (other or restarted)


def _printed(line: Line, at: int) -> bool:
    """Whether the groups are those on the card: four times four, or four, six and five."""
    cuts = {place - at for place in range(at + 1, len(line)) if line[place].edge >= RunEdge.GROUP}
    return cuts >= {4, 8, 12} or (cuts >= {4, 10} and 8 not in cuts)


def _best(line: Line, number: str, at: int, *, named: bool) -> int | None:
    """Where the likeliest card number that begins with digit `at` ends."""
    ends: list[tuple[tuple[bool, bool, bool, bool, int], int]] = []
    for end in range(at + SHORTEST, min(at + LONGEST, len(line)) + 1):
        edge = line[end].edge if end < len(line) else RunEdge.ITEM
        tried, set_off = number[at:end], edge >= RunEdge.PAUSE
        usual = len(tried) in USUAL
        # Expiry and security code may follow in the same breath.
        rest = number[end:]
        run_on = len(tried) in (15, 16) and len(rest) >= 3
        if not (edge >= RunEdge.GROUP or run_on or _EXPIRY.fullmatch(rest)):
            continue
        given = issued(tried)
        exact = given and luhn(tried) and (named or not _patched(line, at, end))
        if (exact or (named and (given or set_off))) and not holds_phone(line, at, end):
            ends.append(((exact, given, set_off, usual, edge), end))
    return max(ends)[1] if ends else None


def _patched(line: Line, at: int, end: int) -> bool:
    """A short number out of three answers and more is more likely those answers."""
    items = sum(digit.edge >= RunEdge.ITEM for digit in line[at + 1 : end])
    return end - at < min(USUAL) and items > 1


def _corrected(line: Line, number: str) -> Iterator[tuple[int, int, str]]:
    """A number in which some digits were taken back: "4242 4243, no, 4242 4242 4242"."""
    starts = [at for at, digit in enumerate(line) if at == 0 or digit.edge >= RunEdge.ITEM]
    ends = [at for at in range(1, len(line)) if line[at].edge >= RunEdge.PAUSE]
    for again in (at for at in starts if at and line[at].edge is RunEdge.CORRECTED):
        for at in (start for start in starts if start < again):
            if holds_phone(line, at, again):
                continue
            for end in (*(end for end in ends if end > again), len(line)):
                for size in (*USUAL, 19, 13):
                    dropped = end - at - size
                    tried = number[at : max(again - dropped, at)] + number[again:end]
                    if not 0 < dropped <= min(MOST_CORRECTED, again - at):
                        continue
                    if not holds_phone(line, again, end) and issued(tried) and luhn(tried):
                        yield at, end, tried


def holds_phone(line: Line, at: int, end: int) -> bool:
    """Whether a phone number stands among these digits, set off from what is beside it.

    Ten digits beside six may also be a card read out in two parts; a ZIP, a house number or a
    code is shorter, and ZIP+4 longer.
    """
    whole = end == len(line) or line[end].edge >= RunEdge.PAUSE
    bounds = [at, *(i for i in range(at + 1, end) if line[i].edge >= RunEdge.GROUP), end]
    for start in bounds:
        for first in (start, start + 1) if line[min(start, end - 1)].value == "1" else (start,):
            stop = first + 10
            if stop not in bounds or not dialable(joined(line[first:stop])):
                continue
            inner = [bound for bound in bounds if first < bound < stop]
            if [bound - first for bound in inner] not in ([], [3], [3, 6]):
                continue
            by_turns = all(line[bound].edge >= RunEdge.ITEM for bound in inner)
            if not (whole and by_turns and end - at - 10 in (6, 7, 8)):
                return True
    return False
