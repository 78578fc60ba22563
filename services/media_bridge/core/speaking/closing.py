"""The end of a call: the last sentence is heard before the line is closed, within bounds."""

import re
from dataclasses import dataclass

from shared.domain.outcomes import EndReason, Failure

# After the goodbye should have been heard its mark is waited for this long, and no longer.
MARK_MS = 8_000
# The goodbye itself has to be there by then, whatever the model does.
LONGEST_MS = 20_000
# Endings that the caller can talk us out of, so often in a call.
REOPENED = frozenset({EndReason.GOODBYE, EndReason.SILENCE})
MOST_REOPENED = 2

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
    """An end that was begun: its sentence is being said. `reason` and `failure` go to EndCall."""

    reason: EndReason
    failure: Failure | None
    began_ms: int  # `at_ms`
    response_id: str | None = None  # of the end_call that led to it

    def deadline(self, now_ms: int, remaining_ms: int) -> int:
        """When the line is closed at the latest, with `remaining_ms` of sound left to play."""
        return min(now_ms + remaining_ms + MARK_MS, self.began_ms + LONGEST_MS)


class Ending:
    """What leads a call to its end, and the end that was begun."""

    def __init__(self) -> None:
        # `at_ms` of Twilio's `start`: the longest a call may last is counted from it.
        self.opened_ms = 0
        # The model was asked to say that little time is left: it is asked once.
        self.warned = False
        # How often running the caller was asked whether they are still there; 0 again when they
        # speak or press a key.
        self.silences = 0
        # Set while the last sentence is being said, None before and when the call goes on.
        self.closing: Closing | None = None
        # Ends the caller talked us out of.
        self._reopened = 0

    def talked_out_of(self, text: str) -> bool:
        """Whether the caller's words over our goodbye are more than another goodbye."""
        closing = self.closing
        if closing is None or closing.reason not in REOPENED or says_only_goodbye(text):
            return False
        return self._reopened < MOST_REOPENED

    def reopened_by_caller(self) -> None:
        self._reopened += 1


def says_only_goodbye(text: str) -> bool:
    """Whether the caller's words over our goodbye need no answer."""
    return all(word.lower().replace("’", "'") in _ONLY_BYE for word in _WORD.findall(text))
