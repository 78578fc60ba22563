"""What the models of claims count in a sentence, and for a mention of an amount, a day or a time.

Words in a row, words near each other, beginnings and ends; every mention is a word of its kind,
"<day>"; "[send]" is any word of that family of `concepts`, and families are counted in a row, near
each other and in one clause.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from services.media_bridge.core.guards.claims.concepts import families
from services.media_bridge.core.guards.claims.corrected import taken_back
from services.media_bridge.core.guards.claims.mentions import EMERGENCY, ClaimMention
from services.media_bridge.core.guards.claims.sentences import PlainSentence

_BY_PLACE = 5  # words on each side of a mention
_BESIDE = 12  # words on each side of it that count wherever they stand
_STEM = 5  # letters
_SHORT = 8  # words
_FRAMES = ("not", "if")
_AMOUNTS = frozenset(("<number>", "<range>"))
_PRICES = frozenset(("visit", "down", "estimate", "low", "high", "tax", "less"))
_STOPS = frozenset((",", ";", ":", "but", "and", "so", "because", "or"))


def sentence_features(
    sentence: PlainSentence, found: Sequence[ClaimMention], asked: str = ""
) -> set[str]:
    """Of a sentence with these mentions. `asked` is what the caller said before it, "" where it
    answers nothing."""
    words, _ = _with_kinds(sentence, found)
    plain = [word for word in words if word not in _STOPS]
    counted = set(_runs(words, 3))
    counted.update(f"{one} .. {two}" for one, two in _pairs(plain))
    counted.update(f"~{word[:_STEM]}" for word in plain if len(word) > _STEM)
    counted.update(_edges(words))
    counted.update(_families(words))
    counted.add(f"length {min(len(plain), 24) // 4}")
    if sentence.is_question:
        counted |= {"?", f"? {words[0]}"} if words else {"?"}
    asked = _without_marks(asked)
    counted.update(f"asked {run}" for run in _runs(asked.split(), 2))
    counted.update(_answers(plain, asked))
    return counted


def mention_features(
    sentence: PlainSentence,
    found: Sequence[ClaimMention],
    asked: str,
    before: str,
    callers: frozenset[int],
) -> Iterator[set[str]]:
    """Of each mention in `found`. `before` is the plain text of the agent's sentence before it,
    `callers` are the amounts in cents that the caller just named."""
    words, places = _with_kinds(sentence, found)
    asked = _without_marks(asked)
    shared = {f"s {run}" for run in _runs(words, 1)}
    shared.update(f"s {each}" for each in _families(words))
    shared.update(_edges(words))
    shared.update(f"before {word}" for word in _without_marks(before).split())
    shared.update(f"asked {run}" for run in _runs(asked.split(), 2))
    shared.update(_answers(words, asked))
    if sentence.is_question:
        shared.add("?")
    back = taken_back(sentence)
    for mention, place in zip(found, places, strict=True):
        counted = shared | _by_place(words, place)
        counted.update(f"own {each}" for each in (words[place], *_own(sentence, mention)))
        counted.update(f"beside {words[each]}" for each in places if each != place)
        if any(number.cents in callers for number in mention.numbers):
            counted.add("own callers")
        if mention.end <= back:
            counted.add("taken back")
        if sentence.is_question:
            counted.add(f"? {words[place]}")
        yield counted


def _by_place(words: list[str], place: int) -> set[str]:
    """The words around the mention at `place`, for itself and for its kind."""
    counted: set[str] = set()
    for side, near in (("<", words[:place][::-1]), (">", words[place + 1 :])):
        counted.update(f"{side}{n} {word}" for n, word in enumerate(near[:_BY_PLACE], 1))
        counted.update(f"{side} {' '.join(near[:n])}" for n in (2, 3) if len(near) >= n)
        counted.update(f"{side}{run}" for run in _runs(_clause(near), 2))
        counted.update(f"{side}~{word}" for word in near[:_BESIDE])
        for n, names in enumerate(families(near[:_BY_PLACE])):
            counted.update(f"{side}[{name}]" for name in names)
            counted.update(f"{side}{n // 2}[{name}]" for name in names)
    counted.update(_nearest(words, place))
    return counted | {f"{words[place]} {each}" for each in counted if each[0] in "<>"}


def _without_marks(text: str) -> str:
    return re.sub(r"#\d+", "#", text)


def _answers(words: list[str], asked: str) -> Iterator[str]:
    """What a short sentence says beside what it answers: "Friday." is another thing to "When?" than
    to "I'll take Friday."."""
    if not asked or len(words) > _SHORT:
        return
    question = {name for names in families(asked.split()) for name in names} or {"nothing"}
    answer = {name for names in families(words) for name in names}
    answer |= {word for word in words if word[0] == "<"} or {"nothing"}
    yield from (f"to [{one}]: [{two}]" for one in question for two in answer)


def _nearest(words: list[str], place: int) -> Iterator[str]:
    """What an amount may be the price of, by the nearest word for that on each side of it."""
    found = []
    for side, near in (("<", words[:place][::-1]), (">", words[place + 1 :])):
        clause = near[: next((at for at, word in enumerate(near) if word in _AMOUNTS), len(near))]
        named = ((at, name) for at, names in enumerate(families(clause)) for name in names)
        at, name = next(((at, name) for at, name in named if name in _PRICES), (0, "nothing"))
        yield f"{side}nearest {name}"
        yield f"{side}nearest {name} {min(at, 9) // 3}"
        found.append((at, name, side))
    one, two = found
    yield f"<nearest {one[1]}, {two[1]}>"
    nearer = min((each for each in found if each[1] != "nothing"), default=(0, "nothing", ""))
    yield f"nearer {nearer[1]}"


def _own(sentence: PlainSentence, mention: ClaimMention) -> Iterator[str]:
    text = sentence.text[mention.start : mention.end]
    yield from (word for word in text.split() if word[0] != "#" and word != ",")
    if mention.time is not None:
        yield f"how {mention.time.how}"
        if mention.time.end is not None:
            yield "window"
    for number in mention.numbers:
        yield "dollars" if number.is_money else "bare"
        yield f"size {len(str(number.whole))}"
        if number.hour is None:
            yield "no hour"
        if number.whole % 50 == 0:
            yield "round"
        if number.is_code:
            yield "code"


def _with_kinds(
    sentence: PlainSentence, found: Sequence[ClaimMention]
) -> tuple[list[str], list[int]]:
    """The words with each mention as one of its kind, and where these stand."""
    words: list[str] = []
    places: list[int] = []
    last = 0
    for mention in found:
        words += sentence.text[last : mention.start].split()
        places.append(len(words))
        words.append(_kind(mention))
        last = mention.end
    words += sentence.text[last:].split()
    return [_number(word, sentence) if word[0] == "#" else word for word in words], places


def _number(mark: str, sentence: PlainSentence) -> str:
    number = sentence.number(mark)
    if number.is_percent:
        return "percent"
    return str(EMERGENCY) if number.whole == EMERGENCY else "#"


def _kind(mention: ClaimMention) -> str:
    if mention.day is not None:
        return "<day+time>" if mention.time or mention.part else "<day>"
    if mention.time is not None:
        return "<time>"
    if mention.part:
        return "<part>"
    return "<range>" if len(mention.numbers) > 1 else "<number>"


def _families(words: Sequence[str]) -> Iterator[str]:
    """The families of the words that have one, and the kinds of mentions between them.

    What stands behind a denial or a condition in its clause is counted as denied or conditional.
    """
    clause, frame = 0, ""
    named: list[tuple[int, list[str]]] = []
    for word, names in zip(words, families(words), strict=True):
        if word in _STOPS:
            clause, frame = clause + 1, ""
        if names or word[0] == "<":
            named.append((clause, [f"{frame}{name}" for name in names or [word]]))
            yield from (f"[{name}]" for name in named[-1][1])
        frame = next((f"{each} " for each in _FRAMES if each in names), frame)
    for at, (here, ones) in enumerate(named):
        for ahead, link in ((1, "+"), (2, "..")):
            if at + ahead < len(named):
                there, twos = named[at + ahead]
                link = link if here == there else f"{link}|"
                yield from (f"[{one}] {link} [{two}]" for one in ones for two in twos)
        if at + 2 < len(named) and named[at + 2][0] == here:
            yield from (
                f"[{one}] [{two}] [{three}]"
                for one in ones
                for two in named[at + 1][1]
                for three in named[at + 2][1]
            )
    by_clause: dict[int, set[str]] = {}
    for here, kinds in named:
        by_clause.setdefault(here, set()).update(kinds)
    for together in by_clause.values():
        yield from (f"[{one}]=[{two}]" for one, two in combinations(sorted(together), 2))


def _clause(near: list[str]) -> list[str]:
    return near[: next((at for at, word in enumerate(near) if word in _STOPS), len(near))]


def _runs(words: Sequence[str], longest: int) -> Iterator[str]:
    for size in range(1, longest + 1):
        for at in range(len(words) - size + 1):
            yield " ".join(words[at : at + size])


def _pairs(words: list[str]) -> Iterator[tuple[str, str]]:
    for at, word in enumerate(words):
        yield from ((word, other) for other in words[at + 2 : at + 5])


def _edges(words: list[str]) -> Iterator[str]:
    yield from (f"^{' '.join(words[:n])}" for n in (1, 2, 3) if len(words) >= n)
    yield from (f"{' '.join(words[-n:])}$" for n in (1, 2) if len(words) >= n)
