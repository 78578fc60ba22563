"""Whether a caller's words are a yes or a no to what was read back, or neither.

A yes is known by what it is: an utterance that begins with assent and holds nothing that takes it
back or adds to what was read, such as "but", another number, or a part of an address. Silence,
noise, another language, a question alone and "hold on" are neither.
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


_NO = re.compile(
    r"^\W*(?:(?:um+|uh+|oh|well|so|sorry)\W+)*(?:no|nope|nah|negative|not (?:quite|really|exactly)|"
    r"actually|wrong|incorrect)\b"
)
_TAKES_BACK = re.compile(
    r"\b(?:wrong|incorrect|isnt|arent|(?:thats |its |is )?not (?:right|correct|quite|it|my|the)|"
    r"change (?:it|that|the)|instead|its actually|should be|supposed to be)\b"
)
_ADDS = re.compile(
    r"\b(?:but|except|actually|only|just|spelled|spell|with an?|apartment|apt|unit|suite|floor|"
    r"street|avenue|road|lane|drive|court|boulevard|no|not|different|other|another|wait|hold on|"
    r"hang on|maybe|think|guess|dont|change|correction|sorry)\b"
)
_OPENS = re.compile(rf"^\W*(?:{_FILLER.pattern}\W*)*(?:{_ASSENT.pattern})")


def answer_to(read: str, answer: str) -> bool | None:
    """What a caller's whole utterance says to `read`: yes, no, or neither."""
    plain = _plain(answer)
    if _TAKES_BACK.search(plain) or other_digits(answer, read):
        return False
    if _NO.search(plain) and not re.match(r"\W*no (?:problem|that|its|it is|thats)\b", plain):
        return False
    if is_yes(answer, read):
        return True
    if _OPENS.match(plain) is None:
        return None
    rest = _OPENS.sub(" ", plain, count=1)
    return None if _ADDS.search(rest) else True


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
