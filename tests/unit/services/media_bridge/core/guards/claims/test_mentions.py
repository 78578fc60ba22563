"""Every day, time and amount a sentence names is found once, whatever is said of it."""

from datetime import date

import pytest

from services.media_bridge.core.guards.claims.mentions import mentions
from services.media_bridge.core.guards.claims.sentences import sentences

TODAY = date(2026, 5, 12)


def named(said: str) -> list[str]:
    """The mentions of the first sentence, with their numbers filled in."""
    sentence = sentences(said)[0]
    found = []
    for mention in mentions(sentence, TODAY):
        words = sentence.text[mention.start : mention.end]
        for at in range(len(sentence.numbers)):
            words = words.replace(f"#{at}", str(sentence.numbers[at].whole))
        found.append(words.replace(" ,", ""))
    return found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("It's $165 to come out tomorrow at two.", ["165", "tomorrow at 2"]),
        ("Nine in the morning, or Friday the 15th, two to four.",
         ["9 in the morning", "friday the 15 2 to 4"]),
        ("It runs three to eight hundred.", ["3 to 800"]),
        ("I've got ten to noon and two to four tomorrow.", ["10 to 12", "2 to 4 tomorrow"]),
        ("Mañana de dos a cuatro, son ciento treinta dólares.", ["tomorrow from 2 to 4", "130"]),
    ],
)  # fmt: skip
def test_what_belongs_together_is_one(said: str, found: list[str]) -> None:
    assert named(said) == found


@pytest.mark.parametrize(
    "said",
    [
        "Your unit is 15 years old and takes 2 gallons.",
        "That's nine three seven, five five five, oh one four two.",
        "We're at 206 Maple Grove Street.",
        "Call 911 from outside.",
        "We're open Monday to Friday, eight to six.",
        "There's one left.",
    ],
)
def test_other_numbers_are_none(said: str) -> None:
    assert named(said) == []
