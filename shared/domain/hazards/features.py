"""What the classifier counts in an utterance: words, letters, things, frames and patterns.

- words: one to three in a row, "smell gas"
- letters: three to five in a row inside a word, "~monox"; a misheard word shares most of them
- things: what words stand for, "[smell] [gas]", in a row or near each other; "[no smoke]" is one
  that the caller denies, "then [gas]" comes after a turn such as "but", "first [gas]" and "last
  [gas]" in that third of the utterance, "[baby]&[heater]" stand anywhere, "[baby]=[heater]" in one
  clause
- frames: what is done with them, "<past>" or "<if>", with each thing and with each other
- patterns: "#gas_leak" where a pattern of `patterns.py` raises that danger, "#gas_leak no" where
  it is found but denied or harmless
"""

import re
import unicodedata
from bisect import bisect
from collections.abc import Iterator
from itertools import combinations

from shared.domain.hazards.concepts import CONCEPTS, FRAMES, NUMBERS, SOUNDS
from shared.domain.hazards.denial import denied
from shared.domain.hazards.detect import signs
from shared.domain.hazards.sounds import sound

LONGEST_WORD = 24  # letters
MOST_WORDS = 400  # of one utterance; what is said after them is not looked at
_DENIAL_REACH = 12  # words looked at before a thing
_NEAR = 4  # words
_FIRST_LETTERS, _MOST_LETTERS = 3, 5

_WORD = re.compile(r"[^\W_]+|[,.?!;]")
_STOPS = frozenset(",.?!;")
_PARTS = _STOPS | {"but", "and", "so", "because", "now", "pero", "y", "porque"}
_MARKS = re.compile(r"[\u0300-\u036f]")


def features(text: str) -> set[str]:
    """Everything counted in `text`, each once; grows in step with the number of words."""
    tokens = _tokens(text)
    words = [token for token in tokens if token not in _STOPS]
    found = set(_runs(words, 3))
    found.update(_letters(words))
    found.update(_things(tokens, _framed(words)))
    found.update(f"#{sign}" for sign in signs(text))
    return found


def _tokens(text: str) -> list[str]:
    """Words in lower case without accents and apostrophes, and the stops between them."""
    plain = unicodedata.normalize("NFD", text.lower())
    plain = _MARKS.sub("", plain).replace("'", "").replace("’", "")
    return [word[:LONGEST_WORD] for word in _WORD.findall(plain)[:MOST_WORDS]]


def _runs(items: list[str], longest: int) -> Iterator[str]:
    for size in range(1, longest + 1):
        for at in range(len(items) - size + 1):
            yield " ".join(items[at : at + size])


def _letters(words: list[str]) -> Iterator[str]:
    for word in set(words):
        edged = f"_{word}_"
        for size in range(_FIRST_LETTERS, _MOST_LETTERS + 1):
            for at in range(len(edged) - size + 1):
                yield "~" + edged[at : at + size]


# -- things --------------------------------------------------------------------------------------


_FRAMES = {frame: re.compile(rf"\b(?:{spelled})\b") for frame, spelled in FRAMES.items()}
_FRAMES |= {frame: re.compile(FRAMES[frame]) for frame in ("answer", "ask")}
_TURNS = frozenset({"but", "now", "pero", "ahora", "tonight", "today", "again", "actually"})


def _framed(words: list[str]) -> list[str]:
    plain = " ".join(words)
    return [f"<{frame}>" for frame, pattern in _FRAMES.items() if pattern.search(plain)]


def _things(tokens: list[str], frames: list[str]) -> Iterator[str]:
    """The things named, alone, in threes of a row, and in pairs that stand near each other."""
    named = list(_named(tokens))
    yield from frames
    for index, one in enumerate(frames):
        for two in frames[index + 1 :]:
            yield f"{one}&{two}"
        for thing in {thing for _, thing in named}:
            yield f"{one}&[{thing}]"
    turn = next((at for at, word in enumerate(tokens) if at and word in _TURNS), len(tokens))
    for at, thing in named:
        if at > turn:
            yield f"then [{thing}]"
        if 3 * at <= len(tokens):
            yield f"first [{thing}]"
        if 3 * at >= 2 * len(tokens):
            yield f"last [{thing}]"
    yield from _clauses(tokens, named)
    for index, (at, thing) in enumerate(named):
        yield f"[{thing}]"
        for later_at, later in named[index + 1 : index + 4]:
            if later_at - at <= _NEAR + 1:
                yield f"[{thing}] [{later}]"
        yield "+".join(f"[{each}]" for _, each in named[index : index + 3])
    # Wherever they stand: "no heat, and ... the baby".
    for one, two in combinations(sorted({thing for _, thing in named}), 2):
        yield f"[{one}]&[{two}]"


def _clauses(tokens: list[str], named: list[tuple[int, str]]) -> Iterator[str]:
    """The pairs of one clause, and what the last clause names."""
    ends = [at for at, word in enumerate(tokens) if word in _PARTS]
    clause: dict[int, set[str]] = {}
    for at, thing in named:
        clause.setdefault(bisect(ends, at), set()).add(thing)
    for kinds in clause.values():
        yield from (f"[{one}]=[{two}]" for one, two in combinations(sorted(kinds), 2))
    yield from (f"end [{thing}]" for thing in clause.get(len(ends), ()))


def _named(tokens: list[str]) -> Iterator[tuple[int, str]]:
    at = 0
    while at < len(tokens):
        size, thing = _number(tokens, at)
        if not size:
            size, thing = _thing(tokens, at)
            if thing and denied(" ".join(tokens[max(0, at - _DENIAL_REACH) : at]) + " "):
                thing = f"no {thing}"
        if thing:
            yield at, thing
        at += size


def _thing(tokens: list[str], at: int) -> tuple[int, str]:
    """How many tokens stand for a thing, and which; "" where there is none.

    Known by the word, or by the sound of one word or of two: "brake her".
    """
    if tokens[at] in CONCEPTS:
        return 1, CONCEPTS[tokens[at]]
    if at + 1 < len(tokens) and (both := SOUNDS.get(sound(tokens[at] + tokens[at + 1]))):
        return 2, both
    return 1, SOUNDS.get(sound(tokens[at]), "")


def _number(tokens: list[str], at: int) -> tuple[int, str]:
    """How many tokens the number at `at` takes (0: there is none), and what it stands for.

    An age, or a temperature by its range. Other numbers stand for themselves by size.
    """
    first = tokens[at]
    value = int(first) if first.isdecimal() and len(first) < 4 else NUMBERS.get(first)
    if value is None:
        return 0, ""
    size = 1
    units = NUMBERS.get(tokens[at + 1], 0) if at + 1 < len(tokens) else 0
    if 20 <= value < 100 and value % 10 == 0 and 0 < units < 10 and not first.isdecimal():
        value, size = value + units, 2
    after = tokens[at + size : at + size + 2]
    return size, _meaning(value, after)


def _meaning(value: int, after: list[str]) -> str:
    unit = after[0] if after else ""
    if unit in {"week", "weeks", "month", "months", "day", "days", "meses", "mes"}:
        return "frail" if "old" in after or unit == "meses" else "time"
    if unit in {"year", "years", "anos"}:
        return "frail" if value >= 70 or value <= 3 else "time"
    if unit in {"degrees", "degree", "grados", "inside", "outside", "below", "in", "here", "and"}:
        return f"degrees {_size(value)}"
    return f"number {_size(value)}"


def _size(value: int) -> str:
    if value <= 32:
        return "to 32"
    if value <= 58:
        return "to 58"
    return "to 79" if value <= 79 else "to 120" if value <= 120 else "above"
