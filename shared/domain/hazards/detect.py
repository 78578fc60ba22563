"""Danger in a caller's words: which, and what to tell them first.

Only the caller's turns go in here: the agent itself asks about gas and smoke. A pattern raises a
hazard, and only a negation or a harmless reading found here clears it again; the model may raise
one too, but never clear one. "Yes" to a question is the model's to understand.
"""

import re
from collections.abc import Iterator

from shared.domain.hazards import patterns
from shared.domain.hazards.denial import denied, denied_within
from shared.domain.hazards.language import language_of
from shared.domain.models import LIFE_SAFETY, Hazard, Language
from shared.domain.models import HazardCategory as C
from shared.domain.moments import GUIDANCE_IN

GUIDANCE = dict(GUIDANCE_IN[Language.ENGLISH])

_GAP = r"(?:[\w,]+ ){0,5}"
LONGEST_WORD = 24  # bounds what a pattern can look at: detection stays linear in the text


def _compiled(spelled: tuple[str, ...]) -> re.Pattern[str]:
    either = "|".join(f"(?:{pattern})" for pattern in spelled)
    return re.compile(r"\b(?:" + either.replace(" _", " " + _GAP) + ")")


# The worst comes first, and the first found is the one spoken.
_DANGERS = tuple(
    (category, _compiled(spelled)) for category, spelled in patterns.PATTERNS + patterns.SPANISH
)
_HARMLESS = _compiled(patterns.HARMLESS)
_NAMES = re.compile(rf"\b(?:{patterns.NAMES})\b")
_NO_HEAT, _COLD = _compiled(patterns.NO_HEAT), _compiled(patterns.COLD)

_STOP = re.compile(r"[.?!;:\n]+")
_IS = re.compile(r"\b(?!(?:there|that|what|here|where|who|she|let)')(\w{3,24})'s\b")
_CLAUSE = re.compile(
    r"\b(?:but|however|although|though|and now|now|"
    r"and (?=i |we |it |its |theres |there |my |today ))\b"
)
_PIECE, _OVERLAP = 80, 24  # words


def detect(text: str) -> Hazard | None:
    """The worst hazard the caller speaks of, None where there is none."""
    statements = list(_statements(text))
    for category, pattern in _DANGERS:
        for statement in statements:
            for found in _all(pattern, statement):
                if _meant(statement, found):
                    return _hazard(category, text)
    # "No heat" is a denial itself, and the cold is often told in another sentence.
    heat = next((m for s in statements for m in _all(_NO_HEAT, s) if not _harmless(s, m)), None)
    cold = heat and next((m for s in statements for m in _all(_COLD, s) if _meant(s, m)), None)
    return _hazard(C.NO_HEAT_FREEZING, text) if heat and cold else None


def heard(text: str, verdict: str | None) -> Hazard | None:
    """The hazard in `text`, by the classifier's verdict where there is one.

    `verdict` is a danger's name, "none" or "unsure"; None where no classifier was asked: then the
    patterns alone decide. They are among what the classifier counts, and a lower margin raises
    what they have found.
    """
    if verdict is None:
        return detect(text)
    if verdict not in GUIDANCE:
        return None
    found = detect(text)
    category = C(verdict)
    if found is not None and (found.category == category or _worse(found.category, category)):
        return found
    return _hazard(category, text)


def _worse(one: C, other: C) -> bool:
    return one in LIFE_SAFETY and other not in LIFE_SAFETY


def signs(text: str) -> Iterator[str]:
    """What the patterns find: "gas_leak"; "gas_leak no" where it is denied or said of another."""
    statements = list(_statements(text))
    for category, pattern in _DANGERS:
        for statement in statements:
            for found in _all(pattern, statement):
                yield category.value if _meant(statement, found) else f"{category.value} no"
    if any(_HARMLESS.search(statement) for statement in statements):
        yield "harmless"
    yield from ("no heat" for statement in statements if _NO_HEAT.search(statement))
    yield from ("cold" for statement in statements if _COLD.search(statement))


def _hazard(category: C, text: str) -> Hazard:
    language = language_of(text)
    return Hazard(category=category, guidance=GUIDANCE_IN[language][category], language=language)


def _statements(text: str) -> Iterator[str]:
    """The sentences of `text` as patterns want them: plain words, one space between them.

    Endless sentences are cut, with an overlap no pattern is longer than, so that looking around
    each match costs the same however much was said.
    """
    plain = re.sub(r"[’‘`]", "'", text.lower())
    # "Water's running" is "water is running"; "there's" and its like are words the patterns know.
    plain = _IS.sub(r"\1 is", plain)
    plain = _NAMES.sub(" ", plain.replace("'", ""))
    plain = re.sub(r"\b([a-z])\.\s?([a-z])\b\.?", r"\1 \2", plain)  # "c.o. alarm"
    for sentence in _STOP.split(plain):
        words = [word[:LONGEST_WORD] for word in re.findall(r"[^\W_]+|,", sentence)]
        for at in range(0, len(words), _PIECE - _OVERLAP):
            if at == 0 or len(words) > at + _OVERLAP:
                yield " ".join(words[at : at + _PIECE])


def _all(pattern: re.Pattern[str], statement: str) -> Iterator[re.Match[str]]:
    """Every match, overlapping ones too: in "don't smell gas but smoke" the second counts."""
    found = pattern.search(statement)
    while found:
        yield found
        found = pattern.search(statement, found.start() + 1)


def _meant(statement: str, found: re.Match[str]) -> bool:
    """Whether it is so: neither denied nor said of something else."""
    if _harmless(statement, found):
        return False
    return not denied(statement[: found.start()]) and not denied_within(found.group())


def _harmless(statement: str, found: re.Match[str]) -> bool:
    """Whether the clause of the match is of something else: a battery, last year, a price."""
    start = max((m.end() for m in _CLAUSE.finditer(statement, 0, found.start())), default=0)
    end = next((m.start() for m in _CLAUSE.finditer(statement, found.end())), len(statement))
    return bool(_HARMLESS.search(statement[start:end]))
