"""Danger in what the caller said, also in a bare yes to the agent's own question about it."""

import re

from shared.domain.models import Hazard, HazardCategory
from shared.domain.safety import GUIDANCE, detect

_ASKED = re.compile(r"\b(?:gas|smoke|carbon monoxide)\b[^.!]*\?\s*$", re.IGNORECASE)
_OTHERWISE = re.compile(r"\bor is it\b", re.IGNORECASE)
_YES = re.compile(
    r"^\W*(?:um+\W+|uh+\W+|well\W+)?"
    r"(?:yes|yeah|yep|yup|i do|we do|i am|we are|a little|a bit|kind of|sort of|maybe|i think so)"
    r"(?:\W+(?:yes|i do|we do|i am|a little|i think so|ma'am|sir))?\W*$",
    re.IGNORECASE,
)


def asks_about_danger(asked: str) -> bool:
    """Whether the agent's words are the question about gas, smoke and carbon monoxide."""
    return _ASKED.search(asked) is not None


def heard_danger(text: str, asked: str) -> Hazard | None:
    """The hazard in `text`; `asked` is what the agent said last.

    A yes to "gas, smoke or carbon monoxide?" names none of them. The guidance for gas fits all
    three: leave, take everyone along, call 911 from outside.
    """
    hazard = detect(text)
    if hazard is not None or not _YES.match(text):
        return hazard
    if not asks_about_danger(asked) or _OTHERWISE.search(asked):
        return None
    category = HazardCategory.GAS_LEAK
    return Hazard(category=category, guidance=GUIDANCE[category], call_911=True, matched=text[:40])
