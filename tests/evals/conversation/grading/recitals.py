"""What code had read word for word: what was begun again, and which wordings came twice."""

import re
from collections import Counter
from collections.abc import Sequence

from shared.domain.moments import CallMoment, wordings_of
from shared.domain.moments.english import WORDINGS

# With texts the terms end in another question; a confirmation has a sentence between its own two.
_PART = re.compile(r"\\\{\w+\\\}")


def _pattern(wording: str) -> re.Pattern[str]:
    """Fits what was made of a wording, whatever its parts were."""
    return re.compile(_PART.sub(".*", re.escape(wording)))


_KNOWN = [
    (moment, _pattern(wording))
    for moment in WORDINGS
    if moment is not CallMoment.TERMS  # with texts its question is another one
    for wording in wordings_of(moment)
]


def begun_again(recited: Sequence[str]) -> int:
    """How many were asked for once more, as they stand."""
    return sum(times - 1 for times in Counter(recited).values())


def twice(recited: Sequence[str]) -> list[str]:
    """Wordings of which two sentences were made; one that was begun again is one."""
    used = Counter(
        pattern.pattern
        for sentence in dict.fromkeys(recited)
        for _, pattern in _KNOWN
        if pattern.fullmatch(sentence)
    )
    return [wording for wording, times in used.items() if times > 1]
