"""How often a card number is heard where there is none: in invented numbers, always the same, and
in every sentence of a folder (.json .jsonl .csv .txt)."""

import csv
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from shared.domain.spoken.cards import CardWatch, contains_card, mask

NUMBERS = 2_000
_ONES = ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

Say = Callable[[random.Random], str]


def words(number: str) -> str:
    return " ".join(_ONES[int(digit)] for digit in number)


def fours(number: str, between: str = " ") -> str:
    return between.join(number[at : at + 4] for at in range(0, len(number), 4))


def _some(chance: random.Random, size: int, first: str = "0123456789") -> str:
    return chance.choice(first) + "".join(chance.choices("0123456789", k=size - 1))


def phone(chance: random.Random) -> str:
    free = re.compile(r"37.|96.|.9.|.11")  # no area codes
    area = chance.choice([n for n in range(201, 990) if not free.match(str(n))])
    return f"{area}{_some(chance, 3, '23456789')}{_some(chance, 4)}"


def _serial(size: int, shape: Callable[[str], str]) -> Say:
    # No issuer's numbers begin with these.
    return lambda chance: f"The serial number is {shape(_some(chance, size, '01789'))}."


def _parts(number: str) -> str:
    return f"{number[:3]}-{number[3:6]}-{number[6:]}"


def no_cards() -> Iterator[tuple[str, Say]]:
    """Numbers that are no card's, as people say them."""
    for size in range(12, 23):
        yield f"serial {size} in a block", _serial(size, str)
        yield f"serial {size} by fours", _serial(size, fours)
        yield f"serial {size} by fours, commas", _serial(size, lambda n: fours(n, ", "))
        yield f"serial {size} in words", _serial(size, words)
    yield "phone and ZIP in words", lambda c: f"{words(phone(c))} and {words(_some(c, 5))}"
    yield "phone, ZIP in words", lambda c: f"{words(phone(c))}, {words(_some(c, 5))}"
    yield "phone in a block and ZIP", lambda c: f"It's {phone(c)} {_some(c, 5)}"
    yield "phone in a block, ZIP", lambda c: f"It's {phone(c)}, {_some(c, 5)}"
    yield "phone 3-3-4 and ZIP", lambda c: f"{_parts(phone(c))} and {_some(c, 5)}"
    yield "phone 3-3-4, ZIP+4", lambda c: f"{_parts(phone(c))}, {_some(c, 5)}-{_some(c, 4)}"
    yield "ZIP, phone", lambda c: f"{_some(c, 5)}, {_parts(phone(c))}"
    yield "phone, house number", lambda c: f"{phone(c)}, {_some(c, 3)} Oak Street"
    yield "two phones", lambda c: f"{words(phone(c))}, {words(phone(c))}"
    yield "corrected phone", lambda c: f"{_parts(phone(c))}, no sorry, {_parts(phone(c))}"


def false_alarms() -> dict[str, float]:
    """The share of numbers of each kind that is taken for a card's."""
    shares = {}
    for kind, say in no_cards():
        chance = random.Random(kind)
        shares[kind] = sum(contains_card(say(chance)) for _ in range(NUMBERS)) / NUMBERS
    return shares


def random_beginnings() -> dict[str, float]:
    """The share of numbers with any beginning: a tenth of an issuer's own must pass the check."""
    shares = {}
    for size in range(12, 20):
        chance = random.Random(size)
        alarms = sum(contains_card(f"It is {_some(chance, size)}.") for _ in range(NUMBERS))
        shares[f"any {size} digits"] = alarms / NUMBERS
    return shares


# -- sentences of other people -------------------------------------------------------------------


def sentences(folder: Path) -> Iterator[str]:
    for path in sorted(folder.iterdir()):
        if path.suffix == ".txt":
            yield from path.read_text(encoding="utf-8").splitlines()
        elif path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as lines:
                for row in csv.reader(lines):
                    yield from row
        elif path.suffix in (".json", ".jsonl"):
            text = path.read_text(encoding="utf-8-sig")
            for part in text.splitlines() if path.suffix == ".jsonl" else [text]:
                yield from _strings(json.loads(part))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def alarms_in(texts: Iterator[str]) -> tuple[int, list[str], list[str]]:
    """How many texts there are, which of them alone are masked, and which when each twenty, that
    have nothing to do with each other, are taken for the turns of one call."""
    watch, count = CardWatch(), 0
    alone: list[str] = []
    in_calls: list[str] = []
    for count, text in enumerate(texts, 1):
        if count % 20 == 0:
            watch = CardWatch()
        if mask(text) != text:
            alone.append(text)
        elif watch.said(str(count), text):
            in_calls.append(text)
    return count, alone, in_calls
