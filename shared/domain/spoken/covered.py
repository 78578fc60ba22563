"""Whether somebody says that a visit is covered: by a plan, by a warranty, or as a call-back.

Whoever has paid for it already is quoted no fee and asked for no deposit: the office knows what
was agreed, and confirms. So a claim heard where there was none costs a question, and one that was
missed costs a customer.
"""

import re
from typing import Final

from shared.domain.models.visit import Covered

_PLAN: Final = r"(?:maintenance|service|care|comfort|protection|priority|annual|club)"
_US: Final = (
    r"(?:you(?:r)?(?: guys| people| tech\w*| plumber| electrician| company)?"
    r"|tech\w*|someone|he|they)"
)
_DID: Final = r"(?:came (?:out|by)|fixed|repaired|serviced|installed|replaced)"
_LATELY: Final = (
    r"(?:yesterday|today|this (?:week|morning|month)|last (?:week|month|\w+day)|(?:on )?\w+day"
    r"|(?:a few|two|three|couple(?: of)?|\d+) (?:days|weeks))"
)


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{pattern}" for pattern in patterns), re.IGNORECASE)


_CLAIMS: Final = (
    (
        Covered.WARRANTY,
        _words(
            r"warrant(?:y|ies)\b",
            r"under (?:the |a |your )?guarantee\b",
            r"(?:parts?|work|repairs?|units?|job|labou?r|it)(?: (?:is|was|are|were)|'s)? "
            r"(?:still )?guaranteed\b",
            r"garant[ií]a\b",
        ),
    ),
    (
        Covered.MEMBER,
        _words(
            r"(?<!family )(?<!household )(?<!crew )(?<!staff )(?<!team )member(?:s|ship)?\b",
            rf"{_PLAN} (?:plan|agreement|contract|membership)\b",
            r"on (?:a|the|your|our) plan\b",
            r"miembro\b",
            r"membres[ií]a\b",
        ),
    ),
    (
        Covered.RECENT,
        _words(
            rf"{_US} (?:(?:was|were|just|already|only) ){{1,3}}(?:out |over )?here\b",
            rf"{_US} (?:just |already )?{_DID}\b(?=.{{0,40}}\b{_LATELY}\b)",
            r"(?:back|again) (?:after|since) (?:your|the last|their) (?:visit|repair|work|tech)",
        ),
    ),
)
# Said before a claim, in the same breath, or behind it: there is none.
_NOT_BEFORE: Final = re.compile(
    r"\b(?:not?|never|isn't|aren't|don't|doesn't|without|out of|expired|past|become|becoming"
    r"|join\w*|about (?:a|the|your)|cost of (?:a|the|your)|ask\w* (?:about|for)|offer\w*|sell\w*"
    r"|buy\w*|sign\w* up|interested in|what|which|how long|void\w*)\b[^.,;]{0,24}$",
    re.IGNORECASE,
)
_NOT_BEHIND: Final = re.compile(
    r"[^.,;]{0,12}\b(?:(?:is|has|was) (?:over|void|up|gone|expired|run out|ended)"
    r"|expired|ended|ran out)\b",
    re.IGNORECASE,
)


def covered_by(text: str) -> Covered | None:
    """What a visit is said to be covered by; None where nobody says so.

    >>> covered_by("AC not cooling; customer has a maintenance plan.")
    <Covered.MEMBER: 'member'>
    >>> covered_by("Water heater leaking, out of warranty.") is None
    True
    """
    plain = text.replace("’", "'")
    for covered, pattern in _CLAIMS:
        for found in pattern.finditer(plain):
            before, behind = plain[: found.start()], plain[found.end() :]
            if not (_NOT_BEFORE.search(before) or _NOT_BEHIND.match(behind)):
                return covered
    return None
