"""Whether a caller asks if they talk to a person or a machine: code answers that."""

import re
from typing import Final

_MACHINE: Final = (
    r"(?:an? |the |some |one of (?:those|these) )?(?:ai|a\.i\.|robots?|bots?|chat ?bot|machine|"
    r"computer|recording|automated (?:system|voice|thing)|artificial intelligence)"
)
_REAL: Final = r"(?:actual |real |live |living )+"
_SOMEBODY: Final = (
    rf"(?:(?:an? |the )?{_REAL}(?:person|human(?: being)?|lady|guy|man|woman)|"
    r"(?:an? )?(?:person|human(?: being)?)|(?:somebody|someone) real|real)"
)
_NOTHING_MORE: Final = (
    r"(?=\W*$|\s*\?|,? or |,? (?:things?|voice|line|here|right now|i'm|that i'm|i am|am i)\b)"
)
_ASKS: Final = re.compile(
    rf"\b(?:are you|is this|is it|(?:am i|are we|i'm|i am) (?:talk|speak)in[g']? (?:to|with)) "
    rf"(?:(?:just|really|actually|even|like|now) )*(?:{_MACHINE}|{_SOMEBODY}){_NOTHING_MORE}"
    rf"|\byou(?:'re| are) (?:(?:just|really|actually) )*{_MACHINE},? "
    r"(?:right|aren't you|huh|correct)\b"
    rf"|\b{_SOMEBODY} or {_MACHINE}\b|\b{_MACHINE} or {_SOMEBODY}\b",
    re.IGNORECASE,
)


def asks_whether_ai(text: str) -> bool:
    """A wish for a person is none: "Can I talk to a real person?"

    >>> asks_whether_ai("Wait, am I talking to a real person?")
    True
    >>> asks_whether_ai("Is this recording my call?")
    False
    """
    return _ASKS.search(text.replace("’", "'")) is not None
