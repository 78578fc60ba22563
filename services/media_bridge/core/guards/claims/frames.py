"""What a sentence does with what it says: denies it, asks, supposes, tells of somebody else's."""

import re

_STOPS = re.compile(r" (?:[,;:]|but|and|so|because|since) ")
NOT = re.compile(
    r" (?:not|never|no|nor|without|unable|neither|nothing|nobody|none|instead of|rather than|"
    r"isn|failed to|hardly)(?= )"
)
NO_SUCH = re.compile(r" (?:not only|no problem|no worries|no trouble|not a problem|no doubt|"
                     r"nothing else|"
                     r"no longer|no need to worry|not to worry|do not worry|no later than|no "
                     r"charge|no cost|"
                     r"no extra|no fee|no more than|not more than|not exceed|not go (?:over|"
                     r"above|past|higher)|"
                     r"not (?:be|cost|run|come to|pay|get|take|end up)(?: \w+){0,3} (?:more|"
                     r"over|above|higher|past|"
                     r"a penny|anything)|not a penny|not an?y more)(?= )")  # fmt: skip
# Somebody else's words, or the caller's.
REPORTED = re.compile(
    r" (?:(?:they|he|she|cousin|neighbor|someone|somebody|company|friend|guy)(?: \w+)? paid|"
    r"(?:you|they|he|she|cousin|neighbor|someone|somebody|company|friend|guy|other \w+)"
    r"(?: \w+)? (?:said|say|says|told|mentioned|quoted|charged|charge|were quoted|were told|"
    r"wanted|asked|had|have|are asking|are looking|thought|heard|read|saw|would like|want|need|"
    r"prefer|got|have got|only have|found|are saying|are hoping|were hoping|were looking)|"
    r"did (?:they|you|he|she)|"
    r"i (?:said|misspoke|told you|had said|quoted|mentioned|meant to say)|your (?:budget|"
    r"ceiling|limit|max|"
    r"maximum|quote|figure|number)|their (?:price|quote|number|figure|offer)|that quote|"
    r"(?:another|other) (?:company|outfit|place)|i (?:hear|understand|see)(?: that)? you|"
    r"i said|if i said|the ad|an ad|that price|a (?:great|good|fair|low|nice) (?:price|deal|"
    r"rate))(?= )"
)
# Nothing that is so yet.
SUPPOSED = re.compile(
    r" (?:if|once|unless|until|till|whenever|when|after|before|as soon as|in case|would you|"
    r"should you|assuming|provided|would|could|might|may|shall|whether|let me|let us|let him|"
    r"i will|we will|you will|they will|he will|she will|it will|will|going to|about to|"
    r"need to|needs to|have to|has to|want to|want me to|like to|like me to|happy to|able to|"
    r"ready to|glad to|"
    r"trying to|try to|can|to be|to get|please|did you|do you|have you|are you|does|while i|how "
    r"about|what about|wait for|"
    r"must be|should be|supposed to)(?= )"
)


def denied(text: str, start: int, end: int) -> bool:
    """Whether the clause in which a claim stands at `start` to `end` denies it."""
    before = text[_clause_start(text, start) : start] + " "
    return NOT.search(NO_SUCH.sub(" ", " " + before)) is not None


def supposed(text: str, start: int) -> bool:
    """Whether what stands at `start` is only offered, planned or conditional."""
    return (
        SUPPOSED.search(" " + text[_clause_start(text, start, stops=_HARD) : start] + " ")
        is not None
    )


_HARD = re.compile(
    r" (?:;|:|but|and|so|because|,(?! (?:and )?(?:i|we) (?:can|could|will|would)\b)) "
)


def _clause_start(text: str, at: int, stops: re.Pattern[str] = _STOPS) -> int:
    return max(
        (m.end() - 1 for m in stops.finditer(text, 0, at + 1) if m.end() <= at + 1), default=0
    )
