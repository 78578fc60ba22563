"""What the application tells in passing: one-off instructions and system messages."""

import re
from enum import Enum, auto

from services.simulator.receptionist.briefing import exact_words
from services.simulator.receptionist.hearing.numbers import digits
from services.simulator.receptionist.notes import Ask, Notes


class Order(Enum):
    """What one-off instructions want."""

    EXACT = auto()
    STILL_THERE = auto()
    GOODBYE = auto()
    SAFE = auto()
    TIME_LIMIT = auto()
    GO_ON = auto()


_SAFE = re.compile(r"\bsafe\b", re.IGNORECASE)
_STILL = re.compile(r"\b(?:still there|silent|said nothing|no answer from)\b", re.IGNORECASE)
_GOODBYE = re.compile(r"\b(?:say good ?bye|end the call|wrap up)\b", re.IGNORECASE)
_LIMIT = re.compile(r"\bminutes?\b", re.IGNORECASE)
_GUIDANCE = re.compile(r"\b(?:danger|guidance|911)\b", re.IGNORECASE)
_LATE = re.compile(r"^(?P<tool>\w+) has now answered: (?P<output>\{.*\})\s*$", re.DOTALL)
_KEYED = re.compile(r"\bkeyed\b", re.IGNORECASE)


def order(instructions: str) -> Order:
    """Return what one-off instructions want."""
    if exact_words(instructions) is not None:
        return Order.EXACT
    if _SAFE.search(instructions):
        return Order.SAFE
    if _STILL.search(instructions):
        return Order.STILL_THERE
    if _GOODBYE.search(instructions):
        return Order.GOODBYE
    return Order.TIME_LIMIT if _LIMIT.search(instructions) else Order.GO_ON


_WINDOWS = re.compile(r"(?:How about|What about|Does|Would) .*\b(?:AM|PM|noon|midnight)\b")


def asked_by(words: str) -> Ask | None:
    """What a sentence that is said for her asks, where she would have asked it herself."""
    question = words.rstrip().rpartition(". ")[2]
    if question.endswith(("schedule?", "find a time?", "want to book it?")):
        return Ask.FIND_TIME
    if _WINDOWS.match(question):
        return Ask.WINDOW
    if question.startswith("Anything "):
        return Ask.ELSE
    if question.startswith("What should I pass on"):
        return Ask.MESSAGE
    return None


def _keyed(keyed: str, notes: Notes) -> None:
    if notes.asked is Ask.CODE:
        notes.code = keyed
    elif len(keyed) == 10:
        notes.phone, notes.phone_ok = keyed, False


def read_note(text: str, notes: Notes) -> tuple[str, str] | None:
    """Take in a system message; return a tool's name and late answer if that is what it is."""
    if late := _LATE.search(text):
        return late["tool"], late["output"]
    if _GUIDANCE.search(text):
        notes.danger, notes.guided = True, True
        notes.asked = Ask.SAFE
    elif _KEYED.search(text):
        _keyed(digits(text), notes)
    return None
