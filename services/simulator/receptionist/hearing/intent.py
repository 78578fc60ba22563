"""What a caller's words mean to a receptionist; made for transcripts, which may be wrong."""

import re
from typing import Literal

from services.simulator.receptionist.hearing.numbers import digits, is_number, words
from services.simulator.receptionist.hearing.phone import phone

_YES = re.compile(
    r"\b(?:yes|yeah|yep|yup|yah|correct|right|sure|okay|ok|please|exactly|absolutely|definitely"
    r"|perfect|great|fine|of course|go ahead|sounds good|uh-?huh|mm-?hmm|that works|it is|do it"
    r"|that's it|let's do)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\b(?:no|nope|nah|not|incorrect|wrong|don't|do not|isn't|none|nothing|never)\b", re.IGNORECASE
)
_WRONG = re.compile(r"\b(?:not right|isn't right|wrong|incorrect|not correct|not quite)\b", re.I)
_STARTS_NO = re.compile(r"^\W*(?:no|nope|nah)\b", re.IGNORECASE)
_RIGHT_AFTER_NO = re.compile(r"^\W*no\W+(?:that's|that is|it's|it is) (?:right|correct)", re.I)


_ASKS_DANGER = re.compile(r"\b(?:smoke|gas smell|sparks|sewage|in danger)\b", re.IGNORECASE)


def yes(text: str) -> bool | None:
    """Return whether `text` agrees, None when it says neither."""
    if _RIGHT_AFTER_NO.search(text):
        return True
    if _STARTS_NO.search(text) or _WRONG.search(text):
        return False
    if _YES.search(text):
        return True
    return False if _NO.search(text) else None


_HAZARD = re.compile(
    r"\b(?:gas|smok\w*|monoxide|alarms?|fire|flames?|burn(?:ing|t)|sparks?|sparking|smell\w*|shock\w*"
    r"|rotten eggs?)\b",
    re.IGNORECASE,
)
_UNPROMPTED = re.compile(
    r"\bsmell\w*\b[^.!?]*\b(?:gas|smoke|burning|rotten eggs?)\b|\bgas (?:leak|smell|odou?r)"
    r"|\b(?:leaking|smell of|odou?r of) gas\b|\bon fire\b|\bcarbon monoxide\b|\bc ?o alarm\b"
    r"|\b(?:there's|there is|see|seeing|lots? of|full of) (?:\w+ )?smoke\b|\bsmoke (?:is )?coming\b"
    r"|\b(?:is|are|it's) sparking\b|\brotten eggs?\b|\bburning smell\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:no|not|don't|doesn't|isn't|aren't|without|never|nothing|none|nobody|neither|nor)\b",
    re.IGNORECASE,
)
_HARMLESS = re.compile(r"\b(?:just|only|nothing|none|fine|nobody|don't think|do not think)\b", re.I)


def danger(text: str, *, asked: bool) -> bool | None:
    """Return whether the caller is in danger; None when an answer to the question says neither.

    Unasked, only plain words count ("I smell gas"), and never None.
    """
    pattern = _HAZARD if asked else _UNPROMPTED
    clauses = re.split(r"[,.;!?]|\bbut\b|\bhowever\b", text)
    if any(pattern.search(clause) and not _NEGATED.search(clause) for clause in clauses):
        return True
    if not asked:
        return False
    if _STARTS_NO.search(text) or _NEGATED.search(text) or _HARMLESS.search(text):
        return False
    return True if yes(text) else None


_SAFE = re.compile(r"\b(?:outside|safe|out of the house|we're out|i'm out|got out|left)\b", re.I)


def asks_about_danger(question: str) -> bool:
    """Whether a question of the agent's own is the one about danger."""
    return _ASKS_DANGER.search(question) is not None


def safe(text: str) -> bool | None:
    """Return whether the caller says everybody is out of danger."""
    if _SAFE.search(text) and not re.search(
        r"\bnot (?:safe|out|yet)|\bstill (?:in|inside)\b", text
    ):
        return True
    return yes(text)


_LEAD_NAME = re.compile(
    r"^(?:(?:hi|hello|sure|yes|yeah|okay|ok|of course|um|uh|well|so|it's|its|it is|this is|i'm|i am"
    r"|my name is|my name's|the name is|name is|name's|my|name|you can call me|call me"
    r"|that's|no)\b[\s,.]*)+",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    r"\b(?:and|my|number|phone|callback|here|speaking|calling|at|from|please|thanks|thank)\b.*$",
    re.I,
)


def name(text: str) -> str | None:
    """Return the name given in `text`, None when there is none."""
    said = _AFTER_NAME.sub("", _LEAD_NAME.sub("", text.strip()))
    parts: list[str] = []
    for part in re.split(r"[\s,.!?]+", said):
        if not part or is_number(part) or any(letter.isdigit() for letter in part):
            break
        parts.append(part[:1].upper() + part[1:])
    found = " ".join(parts[:4])
    if not found or len(parts) > 5 or yes(found) is not None or "?" in text:
        return None
    return found


_PERSON = re.compile(
    r"\b(?:speak|talk|connect me|transfer me|put me through)\b[^.?!]*"
    r"\b(?:person|human|someone|somebody|representative|operator|manager|people|staff|technician)\b"
    r"|\bget me (?:a |some)?(?:person|human|one|body|manager)\b"
    r"|\b(?:real|actual|live) (?:person|human|agent)\b|\brepresentative\b|\boperator\b|\ba human\b",
    re.IGNORECASE,
)
_BYE = re.compile(
    r"\b(?:good ?bye|bye|never ?mind|forget it|hang up|i have to go|i'll call back)\b", re.I
)
_AGAIN = re.compile(
    r"\b(?:say (?:that|it) again|repeat|come again|pardon|what (?:was|is) that|what did you say"
    r"|(?:didn't|did not|couldn't|can't) (?:hear|catch|understand) (?:that|you|it|what)"
    r"|didn't get that|excuse me|once more)\b"
    r"|^\W*(?:what|sorry|huh)\W*$",
    re.IGNORECASE,
)
_ROBOT = re.compile(
    r"\b(?:are you|is this|am i (?:talking|speaking) to)\b[^.?!]*"
    r"\b(?:robot|human|real|a\.?i|machine|bot|computer|recording)\b",
    re.IGNORECASE,
)
_PRICE = re.compile(
    r"\b(?:how much|price|pricing|cost|costs|charge|rates?|quote|ballpark|fee)\b", re.I
)
_PRICE_ONLY = re.compile(
    r"\b(?:just|only)\b[^.?!]*\b(?:price|cost|quote|rates?)\b|\bshopping around\b"
    r"|\b(?:price|cost|how much)\b[^.?!]*\b(?:to|for|of)\b[^.?!]*"
    r"\b(?:fix|repair|replace|install|visit)",
    re.IGNORECASE,
)
_URGENT = re.compile(
    r"\b(?:emergency|urgent\w*|right away|right now|immediately|as soon as possible|a\.?s\.?a\.?p"
    r"|tonight|flooding|burst|no heat)\b",
    re.IGNORECASE,
)


_VISIT = r"(?:appointment|visit|booking|service call|technician|tech)"
_MOVE = re.compile(
    rf"\b(?:move|reschedule|push(?: back)?|postpone|change|switch)\b[^.?!]*\b{_VISIT}\b"
    rf"|\b{_VISIT}\b[^.?!]*\b(?:moved|rescheduled|another (?:day|time)|pushed back)\b"
    r"|\breschedule\b",
    re.IGNORECASE,
)
_CANCEL = re.compile(
    rf"\b(?:cancel|call off)\b[^.?!]*\b(?:{_VISIT}|it)\b|\b{_VISIT}\b[^.?!]*\bcancel+ed\b", re.I
)


_ASKS_WHEN = re.compile(
    rf"\b(?:when|what time)(?:'s| is| are| does| do| will)\b[^.?!]*\b{_VISIT}\b", re.IGNORECASE
)
_WHERE = re.compile(
    r"\bwhere(?:'s| is| are)\b[^.?!]*\b(?:technician|tech|plumber|electrician|crew|guy|he|they)\b",
    re.IGNORECASE,
)


def change(text: str) -> Literal["ask", "move", "cancel"] | None:
    """What a caller wants to know of, or done with, a visit they have booked."""
    if _CANCEL.search(text):
        return "cancel"
    if _MOVE.search(text):
        return "move"
    return "ask" if _ASKS_WHEN.search(text) else None


def asks_where(text: str) -> bool:
    """Whether they wait for somebody who is on the road."""
    return _WHERE.search(text) is not None


def wants_person(text: str) -> bool:
    return _PERSON.search(text) is not None


def says_goodbye(text: str) -> bool:
    return _BYE.search(text) is not None


def wants_it_again(text: str) -> bool:
    return _AGAIN.search(text) is not None


def asks_for_a_robot(text: str) -> bool:
    return _ROBOT.search(text) is not None


def asks_price(text: str) -> bool:
    return _PRICE.search(text) is not None


def wants_only_price(text: str) -> bool:
    return _PRICE_ONLY.search(text) is not None


def is_urgent(text: str) -> bool:
    return _URGENT.search(text) is not None


def reads_card(text: str) -> bool:
    """Tell whether so many digits were read that they can only be a card's."""
    return len(digits(text)) >= 13 and phone(text) is None


_FILLER = {"um", "uh", "er", "hmm", "hm", "ah", "oh", "you", "the", "and", "so", "well"}


def is_noise(text: str) -> bool:
    """Tell whether nothing was said: ears hear speech in a cough."""
    return not [word for word in words(text) if word not in _FILLER]
