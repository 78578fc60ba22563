"""What a tool found, for the caller's ear: a price, windows, a confirmation, as code says it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence that is read word for word once every tool of its response has answered.

    What was asked for with it is told in one breath: only the last asks its question. `instead` is
    said in place of all that came before: windows bear their own price.
    """

    sentence: str  # "" where the question tells all of it
    question: str
    instead: str = ""


def telling(text: str, instead: str = "") -> Telling:
    """Of a text whose last sentence is its question."""
    before, dot, question = text.rpartition(". ")
    return Telling(f"{before}." if dot else "", question, instead)


def in_one_breath(tellings: Sequence[Telling]) -> str:
    """All of them, in order: `The visit is $165. Would Monday, September 1 8 to 10 AM work?`"""
    *first, last = tellings
    before = (last.instead,) if first and last.instead else tuple(one.sentence for one in first)
    return " ".join(filter(None, (*before, last.sentence, last.question)))
