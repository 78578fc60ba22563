"""Numbers as an agent says them: "one sixty-five", "two oh six", "twenty-four hundred", "9:30"."""

from dataclasses import dataclass

_ONES = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9,
}  # fmt: skip
_TEENS = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_NTH = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
_NOUGHT = frozenset(("oh", "o", "zero"))
# What a number that is not in figures begins with.
_BEGINS = frozenset(
    ("noon", "midday", "midnight", "a", "an", "hundred", *_ONES, *_TEENS, *_TENS, *_NTH)
)
_THOUSAND = frozenset(("thousand", "grand", "k"))
_HUNDREDS = frozenset(("hundred", "thousand", "grand"))
_WHOLE = frozenset(("the", "full", "whole", "that", "your", "my", "flat", "even"))  # hundred
_LONGEST = 9  # digits: what is longer is no amount


@dataclass(frozen=True, slots=True)
class SaidNumber:
    """One number that was said. `hour` and `minute` are how it reads as a time, hour None where it
    cannot be one; an ordinal is a day of a month, or nothing."""

    cents: int
    hour: int | None = None
    minute: int = 0
    half: str = ""  # "am" or "pm", where it was said
    is_clock: bool = False  # "o'clock", "9:30", "noon": nothing but a time
    is_ordinal: bool = False
    is_money: bool = False  # "$", "dollars"
    is_percent: bool = False
    is_code: bool = False  # said digit by digit
    is_bare: bool = False  # in figures, with no "$" and no comma

    @property
    def whole(self) -> int:
        return self.cents // 100


def number_at(tokens: list[str], at: int) -> tuple[SaidNumber, int] | None:
    """The number that begins at a word, and how many tokens it takes; None where none does."""
    word = tokens[at]
    if word[0] == "$" or (word[0].isdecimal() and word.isascii()):
        return _in_figures(tokens, at)
    if word not in _BEGINS:
        return None
    if word in ("noon", "midday"):
        return SaidNumber(1200, 12, 0, "pm", is_clock=True), 1
    if word == "midnight":
        return SaidNumber(1200, 0, 0, "am", is_clock=True), 1
    if word in ("a", "an") and _next(tokens, at) in _HUNDREDS:
        value, taken = _rest(tokens, at + 1, 1, hundreds=True)
        return SaidNumber(value * 100), taken + 1
    if word == "hundred" and at and tokens[at - 1] in _WHOLE:
        value, taken = _rest(tokens, at, 1, hundreds=True)
        return SaidNumber(value * 100), taken
    if word in _NTH:
        return SaidNumber(_NTH[word] * 100, is_ordinal=True), 1
    return None if word == "hundred" else _in_words(tokens, at)


def _in_figures(tokens: list[str], at: int) -> tuple[SaidNumber, int] | None:
    token = tokens[at]
    bare = token.lstrip("$").rstrip(",")
    is_money = token[0] == "$"
    if ":" in bare:
        hours, _, minutes = bare.partition(":")
        if int(hours) > 23 or int(minutes) > 59:
            return None
        return SaidNumber(int(hours) * 100, int(hours), int(minutes), is_clock=True), 1
    if bare[-2:] in ("st", "nd", "rd", "th"):
        return SaidNumber(int(bare[:-2]) * 100 if len(bare) < 5 else 0, is_ordinal=True), 1
    whole, _, rest = bare.replace(",", "").partition(".")
    if not whole or len(whole) > _LONGEST:
        return None
    cents = int(whole) * 100 + int(rest[:2].ljust(2, "0") or 0)
    taken = 1
    if not rest and len(whole) <= 2:
        value, more = _rest(tokens, at + 1, int(whole), hundreds=True)
        if more:
            return _spoken(value * 100, int(whole), tokens, at, 1 + more, is_money=is_money)
    if _next(tokens, at) in _THOUSAND:
        cents, taken = cents * 1000, 2
    hour = int(whole) if len(whole) <= 2 and not rest and int(whole) <= 24 and taken == 1 else None
    if len(whole) == 3 or len(whole) > 5:
        hour = None
    is_code = (len(whole) > 1 and whole[0] == "0") or (len(whole) > 4 and "," not in bare)
    is_bare = not is_money and "," not in bare and taken == 1
    return SaidNumber(cents, hour, is_money=is_money, is_code=is_code, is_bare=is_bare), taken


def _in_words(tokens: list[str], at: int) -> tuple[SaidNumber, int] | None:
    small, taken = _small(tokens, at)
    if not taken:
        return None
    nth = _NTH.get(_at(tokens, at + taken), 0)
    if small in _TENS.values() and taken == 1 and 0 < nth < 10:
        return SaidNumber((small + nth) * 100, is_ordinal=True), 2
    digits = _digits(tokens, at)
    if len(digits) > 2:
        return SaidNumber(int("".join(map(str, digits[:9]))) * 100, is_code=True), len(digits)
    value, more = _rest(tokens, at + taken, small, hundreds=True)
    return _spoken(value * 100, small, tokens, at, taken + more)


def _spoken(
    cents: int, first: int, tokens: list[str], at: int, taken: int, *, is_money: bool = False
) -> tuple[SaidNumber, int]:
    """A number of several words: perhaps with cents behind, perhaps a time ("nine thirty")."""
    value = cents // 100
    is_pair = value != first and value // 100 == first and "hundred" not in tokens[at : at + taken]
    if 100 <= value < 1000 and is_pair:
        more, words = _small(tokens, at + taken)
        if words and more >= 10:
            return SaidNumber(cents + more, is_money=is_money), taken + words
    hour, minute = (first, value % 100) if is_pair else (value, 0)
    if hour > 12 or minute > 59 or (value != first and not is_pair):
        return SaidNumber(cents, is_money=is_money), taken
    return SaidNumber(cents, hour, minute, is_money=is_money), taken


def _rest(tokens: list[str], at: int, value: int, *, hundreds: bool) -> tuple[int, int]:
    """`value` with the words behind it, and how many these are: "hundred and six", "oh six",
    "sixty five", "thousand one hundred fifty"."""
    taken, word = 0, _at(tokens, at)
    if word == "hundred" and hundreds:
        value, taken = value * 100, 1
        skip = int(_at(tokens, at + 1) == "and")
        small, more = _small(tokens, at + 1 + skip)
        # "Three hundred and eight hundred" are two.
        if more and _at(tokens, at + 1 + skip + more) not in ("hundred", *_THOUSAND):
            value, taken = value + small, taken + skip + more
    elif word in _NOUGHT and 0 < value < 100 and _at(tokens, at + 1) in _ONES:
        value, taken = value * 100 + _ONES[_at(tokens, at + 1)], 2
    elif 0 < value < 100 and (word in _TENS or word in _TEENS):
        small, more = _small(tokens, at)
        value, taken = value * 100 + small, more
    if _at(tokens, at + taken) in _THOUSAND:
        value, taken = value * 1000, taken + 1
        skip = int(_at(tokens, at + taken) in ("and", ","))
        small, more = _small(tokens, at + taken + skip)
        if more:
            rest, further = _rest(tokens, at + taken + skip + more, small, hundreds=True)
            comma = _at(tokens, at + taken) == ","
            if rest < 1000 and not (comma and rest < 100):
                value, taken = value + rest, taken + skip + more + further
    return value, taken


def _digits(tokens: list[str], at: int) -> list[int]:
    """Single digits said one after the other. "Two oh six" is read as a number first."""
    digits: list[int] = []
    while (token := _at(tokens, at + len(digits))) in _ONES or (token in _NOUGHT and digits):
        digits.append(_ONES.get(token, 0))
    if len(digits) == 3 and digits[1] == 0:
        return []
    after = _at(tokens, at + len(digits))
    return [] if after in _TENS or after in _TEENS or after == "hundred" else digits


def _small(tokens: list[str], at: int) -> tuple[int, int]:
    """A number under a hundred and how many words it has; 0 words where there is none."""
    token = _at(tokens, at)
    if token in _TENS:
        one = _ONES.get(_at(tokens, at + 1), 0)
        return (_TENS[token] + one, 2) if one else (_TENS[token], 1)
    value = _TEENS.get(token) or _ONES.get(token) or 0
    if not value and token.isdecimal() and token.isascii() and len(token) <= 2:
        value = int(token)
    return (value, 1) if value else (0, 0)


def _at(tokens: list[str], at: int) -> str:
    return tokens[at] if at < len(tokens) else ""


def _next(tokens: list[str], at: int) -> str:
    return _at(tokens, at + 1)
