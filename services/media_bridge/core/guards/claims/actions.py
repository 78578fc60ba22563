"""What an agent says was done: booked, moved, texted, refunded; and promises no tool can keep."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.media_bridge.core.guards.claims.act import Act
from services.media_bridge.core.guards.claims.act_words import PATTERNS, compiled
from services.media_bridge.core.guards.claims.frames import NOT, denied, supposed
from services.media_bridge.core.guards.claims.sentences import PlainSentence


@dataclass(frozen=True, slots=True)
class ActClaim:
    act: Act
    text: str  # the plain sentence


_COMPILED = tuple((act, compiled(spelled)) for act, spelled in PATTERNS.items())
# No deed of anybody's: "the deposit is paid through a link", what was done before, or else.
_NO_DEED = re.compile(
    r" (?:would have|should have been|every|everyone|usually|typically|always|normally|texts to "
    r"that|bookings take|ask you|"
    r"anybody|not (?:\w+ )?(?:yet|been)|looking at|last (?:time|year|month)|tune ups? (?:is|"
    r"are)|takes|(?<!got )(?<!have )(?<!get )(?<!put )you booked|you said|"
    r"you put|caller|the rest of|so far|do not read|as (?:soon )?as|"
    r"you paid (?:last|before|them))(?= )"
)
# A deed in any other words: "I've rung your landlord", "I just ordered the part".
_OTHER = re.compile(
    r" (?:i (?:have (?:just |already |also |now |gone ahead and )*|just |already |went ahead and )|"
    r"we (?:just |already |have (?:just |already |gone ahead and )|went ahead and ))"
    r"(?P<deed>\w+ed|sent|told|put|made|written|wrote|rung|rang|given|gave|let|taken|took|spoken|"
    r"set|left|had a word|slid|gotten|spoke|dealt)(?= )"
)
# What one does in talking, or knows.
_TALK = re.compile(
    r"(?:answered|apologized|asked|assumed|checked|confirmed|confused|counted|covered|entered|"
    r"explained|figured|finished|helped|hoped|indeed|jumped|learned|listed|listened|lived|looked|"
    r"mentioned|misplaced|misread|missed|need|needed|noticed|offered|opened|picked|pulled|quoted|"
    r"read|realized|remembered|repeated|reviewed|searched|seemed|skipped|started|stopped|talked|"
    r"touched|tried|turned|typed|used|walked|wanted|wondered|worked)"
)
_BY_DENIAL = frozenset((Act.HUMAN, Act.OPTED_OUT))  # "I am not a robot"


def acts(sentence: PlainSentence) -> Iterator[ActClaim]:
    """What a sentence says was done. A question, an offer, a plan or a denial says nothing."""
    text = sentence.text
    if sentence.is_question or _NO_DEED.search(text):
        return
    taken: list[tuple[int, int]] = []
    for act, pattern in _COMPILED:
        for found in pattern.finditer(text):
            if any(start < found.end() and found.start() < end for start, end in taken):
                continue
            if act not in _BY_DENIAL and (
                denied(text, found.start(), found.end()) or NOT.search(f" {found[0]} ")
            ):
                continue
            if supposed(text, found.start()) and " money back" not in found[0]:
                continue
            taken.append(found.span())
            yield ActClaim(act, text)
            break
    deed = None if taken else _OTHER.search(text)
    if deed and not (
        _TALK.fullmatch(deed["deed"])
        or denied(text, deed.start(), deed.end())
        or supposed(text, deed.start())
        or " you the " in text[deed.start() :]
    ):
        yield ActClaim(Act.OTHER, text)
