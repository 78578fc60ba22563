"""What a caller says, put together of parts, and what they listen for in a read-back."""

import re
from dataclasses import dataclass, field, replace

from tests.evals.conversation import spoken
from tests.evals.conversation.meaning import Meaning


@dataclass(frozen=True, slots=True)
class Utterance:
    text: str
    meaning: Meaning
    hangs_up: bool = False  # behind it


@dataclass(slots=True)
class Answer:
    """Parts of one utterance, while it is put together."""

    parts: list[str] = field(default_factory=list)
    meaning: Meaning = field(default_factory=Meaning)

    def add(self, words: str, **meaning: object) -> None:
        self.parts.append(words)
        gives = dict(self.meaning.gives)
        gives.update(meaning.pop("gives", {}))  # type: ignore[call-overload]
        asks = (*self.meaning.asks, *meaning.pop("asks", ()))  # type: ignore[misc]
        wrong = (*self.meaning.wrong, *meaning.pop("wrong", ()))  # type: ignore[misc]
        kept = replace(self.meaning, gives=gives, asks=asks, wrong=wrong)
        self.meaning = replace(kept, **meaning)  # type: ignore[arg-type]


def with_number(address: str, first: str) -> str:
    """The address with the house number that they say at first."""
    number = spoken.house_number(first)
    return re.sub(r"^\s*\d+", number, address) if number else address


def reads_other_house(heard: str, address: str) -> bool:
    """Whether the street is named with another house number than theirs."""
    number = spoken.house_number(address)
    street = re.findall(r"[A-Za-z]{3,}", address.partition(",")[0])
    if not number or not street or not any(word.lower() in heard.lower() for word in street):
        return False
    before = re.findall(rf"\b(\d+)\s+(?:[NSEW]\w*\.? )?{street[0]}", heard)
    return bool(before) and number not in before
