"""Whether what the model said is what it was to say, however its transcript spells it.

The model is a speaker and no reader: "I'm" for "I am" is no difference, nor is "two hundred six
dollars" for "$206". A figure, a name, a number, a word more or less is one.
"""

import re
from typing import Final

from shared.domain.spoken import digits

_SHORT: Final = (
    ("can't", "can not"), ("cannot", "can not"), ("won't", "will not"), ("let's", "let us"),
    ("n't", " not"), ("'m", " am"), ("'re", " are"), ("'ll", " will"), ("'ve", " have"),
    ("'d", " would"), ("'s", " is"),
)  # fmt: skip
_STREETS: Final = {
    "st": "street", "ave": "avenue", "rd": "road", "dr": "drive", "ln": "lane",
    "blvd": "boulevard", "ct": "court", "pl": "place", "apt": "apartment", "ste": "suite",
}  # fmt: skip
_STREET: Final = re.compile(rf"\b(?:{'|'.join(_STREETS)})\b(?!')")
_ORDINALS: Final = {
    "first": "one", "second": "two", "third": "three", "fourth": "four", "fifth": "five",
    "sixth": "six", "seventh": "seven", "eighth": "eight", "ninth": "nine", "tenth": "ten",
    "eleventh": "eleven", "twelfth": "twelve", "thirteenth": "thirteen",
    "fourteenth": "fourteen", "fifteenth": "fifteen", "sixteenth": "sixteen",
    "seventeenth": "seventeen", "eighteenth": "eighteen", "nineteenth": "nineteen",
    "twentieth": "twenty", "thirtieth": "thirty",
}  # fmt: skip
_ORDINAL: Final = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b")
_NTH: Final = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_CLOCK: Final = re.compile(r"(?<=\d):00\b|\bo'clock\b")
_POINTS: Final = re.compile(r"(?<=\d),(?=\d{3}\b)")
_UNIT: Final = re.compile(r"\bdollars?\b")
_UNSAID: Final = re.compile(r"[\W_]+")


def same_words(said: str, wording: str) -> bool:
    """Whether both are the same words."""
    return folded(said) == folded(wording)


def folded(text: str) -> str:
    """The letters and digits of `text`, with everything spelled in one way."""
    plain = re.sub(r"[’‘]", "'", text.casefold()).replace("&", " and ")
    plain = _CLOCK.sub("", _POINTS.sub("", plain))
    for short, long in _SHORT:
        plain = plain.replace(short, long)
    plain = _STREET.sub(lambda found: _STREETS[found[0]], plain)
    plain = _ORDINAL.sub(lambda found: _ORDINALS[found[0]], plain)
    plain = _UNIT.sub("", _NTH.sub("", plain))
    for number in reversed(digits.runs(plain)):
        plain = plain[: number[0].start] + digits.joined(number) + plain[number[-1].end :]
    return _UNSAID.sub("", plain)


def agreed(said: str, wording: str) -> int | None:
    """How many letters of `wording`, folded already, the beginning of a transcript has said by now.

    None where it says something else. A word that may go on, and a number, which what comes next
    may make another one ("0691, and 310"), are not looked at before they are complete.
    """
    whole = re.sub(r"[^\s.,;:!?]+$", "", said)
    numbers = digits.runs(whole)
    if numbers and digits.only_filler(whole[numbers[-1][-1].end :]):
        whole = whole[: numbers[-1][0].start]
    letters = folded(whole)
    return len(letters) if wording.startswith(letters) else None
