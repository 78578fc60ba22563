"""What an agent says, marked by hand with what it claims, whether true or false.

told.tsv has the line's writer, the caller's last words and the agent's, with two kinds of marks.
"[tomorrow at two|open]" is an amount, a day or a time with its Role. "{booked,texted}" stands
behind a sentence that says so: Deeds. The writers had rules for both and saw neither the code nor
each other's lines; what each wrote is told apart by its letter. "own" are lines of this project,
"plain" are the plainest wordings of every deed, each alone and behind words that ask for nothing.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.media_bridge.core.guards.claims.claim import Deed, Role
from services.media_bridge.core.guards.claims.reader import NO_DEED, Looked, look
from services.media_bridge.core.guards.claims.sentences import PlainSentence, sentences

TOLD = Path(__file__).parent / "told.tsv"
_SPAN = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")
_DEEDS = re.compile(r"\s*\{([^{}]*)\}")
_STOP_AND_DEEDS = re.compile(r"([.!?…]+['\")]*)\s*\{([^{}]*)\}")
# Words that no one says stand for the marks while a text is cut into sentences.
_OPENS = {role.value: f"qqopens{at:c}" for at, role in enumerate(Role, ord("a"))}
_CLOSES = "qqcloses"
_SAYS = {deed.value: f"qqsays{at:c}" for at, deed in enumerate(Deed, ord("a"))}
_OF_WORD = {word: name for name, word in (*_OPENS.items(), *_SAYS.items())}


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence with what it says is so, and what each of its mentions is."""

    writer: str
    looked: Looked
    deeds: tuple[str, ...]  # of Deed; NO_DEED alone where there is none
    roles: tuple[str, ...]  # of Role, one for each mention


def told() -> Iterator[Marked]:
    """Every sentence of told.tsv.

    Raises:
        ValueError: a mark is none, with the number of its line.
    """
    with TOLD.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        for at, row in enumerate(rows, 2):
            try:
                yield from marked(row["writer"], row["caller"], row["agent"])
            except KeyError as exc:
                raise ValueError(f"{TOLD.name}, line {at}: no such mark: {exc}") from exc


def marked(writer: str, caller: str, agent: str) -> Iterator[Marked]:
    """The sentences of one line; KeyError: a mark that is none."""
    plain = _DEEDS.sub("", _SPAN.sub(r"\1", agent))
    # Told apart by words that stand for marks, a text may be cut otherwise: such a line is left.
    with_words = sentences(_in_words(agent))
    looked = list(look(plain, caller))
    if [_without(each) for each in with_words] != [each.sentence.text for each in looked]:
        return
    for one, words in zip(looked, with_words, strict=True):
        deeds = sorted({_OF_WORD[word] for word in words.text.split() if word in _SAYS.values()})
        if len(deeds) > 1 and Deed.YES in deeds:
            deeds.remove(Deed.YES)  # it says itself what it agrees to
        yield Marked(writer, one, tuple(deeds) or (NO_DEED,), tuple(_roles(one, words)))


def _in_words(agent: str) -> str:
    """The deeds of a sentence in front of its stop."""
    text = _SPAN.sub(lambda span: f" {_OPENS[span[2]]} {span[1]} {_CLOSES} ", agent)
    text = _STOP_AND_DEEDS.sub(lambda mark: f" {_said(mark[2])} {mark[1]}", text)
    return _DEEDS.sub(lambda mark: f" {_said(mark[1])}", text)  # behind no stop


def _said(deeds: str) -> str:
    return " ".join(_SAYS[deed.strip()] for deed in deeds.split(","))


def _without(words: PlainSentence) -> str:
    kept = (word for word in words.text.split() if word not in _OF_WORD and word != _CLOSES)
    return f" {' '.join(kept)} "


def _roles(looked: Looked, words: PlainSentence) -> Iterator[str]:
    """For each mention the role under which most of its words stand."""
    named: list[str] = []  # for each word of the plain sentence
    role = Role.NONE.value
    for word in words.text.split():
        if word == _CLOSES:
            role = Role.NONE.value
        elif word in _OPENS.values():
            role = _OF_WORD[word]
        elif word not in _SAYS.values():
            named.append(role)
    for mention in looked.found:
        first = looked.sentence.text[: mention.start].count(" ") - 1
        last = first + looked.sentence.text[mention.start : mention.end].count(" ") + 1
        counted = Counter(each for each in named[first:last] if each != Role.NONE)
        yield counted.most_common(1)[0][0] if counted else Role.NONE.value
