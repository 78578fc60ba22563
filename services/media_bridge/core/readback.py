"""Nothing is booked that was not read back: the agent's own words, each answered by the caller.

A model may forget its instructions; this does not. Where the words of the agent are not known at
all (transcription is off) it lets everything pass, unconfirmed: booking must stay possible.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from shared.domain import digits

MOST_REFUSALS = 3

_NOTES = re.compile(
    r"\b(notes?|gates?|pets?|dogs?|codes?|access|parking|"
    r"anything (?:else|we|i|the \w+|they|to know))\b",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"\b(wrong|incorrect|(?:not|isn't) (?:right|correct|quite|it))\b", re.IGNORECASE
)
_NO = re.compile(r"^\W*(?:no|nope|nah|negative|actually)\b", re.IGNORECASE)
_YES = re.compile(
    r"\b(yes|yeah|yep|correct|perfect|(?:that's|is) right|exactly|problem)\b", re.IGNORECASE
)
_ASKS_IF_RIGHT = re.compile(
    r"\b(right|correct|confirm|did i get|have that|got that|sound good|is that)\b[^.]*\?\s*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_PLAIN_WORDS = """
n s e w ne nw se sw north south east west st street ave avenue rd road dr drive ln lane blvd
boulevard ct court pl place way cir circle pkwy parkway hwy highway ter terrace trl trail sq square
apt unit ste suite
"""
# Directions and kinds of street: no name that could be read back.
_PLAIN = frozenset(_PLAIN_WORDS.split())
_ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th",
    "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th",
}  # fmt: skip
_ASK = {
    "phone": "Read the phone number back digit by digit (three, three, four) and wait for a yes.",
    "address": "Read the service address back, house number and street, and wait for a yes.",
    "notes": "Ask what the technician should know, such as a gate code or pets.",
}


@dataclass(slots=True)
class _Said:
    text: str
    answered: bool = False
    denied: bool = False


class ReadBack:
    def __init__(self) -> None:
        self._said: dict[str, _Said] = {}  # item -> what was heard of it
        self._refused: Counter[str] = Counter()

    def agent_said(self, item_id: str, text: str) -> None:
        """The words the caller heard of an item; said again when it turns out to be fewer."""
        known = self._said.get(item_id)
        if known is None:
            self._said[item_id] = _Said(text)
        else:
            known.text = text

    @property
    def last_words(self) -> str:
        """What the agent had said when the caller's turn was over: a reply whose words came
        before the caller's own was not what they answered."""
        said = list(self._said.values())
        return next((item.text for item in reversed(said) if item.answered), "")

    def caller_answered(self) -> None:
        """The caller's turn is over: everything said before has been answered."""
        for said in self._said.values():
            said.answered = True

    def caller_said(self, text: str) -> None:
        """The words of an answer: a no to a read-back takes it back."""
        if not self._said:
            return
        said = list(self._said.values())[-1]
        flat_no = _NO.search(text) and not _YES.search(text) and _ASKS_IF_RIGHT.search(said.text)
        if _WRONG.search(text) or flat_no:
            said.denied = True

    def refusal(self, arguments: str) -> str | None:
        """The tool's answer when booking has to wait, as JSON; None when it may go on."""
        facts = _facts(arguments)
        if facts is None or not self._said:
            return None
        missing = [name for name in self._missing(facts) if self._refused[name] < MOST_REFUSALS]
        if not missing:
            return None
        self._refused.update(missing)
        asks = " ".join(_ASK[name] for name in missing)
        message = f"Not booked yet. {asks} Then call again."
        return json.dumps({"error": "read_back_first", "missing": missing, "message": message})

    def confirmed(self, arguments: str) -> tuple[str, ...]:
        """Which of name, phone and address were read back and answered."""
        facts = _facts(arguments)
        if facts is None:
            return ()
        heard = {
            "name": self._answered(lambda text: _names(text, _text(facts, "customer_name"))),
            "phone": self._answered(lambda text: _gives_phone(text, _text(facts, "phone"))),
            "address": self._answered(lambda text: _gives_address(text, _text(facts, "address"))),
        }
        return tuple(name for name, yes in heard.items() if yes)

    def _missing(self, facts: dict[str, object]) -> list[str]:
        confirmed = self.confirmed(json.dumps(facts))
        given = [name for name in ("phone", "address") if _text(facts, name)]
        missing = [name for name in given if name not in confirmed]
        if not facts.get("notes") and not self._answered(lambda text: bool(_NOTES.search(text))):
            missing.append("notes")
        return missing

    def _answered(self, gives: Callable[[str], bool]) -> bool:
        # The newest saying counts: a number read back and denied is not confirmed by an older one.
        for said in reversed(self._said.values()):
            if gives(said.text):
                return said.answered and not said.denied
        return False


def _facts(arguments: str) -> dict[str, object] | None:
    try:
        facts = json.loads(arguments)
    except ValueError:
        return None
    return facts if isinstance(facts, dict) else None


def _text(facts: dict[str, object], name: str) -> str:
    value = facts.get(name)
    return value if isinstance(value, str) else ""


def _words(text: str) -> list[str]:
    return [_ORDINALS.get(word.lower(), word.lower()) for word in _WORD.findall(text)]


def _names(text: str, name: str) -> bool:
    wanted = set(_words(name))
    return bool(wanted) and wanted <= set(_words(text))


def _gives_phone(text: str, phone: str) -> bool:
    wanted = "".join(c for c in phone if c.isascii() and c.isdigit())[-10:]
    said = "".join(digits.joined(run) for run in digits.runs(text))
    return len(wanted) >= 7 and wanted in said


def _gives_address(text: str, address: str) -> bool:
    """House number and a word of the street's name, in any spelling of numbers."""
    line = _words(address.partition(",")[0])
    number = next((word for word in line if word[0].isdigit()), "")
    house = "".join(c for c in number if c.isascii() and c.isdigit())
    street = [word for word in line if word not in _PLAIN | {number}] or [
        w for w in line if w != number
    ]
    if not line:
        return False
    said = {digits.joined(run) for run in digits.runs(text)} | set(_words(text))
    named = not street or any(word in said or _spoken(word) & said for word in street)
    return named and (not house or house in said or number in said)


def _spoken(word: str) -> set[str]:
    """A numbered street ("42nd") may be written with or without its ending."""
    return {"".join(c for c in word if c.isdigit())} if word[0].isdigit() else set()
