"""Digits as people say and machines write them: "five five five", "double four", "oh", "forty-two".

One reading of numbers for card numbers, phone numbers and house numbers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ONES = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "one": "1", "two": "2", "three": "3",
    "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_TEENS = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14",
    "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
}  # fmt: skip
_TENS = {
    "twenty": "2", "thirty": "3", "forty": "4", "fourty": "4", "fifty": "5", "sixty": "6",
    "seventy": "7", "eighty": "8", "ninety": "9",
}  # fmt: skip
_REPEAT = {"double": 2, "triple": 3, "treble": 3}
# Said between the groups of one number, meaning nothing.
_FILLERS = frozenset(
    (
        "and", "um", "uh", "uhm", "er", "erm", "ah", "then", "dash", "hyphen", "dot", "space",
        "slash", "okay", "ok", "so", "like", "you", "know",
    )
)  # fmt: skip
_WORD = re.compile(r"[0-9]+|[^\W\d_]+(?:'[^\W\d_]+)?")
_FIGURE = re.compile("[0-9]")
_BEGIN = frozenset((*_ONES, *_TEENS, *_TENS, *_REPEAT))  # the words a number may begin with


@dataclass(frozen=True, slots=True)
class Digits:
    """Some digits and where in the text they stand. `pause`: a comma or stop comes before them."""

    text: str
    start: int
    end: int
    pause: bool = False


def runs(text: str) -> list[list[Digits]]:
    """The numbers of `text`: groups of digits that no other word parts."""
    found: list[list[Digits]] = []
    previous_end: int | None = None
    for token in _tokens(text):
        between = "" if previous_end is None else text[previous_end : token.start]
        if previous_end is not None and _joins(between):
            found[-1].append(
                Digits(
                    token.text, token.start, token.end, pause=bool(re.search(r"[,.;!?\n]", between))
                )
            )
        else:
            found.append([token])
        previous_end = token.end
    return found


def joined(run: list[Digits]) -> str:
    return "".join(group.text for group in run)


def is_figure(text: str, group: Digits) -> bool:
    """Whether `group` is written in figures in `text`, and not in words."""
    return text[group.start].isdigit()


def one_number(text: str, before: Digits, after: Digits) -> bool:
    """Whether two groups that follow each other in `text` are parts of one number.

    Single digits and number words are, said one after the other. Two groups of figures are not as
    soon as one has two digits or more; nothing is over a comma, a slash, a hyphen or a word.
    """
    gap = text[before.end : after.start]
    figures = (is_figure(text, before), is_figure(text, after))
    if "\n" in gap or (gap.strip() and not (gap == "-" and not any(figures))):
        return False
    # "12 oh 4" is how "twelve oh four" is often written down.
    nought = "0" in (before.text, after.text)
    long = (figures[0] and len(before.text) > 1) or (figures[1] and len(after.text) > 1)
    return not long or (nought and not all(figures))


def only_filler(text: str) -> bool:
    """Nothing in `text` parts one number from another: stops, dashes, "um", "and then"."""
    return all(word.lower() in _FILLERS for word in _WORD.findall(text))


def _joins(between: str) -> bool:
    # A bracket or quote is no end of a number, a currency sign is.
    return len(between) <= 60 and "$" not in between and only_filler(between)


def _tokens(text: str) -> Iterator[Digits]:
    # Most of what is said has no number in it, and every text of a call is read for one.
    if _FIGURE.search(text) is None and _BEGIN.isdisjoint(_WORD.findall(text.lower())):
        return
    words = [(m.group().lower(), m.start(), m.end()) for m in _WORD.finditer(text)]
    at = 0
    while at < len(words):
        taken, digits = _read(words, at)
        if digits:
            yield Digits(digits, words[at][1], words[at + taken - 1][2])
        at += max(taken, 1)


def _read(words: list[tuple[str, int, int]], at: int) -> tuple[int, str]:
    """How many words from `at` make one group, and its digits ("" when they make none)."""
    word = words[at][0]
    following = words[at + 1][0] if at + 1 < len(words) else ""
    if word.isdigit() and word.isascii():
        return 1, word
    if word in _REPEAT:
        once = _ONES.get(following) or (
            following if len(following) == 1 and following.isdigit() else ""
        )
        return (2, once * _REPEAT[word]) if once else (1, "")
    if word in _TENS:
        tens = _TENS[word]
        if following in _ONES and _ONES[following] != "0":
            return _hundreds(words, at, 2, tens + _ONES[following])
        return _hundreds(words, at, 1, tens + "0")
    if word in _TEENS:
        return _hundreds(words, at, 1, _TEENS[word])
    if word in _ONES:
        return _hundreds(words, at, 1, _ONES[word])
    return 1, ""


def _hundreds(
    words: list[tuple[str, int, int]], at: int, taken: int, digits: str
) -> tuple[int, str]:
    """`digits`, or as many hundreds or thousands where that word follows, and what is added."""
    unit = words[at + taken][0] if at + taken < len(words) else ""
    zeros = {"hundred": 2, "thousand": 3}.get(unit)
    if zeros is None or not digits.strip("0"):
        return taken, digits
    taken += 1
    rest_at = at + taken
    if rest_at < len(words) and words[rest_at][0] == "and":
        rest_at += 1
    # "Five hundred, eight" are two numbers: nothing is added over a comma.
    if rest_at < len(words) and words[rest_at][1] - words[rest_at - 1][2] <= 1:
        more, rest = _small(words, rest_at)
        if rest and zeros == 3 and words[min(rest_at + more, len(words) - 1)][0] == "hundred":
            more, rest = _hundreds(words, rest_at, more, rest)
        if rest and len(rest) <= zeros:
            return rest_at - at + more, digits + rest.zfill(zeros)
    return taken, digits + "0" * zeros


def _small(words: list[tuple[str, int, int]], at: int) -> tuple[int, str]:
    """One number under a hundred in words: what may be added to a hundred."""
    word = words[at][0]
    following = words[at + 1][0] if at + 1 < len(words) else ""
    if word in _TENS:
        one = _ONES.get(following, "0")
        return (2 if one != "0" else 1), _TENS[word] + one
    if word in _TEENS:
        return 1, _TEENS[word]
    # "oh" and "zero" are never added: "five hundred oh one" is 500, 0, 1.
    return (1, _ONES[word]) if word in _ONES and _ONES[word] != "0" else (1, "")
