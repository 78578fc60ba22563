"""Which wording of a moment is said: none twice in a call, while there are others."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from shared.domain.models import HazardCategory, Language
from shared.domain.moments import english, spanish
from shared.domain.moments.table import CallMoment

GUIDANCE_IN: Final[Mapping[Language, Mapping[HazardCategory, str]]] = {
    Language.ENGLISH: english.GUIDANCE,
    Language.SPANISH: spanish.GUIDANCE,
}


def wordings_of(moment: CallMoment, language: Language = Language.ENGLISH) -> tuple[str, ...]:
    """Its wordings, in English where there are none in that language."""
    own = spanish.WORDINGS if language is Language.SPANISH else english.WORDINGS
    return own[moment] if moment in own else english.WORDINGS[moment]


def first(moment: CallMoment) -> str:
    return wordings_of(moment)[0]


class Wordings:
    """What one call has said at its moments."""

    def __init__(self) -> None:
        self.language = Language.ENGLISH
        # How many wordings of each were used.
        self._used: Counter[CallMoment] = Counter()
        # What was filled in -> the sentence it was told in.
        self._told: dict[tuple[object, ...], str] = {}

    def next(self, moment: CallMoment, **parts: str) -> str:
        """The moment in a wording that this call has not heard yet, `parts` filled in. Where a call
        has heard all of them they begin again."""
        wordings = wordings_of(moment, self.language)
        wording = wordings[self._used[moment] % len(wordings)]
        self._used[moment] += 1
        return " ".join(wording.format(**parts).split())

    def danger(self, question: str) -> str:
        """The question about danger; with other first words each time it is asked anew."""
        times = self._used[CallMoment.DANGER_QUESTION]
        self._used[CallMoment.DANGER_QUESTION] += 1
        if not times:
            return question
        anew = question.removeprefix(english.ASKED_FIRST)
        leads = english.ASKED_ANEW
        return f"{leads[(times - 1) % len(leads)]}{anew[:1].lower()}{anew[1:]}"

    def told(self, moment: CallMoment, **parts: str) -> str:
        """The same; asked anew for the same parts, the same sentence."""
        key = (moment, *sorted(parts.items()))
        if key not in self._told:
            self._told[key] = self.next(moment, **parts)
        return self._told[key]
