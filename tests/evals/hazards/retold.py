"""The same utterances as callers would wrap them: amid other talk, in another's mouth, as over.

Made anew at each training from the labelled ones, so that what stands around a danger weighs
nothing, and what says that it is over weighs much. Each belongs to the situation it was made from.
"""

import re
from collections.abc import Iterator
from typing import TypeVar

from tests.evals.hazards.data import LIST, Utterance, digest

_OPENINGS = (
    "hi", "yeah hi", "hello", "um", "okay so", "so", "well", "yeah so", "hi there um", "hey",
    "good morning", "listen", "i'm calling because", "i was wondering if you could help me",
    "hi this is dave over on maple street", "yes ma'am", "sorry to bother you", "alright",
    "hi my name is karen", "uh yes hello is this the heating company", "i don't know who to call",
    "we're regular customers of yours", "i've never called before but", "you guys came out before",
)  # fmt: skip
_CLOSINGS = (
    "can you send somebody", "how soon can you get here", "what should i do", "please",
    "i'm at 12 elm street", "is anybody available today", "thank you", "so yeah", "you know",
    "can someone come out", "i need some help", "who do i talk to", "do you come out at night",
    "my number is 555 0134", "i don't know what to do", "and i rent so i'm not sure who pays",
    "we've been here six years", "i just got home from work", "can you tell me what that is",
)  # fmt: skip
_OTHERS = (
    "my wife says", "my husband says", "my tenant called and said", "the neighbor told me",
    "my son says", "my mother called me and she said", "the babysitter says",
    "the lady downstairs says", "my employee says", "the guy who was here said",
)  # fmt: skip
_OVER = (
    ("last month i called because", "you fixed it and it's been fine since, now i need a quote"),
    ("a couple years ago", "that's all been repaired, i'm calling about something else"),
    ("last year", "it was fixed, i just want a tune up"),
    ("they came out last week since", "they took care of it, i want to pay the bill"),
    ("i called you in march, i said", "everything's been great since, i need a new faucet"),
    ("the old tenant used to say", "that was repaired back then"),
)
_AGAIN = (
    ("you fixed it yesterday but", "again"),
    ("last week they said it was fine but now", ""),
    ("i called about something else but right now", ""),
    ("it was fixed last year and now", "again"),
)
_SPANISH_AROUND = (
    ("buenas tardes", ""), ("oiga", ""), ("hola mire", ""), ("", "por favor"), ("este", ""),
    ("", "pueden mandar a alguien"), ("", "qué hago"), ("disculpe señorita", ""), ("pues", ""),
)  # fmt: skip
_SPANISH_OVER = (
    ("el año pasado", "pero ya lo arreglaron"),
    ("llamé la semana pasada porque", "ya quedó, gracias, quiero pagar"),
    ("hace dos años", "ya está arreglado, llamo por otra cosa"),
)
# Clauses that may stand in another's mouth or after "because".
_CLAUSE = re.compile(
    r"(?:there's|there is|it's|it is|the|a|water|smoke|sparks|gas|my|our|we|something|sewage|"
    r"everybody|everyone|somebody) [a-z]",
    re.IGNORECASE,
)
_SPOKEN_NOW = re.compile(
    r"\b(?:last|yesterday|ago|year|used to|fixed|if|should)\b|\?", re.IGNORECASE
)
_LONG = 30  # words

T = TypeVar("T")


def retold(told: list[Utterance]) -> list[Utterance]:
    """A few hundred for each danger and as many look-alikes; the same for the same utterances."""
    idle = [case for case in told if case.category == "none" and not case.near]
    idle = [case for case in idle if 3 <= len(case.text.split()) <= _LONG and not case.spanish]
    plain = [case for case in told if LIST not in case.situation]
    found = []
    for case in plain:
        if len(case.text.split()) <= _LONG and (case.near or case.category != "none"):
            found += list(_spanish(case) if case.spanish else _english(case, idle))
    return found


def _english(case: Utterance, idle: list[Utterance]) -> Iterator[Utterance]:
    text, chosen = case.text, digest(f"retold {case.text}")
    which, pick = chosen % 8, chosen // 8
    if which == 0:
        yield _as(case, f"{_of(_OPENINGS, pick)} {text}")
    elif which == 1:
        yield _as(case, f"{text} {_of(_CLOSINGS, pick)}")
    elif which == 2:
        yield _as(case, f"{_of(_OPENINGS, pick)} {text}, {_of(_CLOSINGS, pick // 100)}")
    elif which == 3:
        yield _as(case, f"{text}. {idle[pick % len(idle)].text}")
    elif which == 4:
        yield _as(case, f"{idle[pick % len(idle)].text} and {text}")
    clause = _CLAUSE.match(text) and not _SPOKEN_NOW.search(text)
    if case.category != "none" and clause:
        yield from _of_a_danger(case, which, pick)


def _of_a_danger(case: Utterance, which: int, pick: int) -> Iterator[Utterance]:
    if which in (0, 5):
        yield _as(case, f"{_of(_OTHERS, pick)} {case.text}")
    if which in (1, 6):
        before, after = _of(_OVER, pick)
        yield Utterance(f"{before} {case.text}, {after}", "none", case.category, case.situation)
    if which in (2, 7):
        before, after = _of(_AGAIN, pick)
        yield _as(case, f"{before} {case.text} {after}")


def _spanish(case: Utterance) -> Iterator[Utterance]:
    chosen = digest(f"retold {case.text}")
    which, pick = chosen % 4, chosen // 4
    if which < 2:
        before, after = _of(_SPANISH_AROUND, pick)
        yield _as(case, f"{before} {case.text} {after}".strip())
    elif which == 2 and case.category != "none":
        before, after = _of(_SPANISH_OVER, pick)
        yield Utterance(f"{before} {case.text}, {after}", "none", case.category, case.situation)


def _as(case: Utterance, text: str) -> Utterance:
    return Utterance(text, case.category, case.near, case.situation)


def _of(items: tuple[T, ...], pick: int) -> T:
    return items[pick % len(items)]
