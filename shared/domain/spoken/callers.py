"""Who is on the line, where it is not an adult who speaks and hears for themselves.

They are told apart by what they say of themselves alone. A wrong guess costs a sentence of the
model's: what it is told leaves the way open for who is none.
"""

import re
from collections.abc import Mapping
from typing import Final

from shared.domain.models import CallerKind

_AGE: Final = (
    r"(?:six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|[6-9]|1[0-7])"
)
_PARENT: Final = (
    r"(?:mom|mommy|mama|mum|mother|dad|daddy|papa|father|parents?|grandma|grandpa|grandmother"
    r"|grandfather|grandparents|babysitter)"
)
_AWAY: Final = r"(?:at work|asleep|sleeping|out|gone|away|not (?:home|here)|at the store)"
_ISNT: Final = r"(?:is|are)(?:n'?t| not)"
_NEARLY_DEAF: Final = r"(?:(?:a (?:little|bit)|kind of|pretty|very|really|partly|nearly) )*"
_ARTIFICIAL: Final = (
    r"(?:ai|a\.i\.|artificial intelligence|automated|virtual|digital|robotic|voice)"
)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_SAID: Final[Mapping[CallerKind, re.Pattern[str]]] = {
    # "The relay on the furnace board clicks" is none: relays are parts of what we repair.
    CallerKind.RELAY: _any(
        r"\brelay (?:operator|service|call|assistant|agent|interpreter|user)\b",
        r"\b(?:telecommunications?|video|captioned|ip|state|federal|hamilton) relay\b",
        r"\b(?:video|sign language|asl) interpreter\b",
        r"\bcommunications? assistant\b.{0,40}\b(?:number|call|deaf|hearing)\b",
        r"\b(?:tty|tdd|vrs)\b",
        r"\b(?:person|someone|somebody|customer|caller|client) (?:who is|who's|that is) "
        rf"{_NEARLY_DEAF}(?:deaf|hard of hearing)\b",
    ),
    CallerKind.MINOR: _any(
        rf"\bi(?:'m| am|m) (?:only |just )?{_AGE}(?: and a half)?(?: years?(?: old)?)?"
        r"\s*(?:[.,!?]|$)",
        rf"\bmy {_PARENT}(?:'s|s| is| are) (?:still |both )?{_AWAY}\b",
        rf"\bmy {_PARENT} {_ISNT} (?:home|here|back|awake)\b",
        r"\bi(?:'m| am|m) (?:home alone|(?:all )?(?:alone|by myself) (?:at home|here))\b"
        r"(?=.*\b(?:mom|dad|mommy|daddy|parents?|school|grown)\b)",
        r"\bmy (?:mommy|daddy)\b",
        r"\bi(?:'m| am|m) (?:just )?(?:a|only a) kid\b",
    ),
    CallerKind.HARD_OF_HEARING: _any(
        rf"\bi(?:'m| am|m) {_NEARLY_DEAF}(?:hard of hearing|deaf)\b",
        r"\bmy hearing(?: is|'s|s| isn'?t|'s not) (?:not |very |so |too |really )*"
        r"(?:bad|poor|good|great|what it)\b",
        r"\bi (?:don'?t|can'?t|cannot|do not) hear (?:too |so |very |real |that |all that )*"
        r"(?:well|good)\b",
        r"\bhearing aids?\b",
    ),
    CallerKind.MACHINE: _any(
        rf"\b(?:i(?:'m| am|m)|this is|my name is \w+,?) (?:\w+,? )?(?:an?|the|your) "
        rf"{_ARTIFICIAL}[- ]?(?:powered |generated )?"
        r"(?:assistant|agent|caller|call|system|message|receptionist|voice)\b",
        r"\bi(?:'m| am|m) an ai\b",
    ),
}
# For somebody else's house: "I'm calling for my mom, she's at work."
_FOR_THEM: Final = _any(
    rf"\b(?:for|on behalf of) my {_PARENT}\b",
    rf"\bmy {_PARENT}(?:'s|s') (?:house|place|furnace|ac)\b",
)


def kinds_in(words: str) -> frozenset[CallerKind]:
    """What the caller says of who is on the line.

    >>> sorted(kinds_in("Ohio relay operator 2215 with a call from a person who is deaf"))
    [<CallerKind.RELAY: 'relay'>]
    >>> kinds_in("The relay on the board clicks.")
    frozenset()
    """
    found = {kind for kind, pattern in _SAID.items() if pattern.search(words)}
    if CallerKind.MINOR in found and _FOR_THEM.search(words):
        found.remove(CallerKind.MINOR)
    if CallerKind.RELAY in found:
        found.discard(CallerKind.HARD_OF_HEARING)  # the operator hears well
    return frozenset(found)
