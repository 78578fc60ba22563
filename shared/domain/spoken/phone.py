"""The phone number in what was said, and only that: extension, ZIP and unit are other numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shared.domain.errors import BadContact
from shared.domain.spoken import digits
from shared.domain.spoken.digits import Digits

# What Twilio puts in From when the caller id is withheld: +ANONYMOUS, +RESTRICTED, and the like.
WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
_EXTENSION = re.compile(r"(?<![a-z])(?:extension|extn|ext|option|press|x)(?![a-z])", re.IGNORECASE)
_TO_EXTENSION = re.compile(r"[\s=:#.,-]*(?:\b(?:is|number|no)\b[\s:.#]*)?", re.IGNORECASE)
# Behind these a number is none of a phone's.
_OTHER = re.compile(
    r"\b(?:zip|unit|apt|apartment|suite|ste|room|box|lot|(?<!area )(?<!country )code|account|order|"
    r"invoice|pin|fax)(?: (?:number|no|is|code))*\W*$",
    re.IGNORECASE,
)
_AREA = re.compile(r"\barea code(?: (?:is|of))?\W*$", re.IGNORECASE)
# What may be said between the parts of one number; between two numbers too.
_BETWEEN = re.compile(
    r"\W*(?:\b(?:area|code|is|the|number|my|it's|its|it|that's|and|or|then|phone|cell|mobile|home|"
    r"work|call|me|at|on|rest)\b\W*)*",
    re.IGNORECASE,
)
_PAUSE = re.compile(r"[,;!?\n]|\.\s")


@dataclass(frozen=True, slots=True)
class SpokenNumber:
    """The digits of one number. `international`: a plus stood before them."""

    digits: str
    international: bool = False


def number_in(text: str) -> SpokenNumber:
    """The one phone number of `text`, by its digits; "" when it has none.

    Where no number is whole these are the seven digits without an area code, or else all digits
    that could be meant, so that the caller can be told how many were heard.

    Raises:
        BadContact: there are two numbers; which one, has to be asked.
    """
    text = _without_extensions(text)
    runs = _merged(text, digits.runs(text))
    found = [said for run in runs for said in _numbers(text, run)]
    whole = [said for said in found if len(said.digits) > 7]
    short = [said for said in found if len(said.digits) == 7]
    if len(short) == 1 and not whole and (area := _area_code(text)):
        return SpokenNumber(area + short[0].digits)
    different = {said.digits[-10:] for said in whole}
    # Seven digits may be the end of a number that was said in full beside them.
    ends = {said.digits for said in short}
    different |= {end for end in ends if not any(one.endswith(end) for one in different)}
    if len(different) > 1:
        raise BadContact("There are two numbers in that. Ask which one is best, digit by digit.")
    if whole or short:
        return (whole or short)[0]
    return SpokenNumber("".join(digits.joined(run) for run in runs))


def _without_extensions(text: str) -> str:
    """`text` without what is dialled behind the number: "ext 12", "x143", "extension twelve"."""
    for marker in reversed(list(_EXTENSION.finditer(text))):
        begins = _TO_EXTENSION.match(text, marker.end())
        start = begins.end() if begins else marker.end()
        run = next(iter(digits.runs(text[start:])), None)
        if run is None or run[0].start != 0:
            continue
        end = 0
        for at, group in enumerate(run):
            if at and not digits.one_number(text[start:], run[at - 1], group):
                break
            end = group.end
        text = f"{text[: marker.start()]} ; {text[start + end :]}"
    return text


def _area_code(text: str) -> str:
    """An area code named as one, wherever it stands: "555-0142, area code 937"."""
    for run in digits.runs(text):
        if len(run[0].text) == 3 and _AREA.search(text[: run[0].start]):
            return run[0].text
        if _AREA.search(text[: run[0].start]) and len(digits.joined(run)) == 3:
            return digits.joined(run)
    return ""


def _merged(text: str, runs: list[list[Digits]]) -> list[list[Digits]]:
    """The runs that may be parts of phone numbers; those only "and the number is" parts are one."""
    merged: list[list[Digits]] = []
    for run in (_without_other(text, run) for run in runs):
        if not run:
            continue
        gap = text[merged[-1][-1].end : run[0].start] if merged else ""
        if merged and _BETWEEN.fullmatch(gap):
            merged[-1].extend(run)
        else:
            merged.append(list(run))
    return merged


def _without_other(text: str, run: list[Digits]) -> list[Digits]:
    """`run` without the ZIP, unit or code it begins with, where it is named as one."""
    if not _OTHER.search(text[: run[0].start]):
        return run
    end = 1
    while end < len(run) and digits.one_number(text, run[end - 1], run[end]):
        end += 1
    return run[end:]


def _numbers(text: str, run: list[Digits]) -> Iterator[SpokenNumber]:
    """The phone numbers of `run`, whole ones and such without an area code."""
    at = 0
    while at < len(run):
        end = _foreign(text, run, at) or next(
            (end for end in range(len(run), at, -1) if _whole(text, run, at, end)), at
        )
        if end > at:
            number = digits.joined(run[at:end])
            yield SpokenNumber(number, international=text[: run[at].start].endswith("+"))
        at = max(end, at + 1)


def _foreign(text: str, run: list[Digits], at: int) -> int:
    """Where a number abroad ends that begins with group `at` and its plus; else 0."""
    if not text[: run[at].start].endswith("+") or run[at].text.startswith("1"):
        return 0
    end = at + 1
    while end < len(run) and not _PAUSE.search(text[run[end - 1].end : run[end].start]):
        end += 1
    # Nothing shorter than eight digits with their country's code is a number.
    return end if len(digits.joined(run[at:end])) > 7 else 0


def _whole(text: str, run: list[Digits], at: int, end: int) -> bool:
    """Whether these groups are a number by themselves, set apart from their neighbours."""
    number = digits.joined(run[at:end])
    country = 1 if len(number) == 11 and number.startswith("1") else 0
    if len(number) - country not in (7, 10) or not _shaped(text, run[at:end], country):
        return False
    return _apart(text, run, at) and _apart(text, run, end)


def _shaped(text: str, groups: list[Digits], country: int) -> bool:
    """Whether the figures part where a phone number does: "555-0142 937" is 7 digits and 3."""
    size = sum(len(group.text) for group in groups) - country
    parts = {3, 6} if size == 10 else {3}
    written = [len(group.text) for group in groups if digits.is_figure(text, group)]
    if set(written) == {2}:
        return True
    place = -country
    for group in groups:
        start, place = place, place + len(group.text)
        crossed = {part for part in parts if max(start, 0) < part < place}
        ends = place in parts or place == size
        if (
            digits.is_figure(text, group)
            and len(group.text) > 1
            and crossed
            and not (start in (-1, 0, 3) and ends)
        ):
            return False
    return True


def _apart(text: str, run: list[Digits], at: int) -> bool:
    """Whether a number may end before group `at`, and another one begin with it."""
    if at in (0, len(run)):
        return True
    before, after = run[at - 1], run[at]
    gap = text[before.end : after.start]
    figures = [group for group in (before, after) if digits.is_figure(text, group)]
    # A digit too many is a slip of the tongue, and no second number.
    if _PAUSE.search(gap) or re.search(r"[^\W\d_]", gap):
        return len(figures) == 2 or len(digits.joined(run[at:])) > 2
    return len(figures) == 2 and all(len(group.text) > 1 for group in figures)
