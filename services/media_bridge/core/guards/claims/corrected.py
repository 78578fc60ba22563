"""What is taken back at once counts as its last word: "206, sorry, 248"."""

import re

from services.media_bridge.core.guards.claims.sentences import PlainSentence

_BACK = re.compile(
    r" (?:sorry|i am sorry|my mistake|i mean|i meant|no wait|wait|wait no|scratch that|"
    r"correction|make that|excuse me|or rather|actually , no|no , sorry|let me correct that|"
    r"my apologies|pardon) "
)
NAMED = re.compile(r"#\d|day |tonight |tomorrow ")  # a number or a day
_NEAR = 4  # words between a value and what takes it back


def taken_back(sentence: PlainSentence) -> int:
    """Where the last word begins: what stands before it was taken back. 0: nothing was."""
    last = 0
    for back in _BACK.finditer(sentence.text):
        before, after = sentence.text[: back.start() + 1], sentence.text[back.end() - 1 :]
        values = list(NAMED.finditer(before))
        near = values and len(before[values[-1].end() :].split()) <= _NEAR
        if near and NAMED.search(after):
            last = back.end() - 1
    return last
