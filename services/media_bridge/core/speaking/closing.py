"""The end of a call: the last sentence is heard before the line is closed, within bounds."""

import re
from dataclasses import dataclass

# After the goodbye should have been heard its mark is waited for this long, and no longer.
MARK_MS = 8_000
# The goodbye itself has to be there by then, whatever the model does.
LONGEST_MS = 20_000

_BYE_WORDS = """
ok okay alright all right great good perfect awesome wonderful thanks thank you so very much a lot
too same to bye goodbye see ya later tonight this evening tomorrow then have nice lovely day night
one take care cheers sounds that's that is it no nope yes yeah yep i i'll appreciate set we're we
are will do talk soon mm hmm mhm uh huh um and the for your help it's everything be there
"""
_ONLY_BYE = frozenset(_BYE_WORDS.split())
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


@dataclass(slots=True)
class Closing:
    """`reason` and `failure` are those of EndCall."""

    reason: str
    failure: str | None
    began_ms: int
    response_id: str | None = None  # of the end_call that led to it

    def deadline(self, now_ms: int, remaining_ms: int) -> int:
        return min(now_ms + remaining_ms + MARK_MS, self.began_ms + LONGEST_MS)


def says_only_goodbye(text: str) -> bool:
    """Whether the caller's words over our goodbye need no answer."""
    return all(word.lower().replace("’", "'") in _ONLY_BYE for word in _WORD.findall(text))
