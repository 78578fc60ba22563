"""Digits and numbers in what was heard: "five five five", "double four", "one twenty three"."""

import re

_DIGITS = {
    "zero": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
}
# Words that are digits only among digits: "to call" is not a two.
_UNSURE = {"oh": "0", "o": "0", "to": "2", "too": "2", "for": "4", "ate": "8", "won": "1"}
_TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NOUGHTS = {"hundred": "00", "thousand": "000"}
_TIMES = {"double": 2, "triple": 3}
_WORD = re.compile(r"[a-z]+|\d+", re.IGNORECASE)


def words(text: str) -> list[str]:
    """Return the words and runs of digits of `text`, in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def _value(word: str) -> str | None:
    """Return the digits of one word that can only be a number."""
    if word.isdigit():
        return word
    if word in _DIGITS:
        return _DIGITS[word]
    if word in _TEENS:
        return str(10 + _TEENS.index(word))
    if word in _TENS:
        return str(20 + 10 * _TENS.index(word))
    return None


def is_number(word: str) -> bool:
    """Tell whether a word can only be a number."""
    return _value(word.lower()) is not None


def digits(text: str) -> str:
    """Return all digits said in `text`, in order."""
    found = ""
    heard = words(text)
    index = 0
    while index < len(heard):
        taken, size = _at(heard, index)
        found += taken
        index += size
    return found


def _at(heard: list[str], index: int) -> tuple[str, int]:
    """Return the digits that begin at one word, and how many words they are."""
    word = heard[index]
    following = heard[index + 1] if index + 1 < len(heard) else ""
    if word in _TIMES and (value := _value(following)) is not None:
        return value[0] * _TIMES[word], 2
    if word in _TENS and following in _DIGITS and following != "zero":
        return str(int(_value(word) or 0) + int(_DIGITS[following])), 2
    if (value := _value(word)) is not None:
        return value, 1
    before = heard[index - 1] if index else ""
    if word in _NOUGHTS and _value(before) is not None:
        return _NOUGHTS[word], 1
    if word in _UNSURE and (_value(before) is not None or _value(following) is not None):
        return _UNSURE[word], 1
    return "", 1


def leading(text: str) -> tuple[str, str]:
    """Return the number that `text` begins with, as it is written, and the rest.

    "one twenty three oak street" is 123, "two hundred four elm" is 204.
    """
    parts = text.split()
    number = ""
    before = ""
    at = 0
    while at < len(parts):
        word = parts[at].strip(".,").lower().replace("-", " ")
        if word == "hundred" and number:
            number += "00"
        elif word == "and" and before == "hundred":
            word = before
        elif (value := digits(word)) and all(is_number(piece) for piece in words(word)):
            number = _joined(number, value, before)
        elif word in ("oh", "o") and number:
            number += "0"
        else:
            break
        before = word
        at += 1
        if parts[at - 1].endswith(","):
            follows = parts[at].strip(".,").lower() if at < len(parts) else ""
            if not is_number(follows):
                break
    return number, " ".join(parts[at:])


def _joined(number: str, value: str, before: str) -> str:
    """Return two parts of a spoken number as one: twenty and 3 make 23."""
    if before == "hundred" and len(value) <= 2:
        return number[: -len(value)] + value
    if before in _TENS and len(value) == 1 and value != "0":
        return number[:-1] + value
    return number + value
