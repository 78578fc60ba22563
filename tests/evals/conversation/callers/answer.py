"""What a caller says, put together of parts, and what they listen for in a read-back."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

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


_HOUSE = re.compile(
    r"\b(\d+) ((?:[A-Z][a-z]+ )*(?:Street|Avenue|Road|Drive|Lane|Boulevard|Court|Place|Way))\b"
)


def reads_other_house(heard: str, address: str) -> bool:
    """Whether another street is read to them, or theirs with another house number."""
    number = spoken.house_number(address)
    street = re.findall(r"[A-Za-z]{3,}", address.partition(",")[0])
    if not number or not street:
        return False
    if not any(word.lower() in heard.lower() for word in street[:1]):
        return _HOUSE.search(heard) is not None
    before = re.findall(rf"\b(\d+)\s+(?:[NSEW]\w*\.? )?{street[0]}", heard)
    return bool(before) and number not in before


def reads_other_name(heard: str, name: str) -> bool:
    """Whether a booking is read to them in another name than theirs."""
    read = re.search(
        r"(?:^|[.:] |(?:[Tt]hat|it)'s |Okay, |And now )([A-Z][\w.'-]+(?: [A-Z][\w.'-]+)+),", heard
    )
    return read is not None and read[1].casefold() != name.casefold()


def reads_window(heard: str, wish_start: str) -> bool:
    """Whether the window that is read to them begins when they want it; a day is looked at where it
    is read with its date."""
    at = datetime.fromisoformat(wish_start)
    heard = heard.replace("noon", "12 PM").replace("midnight", "12 AM")
    hours = re.findall(r"\b(\d{1,2})(?::\d\d)?(?: [AP]M)? to \d{1,2}", heard)
    dates = re.findall(r"\b(?:January|February|March|April|May|June|July|August|September|October|"
                       r"November|December) (\d{1,2})", heard)  # fmt: skip
    right_hour = not hours or int(hours[0]) == (at.hour % 12 or 12)
    return right_hour and (not dates or int(dates[0]) == at.day)
