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
# A yes to "Shall I book it?", though none to "Is that right?".
_GO_AHEAD = re.compile(
    r"\b(?:ok|okay|alright|all right|sure(?: thing)?|please(?: do)?|go (?:right )?ahead|go for it|"
    r"do (?:it|that|so)|lets (?:do (?:it|that|this)|go|book (?:it|that))|"
    r"book (?:it|that|me)(?: in)?|(?:move|cancel) (?:it|that)|call it off|"
    r"(?:that|it|this)(?: one)?(?: will| ll)? works?(?: for me)?|"
    r"works for me|thatll work|that will do|fine(?: by me| with me)?|"
    r"(?:thats|its|that is) (?:fine|good|great|okay|ok)|"
    r"sounds (?:good|great|fine|right|okay|like a plan)|great|perfect|good|deal)\b"
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
# A sentence beside the yes that holds one of these is no aside.
_CHANGES = re.compile(
    r"\b(?:but|except|actually|spelled|spell|apartment|apt|unit|suite|floor|street|avenue|road|lane|"
    r"drive|court|boulevard|not|different|other|another|change|correction|instead|no longer)\b"
)
_UNIT = re.compile(r"\b(?:apartment|apt|unit|suite|ste|floor)\b")
_WAIT = re.compile(r"\b(?:wait|hold on|hang on|maybe|not sure|let me)\b")
# "One" that counts nothing.
_NO_DIGIT = re.compile(
    r"\bone of (?:the|these|those|my|them|our|your)\b|"
    r"\b(?:this|that|the|my|which|no|any|every|some) one\b|"
    r"\bone (?:sec|second|moment|minute)\b|\b(?:a|one) (?:thing|day|more)\b"
)
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_OPENS = re.compile(rf"^\W*(?:{_FILLER.pattern}\W*)*(?:{_ASSENT.pattern})")


def answer_to(read: str, answer: str, *, go_ahead: bool = False) -> bool | None:
    """What a caller's whole utterance says to `read`: yes, no, or neither. `go_ahead`: it asked
    whether to do something."""
    if go_ahead:
        answer = _GO_AHEAD.sub("yes", _plain(answer))
    plain = _plain(answer)
    if _TAKES_BACK.search(plain) or other_digits(answer, read):
        return False
    if _NO.search(plain) and not re.match(
        r"\W*(?:no (?:problem|worries|that|its|it is|thats)|sorry about)\b", plain
    ):
        return False
    if is_yes(answer, read):
        return True
    if _opens_with_yes(plain):
        return True
    return True if _yes_among_asides(answer, read) else None


def _opens_with_yes(plain: str) -> bool:
    return _OPENS.match(plain) is not None and not _ADDS.search(_OPENS.sub(" ", plain, count=1))


def _yes_among_asides(answer: str, read: str) -> bool:
    """Whether one sentence is a yes and the others are beside the point: "What a week. Yep."

    What asks for a moment counts where it comes after the yes: before it the moment is over.
    """
    sentences = _SENTENCE.split(answer)
    yes = [at for at, one in enumerate(sentences) if is_yes(one, read) or _yes_alone(one)]
    beside = [_plain(one) for at, one in enumerate(sentences) if at not in yes]
    if not yes or any(_CHANGES.search(one) for one in beside):
        return False
    return not any(_WAIT.search(_plain(one)) for one in sentences[yes[-1] + 1 :])


def _yes_alone(sentence: str) -> bool:
    return "?" not in sentence and _opens_with_yes(_plain(sentence))


def is_yes(answer: str, read: str) -> bool:
    """Whether `answer`, the whole of an utterance, confirms the agent's words `read`."""
    if "?" in answer or other_digits(answer, read) or _names_a_unit(answer, read):
        return False
    words, assents = _ASSENT.subn(" ", _plain(answer))
    rest = _FILLER.sub(" ", words)
    for number in digits.runs(rest):
        rest = _blank(rest, number)
    again = _names(read) | _PLACE
    return assents > 0 and all(word in again for word in _WORD.findall(rest))


def _names_a_unit(answer: str, read: str) -> bool:
    """Whether `answer` has an apartment and `read` has none: its number may be part of another."""
    return bool(_UNIT.search(_plain(answer))) and not _UNIT.search(_plain(read))


def other_digits(answer: str, read: str) -> bool:
    """Whether `answer` holds a number that is no part of any in `read`.

    What is a number only by its sound does not count: "oh, yes", "that's the one".
    """
    words = _FILLER.sub(" ", _ASSENT.sub(" ", _NO_DIGIT.sub(" ", _plain(answer))))
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
