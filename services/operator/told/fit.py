"""Stored words made fit for a terminal: nothing in them moves a cursor, and who it was is masked.

A caller may say or text anything, and a model may write anything: escape codes, characters that
turn the line around, lines of their own. What is left is one line of what can be read.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC: titles, links, the clipboard
    r"|[\x1b][P^_X][^\x1b]*(?:\x1b\\)?"  # DCS, PM, APC, SOS
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor
    r"|\x1b[ -/]*[0-~]?"
)
_GONE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_DIGIT = r"(?:zero|oh|o|one|two|three|four|five|six|seven|eight|nine)"
_SPOKEN = re.compile(
    rf"\b(?:(?:double|triple)\s+)?{_DIGIT}(?:[\s,.-]+(?:(?:double|triple)\s+)?{_DIGIT}){{3,}}\b",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w.-])\+?\(?\d[\d ().-]{5,}\d(?![\w-])")
_CODE = re.compile(r"(?<![\w$.,:+/…-])\d{4,}(?![\w:/-])")
_EMAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[A-Za-z]{2,}")
_PAY = re.compile(r"(https?://\S+/(?:voicemail|pay|visit)/)\S+")
_WORD = re.compile(r"[^\W_]+")
LONGEST = 2000  # characters of one stored text
_COMMON = frozenset({"the", "and", "apt", "unit", "street", "road", "avenue", "drive", "lane"})


def clean(text: object) -> str:
    """One line without control and format characters, at most `LONGEST` characters long."""
    bare = _ESCAPES.sub("", str(text)[: 4 * LONGEST])
    spaced = "".join(" " if char in "\n\r\t\v\f\u2028\u2029" else char for char in bare)
    shown = "".join(c for c in spaced if unicodedata.category(c) not in _GONE)
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def phone(number: object) -> str:
    """A number by its last four digits: `…0142`."""
    digits = "".join(c for c in str(number) if c.isascii() and c.isdigit())
    return f"…{digits[-4:]}" if len(digits) >= 7 else "…"


@dataclass(frozen=True, slots=True)
class Mask:
    """Hides who a call was about; `words` are of names and addresses that its rows know."""

    words: frozenset[str] = frozenset()
    off: bool = False  # for whoever must call back

    @classmethod
    def of(cls, known: Iterable[object], *, off: bool = False) -> "Mask":
        """Hide every word of the given names, addresses and e-mails."""
        found = {w.casefold() for each in known for w in _WORD.findall(str(each))}
        return cls(frozenset(w for w in found if len(w) > 1 and w not in _COMMON), off)

    def text(self, words: object) -> str:
        """Words as they may be shown: names by an initial, numbers by their end."""
        shown = clean(words)
        if self.off:
            return shown
        shown = _EMAIL.sub(lambda m: f"{m[0][0]}…@…", shown)
        shown = _PAY.sub(r"\1…", shown)
        shown = _PHONE.sub(_shortened, shown)
        shown = _CODE.sub("••••", shown)
        shown = _SPOKEN.sub("[digits]", shown)
        return _WORD.sub(self._initial, shown)

    def number(self, number: object) -> str:
        """A phone number; `withheld` for none."""
        if not number:
            return "withheld"
        return clean(number) if self.off else phone(number)

    def value(self, value: Any) -> Any:
        """The same of every text inside a value of JSON; figures are left as they are."""
        match value:
            case str():
                return self.text(value)
            case dict():
                return {clean(name): self.value(inner) for name, inner in value.items()}
            case list():
                return [self.value(inner) for inner in value]
        return value

    def _initial(self, found: re.Match[str]) -> str:
        word = found[0]
        if word.casefold() not in self.words:
            return word
        return "…" if word.isdigit() else f"{word[0]}."


def _shortened(found: re.Match[str]) -> str:
    digits = sum(char.isdigit() for char in found[0])
    is_date = re.match(r"\d{4}-\d\d-\d\d(?!\d)", found[0])
    return found[0] if digits < 7 or (is_date and digits < 10) else phone(found[0])
