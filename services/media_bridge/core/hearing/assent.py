"""Whether a caller's words are a yes to a read-back: known by what they are, not by what they lack.

A whole utterance of assent, with courtesy and fillers around it and perhaps some of what was read
said again, is a yes. Anything else is none: silence, noise, another language, a question, "hold
on", other digits, and also a yes with more behind it, which nobody can be sure to understand.
"""

import re

from shared.domain.spoken import digits

_IT = r"(?:(?:that|this)(?: (?:one|number|address))?|it|everything)"
_RIGHT = r"(?:right|correct|it|fine|good|perfect|me|mine)"
_ONE = (
    r"(?:(?:the|my) )?(?:(?:best|right|correct) )?(?:one|number|address)"
    r"(?: to (?:reach|call) me(?: at| on)?)?"
)
_ASSENT = re.compile(
    r"\b(?:"
    r"yes|yeah|yep|yup|yea|uh huh|m+ ?hm+|correct|right|exactly|absolutely|definitely|affirmative|"
    r"perfect|indeed|certainly|of course|you did|sounds (?:good|right)|looks (?:good|right)|"
    rf"{_IT}(?:s| is) (?:all |exactly )?(?:{_RIGHT}|{_ONE})|(?:it|that) is|"
    r"you(?:ve)? (?:got|have) (?:it|that)|sure(?: is)?"
    r")\b"
)
_FILLER = re.compile(
    r"\b(?:um+|uh+|er+|ah|well|so|and|ok|okay|alright|great|good|please|thanks|"
    r"thank you(?: very much)?|maam|sir|its|thats)\b"
)
_APOSTROPHE = re.compile(r"['’‘`]")
_WORD = re.compile(r"[^\W_]+")
_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][^\W_]+|\b\d[^\W_]*")
# Kinds of street and directions may be said again in any spelling.
_PLACE_WORDS = """
n s e w ne nw se sw north south east west st street ave avenue rd road dr drive ln lane blvd
boulevard ct court pl place way cir circle apt apartment unit suite
"""
_PLACE = frozenset(_PLACE_WORDS.split())


def is_yes(answer: str, read: str) -> bool:
    """Whether `answer`, the whole of an utterance, confirms the agent's words `read`."""
    if "?" in answer or other_digits(answer, read):
        return False
    words, assents = _ASSENT.subn(" ", _plain(answer))
    rest = _FILLER.sub(" ", words)
    for number in digits.runs(rest):
        rest = _blank(rest, number)
    again = _names(read) | _PLACE
    return assents > 0 and all(word in again for word in _WORD.findall(rest))


def other_digits(answer: str, read: str) -> bool:
    """Whether `answer` holds a number that is no part of any in `read`.

    What is a number only by its sound does not count: "oh, yes", "that's the one".
    """
    words = _FILLER.sub(" ", _ASSENT.sub(" ", _plain(answer)))
    known = [digits.joined(run) for run in digits.runs(read)]
    return any(
        not any(digits.joined(run) in number for number in known)
        for run in digits.runs(words)
        if words[run[0].start : run[-1].end] != "oh"
    )


def _blank(text: str, number: list[digits.Digits]) -> str:
    """`text` without the words of one number; every other word stays where it stood."""
    start, end = number[0].start, number[-1].end
    return text[:start] + " " * (end - start) + text[end:]


def _plain(text: str) -> str:
    """Lower case, without apostrophes; hyphens part words."""
    return _APOSTROPHE.sub("", text.lower()).replace("-", " ")


def _names(read: str) -> set[str]:
    """Words of `read` with a figure in them, or a capital that does not begin a sentence."""
    return {word.lower() for word in _NAME.findall(_APOSTROPHE.sub("", read))}
