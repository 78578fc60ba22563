"""The numbers of an address in figures: "one twenty three Oak" is "123 Oak".

Digits of different things stay apart. Single digits and number words said one after the other are
one number; two numbers in figures are two as soon as one has two digits or more; a comma, a hyphen
or a slash is never passed over. So "208 1/2", "65-43" and "500 8 Mile Road" stay what they are.
"""

import re

from shared.domain.errors import BadContact
from shared.domain.spoken import digits
from shared.domain.spoken.addresses.postal import CORE, DIRECTIONS, SUFFIXES, UNITS, word_set
from shared.domain.spoken.digits import Digits

_ONES = word_set("one two three four five six seven eight nine")
_TENS = {
    "twenty": "2", "thirty": "3", "forty": "4", "fourty": "4", "fifty": "5", "sixty": "6",
    "seventy": "7", "eighty": "8", "ninety": "9",
}  # fmt: skip
_NUMBER_WORDS = (
    _ONES
    | frozenset(_TENS)
    | word_set(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
        "zero oh hundred thousand"
    )
)
_NTH = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th",
    "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th",
}  # fmt: skip
_NTHS = re.compile(
    rf"(?:(?P<before>[a-z]+|\d+)(?P<gap>[\s]+))?\b(?P<tens>{'|'.join(_TENS)})(?P<join>-|\s+)"
    rf"(?P<nth>{'|'.join(_NTH)})\b",
    re.IGNORECASE,
)
_SIGNS = str.maketrans({
    "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "½": " 1/2", "¼": " 1/4",
    "¾": " 3/4", "⁄": "/",
})  # fmt: skip
_FILLERS = re.compile(r"\b(?:um+|uh+|uhm|er|erm|ah)\b[,.]?\s*", re.IGNORECASE)
_SPELLED = re.compile(r"(?<![\w-])\d(?:-\d){2,}(?![\w-])")
_HALF = re.compile(r"(?<=\d)\s+(?:and\s+)?(?:(?:a|one)[\s-]+half|1/2)\b", re.IGNORECASE)
_QUARTER = re.compile(r"(?<=\d)\s+and\s+(?:a|one)[\s-]+quarter\b", re.IGNORECASE)
_QUARTERS = re.compile(r"(?<=\d)\s+(?:and\s+)?(?:three|3)[\s-]+quarters\b", re.IGNORECASE)
_AND_FRACTION = re.compile(r"(?<=\d)\s+and\s+(?=\d/\d\b)", re.IGNORECASE)
_SAID_HYPHEN = re.compile(r"(?<=\d)\s+(?:dash|hyphen)\s+(?=\d)", re.IGNORECASE)
_SAID_SLASH = re.compile(r"(?<=\d)\s+slash\s+(?=\d)", re.IGNORECASE)
# Behind these a number is meant as one, however small; elsewhere "Seven Oaks" is a name.
_NAMES_A_NUMBER = frozenset(UNITS) | word_set(
    "highway hwy route rte rt road rd county interstate us sr cr fm box number no zip code is "
    "loop house building dash hyphen slash"
)


def in_figures(text: str) -> str:
    """`text` with the numbers said in words written in figures; names are left as they are.

    Raises:
        BadContact: "twelve forty second street" is 1240 Second or 12 42nd; which, has to be asked.
    """
    text = _SPELLED.sub(
        lambda m: m.group().replace("-", ""), _FILLERS.sub("", text.translate(_SIGNS))
    )
    text = _NTHS.sub(_ordinal, text)
    text = re.sub(r"\bone[\s-]half\b", "1/2", text, flags=re.IGNORECASE)
    text = _before_mile(text)
    out, at = [], 0
    for start, end, number in _numbers(text):
        out += [text[at:start], number]
        at = end
    return _signs("".join([*out, text[at:]]))


def _signs(text: str) -> str:
    """Fractions, hyphens and slashes that were said, as they are written."""
    text = _HALF.sub(" 1/2", text)
    text = _QUARTERS.sub(" 3/4", _QUARTER.sub(" 1/4", text))
    text = _AND_FRACTION.sub(" ", text)
    return _SAID_SLASH.sub("/", _SAID_HYPHEN.sub("-", text))


def _ordinal(found: re.Match[str]) -> str:
    before = found["before"] or ""
    if before.lower() in _NUMBER_WORDS and found["join"] != "-":
        raise BadContact(
            "House number and street run together there. Ask for the house number alone."
        )
    ordinal = _TENS[found["tens"].lower()] + _NTH[found["nth"].lower()]
    return f"{before}{found['gap'] or ''}{ordinal}"


def _before_mile(text: str) -> str:
    """ "five hundred eight mile road" is number 500 of 8 Mile Road: a comma parts the two."""
    words = text.split()
    for mile in range(2, len(words)):
        if words[mile].lower() != "mile":
            continue
        at = mile - 1
        if words[at].lower() in _ONES and words[at - 1].lower() in _TENS:
            at -= 1
        figures = words[at].isdigit() and words[at - 1].isdigit()
        long = len(words[at]) + len(words[at - 1]) > 2
        if at and _is_number(words[at]) and _is_number(words[at - 1]) and not (figures and long):
            words[at - 1] += ","
    return " ".join(words)


def _is_number(word: str) -> bool:
    return word.isdigit() or all(part in _NUMBER_WORDS for part in word.lower().split("-"))


def _numbers(text: str) -> list[tuple[int, int, str]]:
    """What is to be replaced: start, end and the figures."""
    found = []
    for run in digits.runs(text):
        parts = _glued(text, _of_address(text, run))
        for at, part in enumerate(parts):
            after_figure = at > 0 and digits.is_figure(text, parts[at - 1][-1])
            if _means_number(text, part, after_figure=after_figure):
                found.append((part[0].start, part[-1].end, _zip_apart(text, part)))
    return found


def _of_address(text: str, run: list[Digits]) -> list[Digits]:
    """`run` without what is no number here: parts of "65-43", "1/2" and "5th"; Ohio; O Street."""
    run = [group for group in run if _stands_alone(text, group)]
    return [group for at, group in enumerate(run) if not _letters(text, run, at)]


def _stands_alone(text: str, group: Digits) -> bool:
    before, after = text[group.start - 1 : group.start], text[group.end : group.end + 1]
    if digits.is_figure(text, group):
        return not (before and before not in " ,;:.\n#(") and not (
            after and after not in " ,;:.\n)"
        )
    return not before.isdigit() and not after.isdigit() and "/" not in (before, after)


def _letters(text: str, run: list[Digits], at: int) -> bool:
    """Whether an "oh" or "o" is Ohio or the letter, and no nought."""
    said = text[run[at].start : run[at].end]
    if said.lower() not in ("oh", "o"):
        return False
    rest = len(digits.joined(run[at + 1 :]))
    at_end = not re.search(r"\w", text[run[-1].end :])
    before = next((group for group in reversed(run[:at]) if group.text != "0"), None)
    after = next((group for group in run[at + 1 :] if group.text != "0"), None)
    # A nought is said among single digits: "OH 45501" and "12 OH" have none, "12 oh 4" has.
    behind_long = _long_figure(text, before) and after is None
    if (said == "OH" and not text.isupper()) or behind_long or _long_figure(text, after):
        return True
    # "Oh two one three nine" is a ZIP of New England, "Ohio four five five oh one" one of Ohio.
    if at_end and rest in (0, 5, 9):
        return True
    if at == 0:
        return not (at_end and rest == 4)
    following = re.match(r"\s+(\w+)", text[run[at].end :])
    return (
        said.lower() == "o"
        and rest == 0
        and following is not None
        and (following.group(1).lower() in SUFFIXES)
    )


def _long_figure(text: str, group: Digits | None) -> bool:
    return group is not None and digits.is_figure(text, group) and len(group.text) > 1


def _glued(text: str, run: list[Digits]) -> list[list[Digits]]:
    """The groups of `run` by the number they belong to."""
    parts: list[list[Digits]] = []
    for group in run:
        if parts and digits.one_number(text, parts[-1][-1], group):
            parts[-1].append(group)
        else:
            parts.append([group])
    return parts


def _means_number(text: str, part: list[Digits], *, after_figure: bool) -> bool:
    """Whether number words are a number there, and not a name: "Seven Oaks", "Two Rivers"."""
    if all(text[group.start : group.end].lower() in ("oh", "o") for group in part):
        return False
    if any(digits.is_figure(text, group) for group in part):
        return True
    if after_figure:
        return False
    before = text[: part[0].start]
    if not re.search(r"\w", before) or len(digits.joined(part)) >= 3:
        return True
    previous = re.findall(r"[\w#]+", before)[-1].lower()
    if previous in _NAMES_A_NUMBER or text[part[-1].end :].lower().startswith(" mile"):
        return True
    following = re.findall(r"\w+", text[part[-1].end :])[:1]
    if previous in DIRECTIONS and following and following[0].lower() in DIRECTIONS:
        return True  # "north six west twenty three thousand one": a house of a grid
    # Behind a comma it is a house number if a street follows: "Apartment four, ten Oak Street".
    rest = text[part[-1].end :].partition(",")[0].lower().split()
    return before.rstrip().endswith(",") and any(SUFFIXES.get(word) in CORE for word in rest)


def _zip_apart(text: str, part: list[Digits]) -> str:
    """Its figures; of a long number that ends the text, said digit by digit, the ZIP apart."""
    number = digits.joined(part)
    if (
        len(part) == 1
        or len(number) < 6
        or len(number) == 9
        or re.search(r"\w", text[part[-1].end :])
    ):
        return number
    return f"{number[:-5]} {number[-5:]}"
