"""The numbers of a wish in figures: "twenty first" is "21th", "nine thirty" is "9 30"."""

import re

_ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_LARGE = {"hundred": "100", "thousand": "1000"}
_NTH = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "forth": 4, "fifth": 5, "sixth": 6,
    "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12,
    "twelth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")


def in_figures(words: list[str]) -> list[str]:
    """`words` with every number in figures, and every ordinal as figures with "th"."""
    out: list[str] = []
    at = 0
    while at < len(words):
        word, following = words[at], words[at + 1] if at + 1 < len(words) else ""
        taken = 1
        if word in _TENS and 0 < _ONES.get(following, 0) < 10:
            word, taken = str(_TENS[word] + _ONES[following]), 2
        elif word in _TENS and 0 < _nth(following) < 10:
            word, taken = f"{_TENS[word] + _nth(following)}th", 2
        elif word in _TENS or word in _ONES:
            word = str(_TENS.get(word, _ONES.get(word)))
        elif word in _LARGE:
            word = _LARGE[word]
        elif _nth(word):
            word = f"{_nth(word)}th"
        out.append(word)
        at += taken
    return out


def _nth(word: str) -> int:
    """3 for "third" and "3rd", 0 where it is no ordinal."""
    found = _ORDINAL.fullmatch(word)
    return int(found[1][:4]) if found else _NTH.get(word, 0)
