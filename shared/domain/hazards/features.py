"""What the classifier counts in an utterance: words, letters, sounds, and things.

- words: one to three in a row, "smell gas"
- letters: three to five in a row inside a word, "~monox"; a misheard word shares most of them
- sounds: the consonants of all the words run together, "=brkrb"; "brake her box" has those of
  "breaker box"
- things: what words stand for, "[smell] [gas]", in a row or up to four words apart; one that the
  caller denies is "[no smoke]"
"""

import re
import unicodedata
from collections.abc import Iterator

from shared.domain.hazards.concepts import CONCEPTS, NUMBERS
from shared.domain.hazards.denial import denied

LONGEST_WORD = 24  # letters
MOST_WORDS = 400  # of one utterance; what is said after them is not looked at
_DENIAL_REACH = 12  # words looked at before a thing
_NEAR = 4  # words
_FIRST_LETTERS, _MOST_LETTERS = 3, 5
_FIRST_SOUNDS, _MOST_SOUNDS = 4, 6

_WORD = re.compile(r"[^\W_]+|[,.?!;]")
_STOPS = frozenset(",.?!;")
_MARKS = re.compile(r"[\u0300-\u036f]")


def features(text: str) -> set[str]:
    """Everything counted in `text`, each once; grows in step with the number of words."""
    tokens = _tokens(text)
    words = [token for token in tokens if token not in _STOPS]
    found = set(_runs(words, 3))
    found.update(_letters(words))
    found.update(_sounds(words))
    found.update(_things(tokens))
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


# -- sounds --------------------------------------------------------------------------------------

_SPELLED = (("ph", "f"), ("ght", "t"), ("kn", "n"), ("wr", "r"), ("ck", "k"), ("x", "ks"),
            ("ce", "s"), ("ci", "s"), ("cy", "s"), ("c", "k"), ("q", "k"), ("z", "s"))  # fmt: skip
_SILENT = re.compile(r"[aeiouhwy\d]")
_TWICE = re.compile(r"(.)\1+")


def _sounds(words: list[str]) -> Iterator[str]:
    run = "".join(words)
    for spelled, sound in _SPELLED:
        run = run.replace(spelled, sound)
    run = _TWICE.sub(r"\1", _SILENT.sub("", run))
    for size in range(_FIRST_SOUNDS, _MOST_SOUNDS + 1):
        for at in range(len(run) - size + 1):
            yield "=" + run[at : at + size]


# -- things --------------------------------------------------------------------------------------


def _things(tokens: list[str]) -> Iterator[str]:
    """The things named, alone, in threes of a row, and in pairs that stand near each other."""
    named = list(_named(tokens))
    for index, (at, thing) in enumerate(named):
        yield f"[{thing}]"
        for later_at, later in named[index + 1 : index + 4]:
            if later_at - at <= _NEAR + 1:
                yield f"[{thing}] [{later}]"
        yield "+".join(f"[{each}]" for _, each in named[index : index + 3])
    # Wherever they stand: "no heat, and ... the baby".
    kinds = sorted({thing for _, thing in named})
    for index, one in enumerate(kinds):
        for two in kinds[index + 1 :]:
            yield f"[{one}]&[{two}]"


def _named(tokens: list[str]) -> Iterator[tuple[int, str]]:
    at = 0
    while at < len(tokens):
        size, thing = _number(tokens, at)
        if not size:
            size, thing = 1, CONCEPTS.get(tokens[at], "")
            if thing and denied(" ".join(tokens[max(0, at - _DENIAL_REACH) : at]) + " "):
                thing = f"no {thing}"
        if thing:
            yield at, thing
        at += size


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
