"""What a caller's short answer to the agent's question tells of danger.

"Yes" to "Do you smell gas?" is a danger, to "Is it a gas furnace?" it is none, and to "And nobody
smells gas, right?" it says that there is none. Words that name a danger themselves are for
`detect`; this reads those that only answer.
"""

import re

from shared.domain.hazards.asked import DENIES, PLAIN, SAFE, Asks, any_of, asks, last_question
from shared.domain.models import HazardCategory as C

LONGEST = 300  # characters: what is longer is no short answer
_LEAD = (
    r"(?:um+|uh|well|oh|hmm|so|okay|ok|i mean|honestly|actually|let me see|hang on|you know|gosh|"
    r",|yes|no) "
)


def _opens(spelled: str) -> re.Pattern[str]:
    """Any of the patterns at the beginning of an answer, behind what leads to it."""
    either = re.sub(r"\s*\n\s*", "", spelled)
    return re.compile(rf"^(?:{_LEAD})*?(?:{either})\b")


_NO = _opens(r"""
    no|nope|nah|naw|none|nothing|neither|nobody|no one|negative|never|
    not (?:at all|that|really|right now|that i|any|now|yet|here|currently|anymore)|nuh uh|
    uh uh|i don't|we don't|it doesn't|it isn't|there isn't|it's not|there's no|don't think|
    i do not|
    (?:i|we|it|there|he|she|they)(?: \w+)? (?:don't|can't|isn't|aren't|doesn't|
    haven't|couldn't|didn't|do not|can not|cannot)|we're (?:fine|good|okay|all good|safe)|
    i'm (?:fine|good|okay)|all (?:good|clear|fine)|everyone's (?:fine|okay|good|safe)|
    everything's|none of|just (?:the|no|my|not)|it's just|only the|i haven't|haven't
""")
_YES = _opens(r"""
    yes|yeah|yep|yup|ya|yah|uh huh|mm hmm|mhm|mm hm|uh hum|sure|sure do|sure is|definitely|
    absolutely|correct|right|that's right|exactly|affirmative|
    (?:i|we|it|there|he|she|they|you)(?: \w+)? (?:do|does|am|are|is|can|might|could|
    has|have|did|will)(?= ?(?:$|,|and |but |smell|see|hear|a |some|kind|yeah|yes|actually|
    right|near|in |by |from|all|still|be$|for sure|sir|ma'am|one\b|outside|faint))|
    there's (?:a|some|one)|still|i think so|i think i do|think so|i believe (?:so|we|i|it|
    they)|(?:the|my) \w+ (?:do|does|is|are|did)$|probably|possibly|
    maybe|might be|could be|i'm afraid so|i guess|i guess so|kind of|kinda|sort of|sorta|
    a little|a bit|a tiny|a faint|a slight|slightly|some|somewhat|very much|a lot|both|
    all of|the (?:first|second|last|latter|former)|sí|si|claro|one of|once in|every now|
    now and then|on and off|off and on|sometimes|it comes and goes|
    just (?:a|the smell|gas|a little|faintly|barely|slightly|one)|barely|faintly|strong|
    really strong|
    it's (?:really |pretty |very |getting )*(?:strong\w*|faint|worse|bad|
    going off|beeping|everywhere|all over|coming)|ever since|since|
    my (?:wife|husband|son|daughter|mom|dad|kids?) (?:does|do|is|are|did|says)|he does|
    she does|he is|she is|oh yeah|for sure|of course|you bet|all over|getting worse
""")
# Whoever begins so tells how it is: "just a whiff", "it went off twice", "every time I flip it".
_TELLS = _opens(r"""
    just an?|an?|one|two|three|some|all|every|right|mostly|mainly|especially|whenever|
    only when|when i|just when|it (?:went|goes|started|keeps|comes|smells|won't stop|was)|
    they (?:went|keep|started|go)|(?:i|we) (?:hear|see|smell|feel|got|noticed|heard|saw|smelled)|
    keeps|started|quite|plenty|lots|tons|enough|constantly|always|again|twice|more than|off and
""")
_FEW = 4  # words: so short an answer is about the question, unless it begins like something else
_ELSE = _opens(r"""
    hello|hi|hey|just|only|everything|looks|sorry|pardon|excuse|huh|okay|ok|alright|
    all right|hold|wait|let me|let's|
    my|this is|speaking|i'm|i called|i need|i want|i'd|i have|i think it's|i don't|can|could|
    would|you|what|who|why|where|how|thanks|thank|please|it's (?:the|a|an|my|about|in|at|on)|
    the|come|send|need|just need|there's|um|uh|good|great|cool|got it|give|call
""")
_YES_BEHIND = re.compile(r" (?:yes|yeah|yep)(?: sir| ma'am)?$")  # "on the porch, yes"
_PLAIN_YES = any_of(r"yes|yeah|yep|yup|uh huh|mm hmm|mhm|sure|absolutely|definitely|correct")
_TURNS = re.compile(r"\b(?:but|though|although|except|well|actually|now that|come to think)\b")
_NO_MORE = re.compile(
    r"\b(?:no|not|nothing|none|nobody|never|neither)\b|n't\b|\b(?:fine|okay|all good|all clear|"
    r"safe)\b"
)
_PLACE = re.compile(
    r"^(?:(?:it's|just|only|mostly|mainly|kind of|maybe) )*(?:in|by|near|around|behind|under|at|"
    r"from|over by|outside|inside|down in|upstairs|downstairs|close to|next to|by the|in the)\b"
)
_NAMED: tuple[tuple[C, re.Pattern[str]], ...] = (
    (C.GAS_LEAK, any_of(r"""
        gas|propane|eggs?|hissing|sulfur
    """)),
    (C.CARBON_MONOXIDE, any_of(r"""
        carbon monoxide|monoxide|co|dizzy|headaches?|nauseous
    """)),
    (C.FIRE_SMOKE, any_of(r"""
        smoke|smoky|burning|burnt|fire|flames?|smoking
    """)),
    (C.ELECTRICAL_HAZARD, any_of(r"""
        sparks?|sparking|shocked|buzzing
    """)),
    (C.SEWAGE, any_of(r"""
        sewage|poop|waste
    """)),
    (C.MAJOR_LEAK, any_of(r"""
        flooding|pouring|gushing|everywhere|spraying
    """)),
)  # fmt: skip
_ALARM_NAMED = any_of(r"""
        alarm|alarms|detector|beeping|going off
    """)
_TIME = re.compile(
    r"\b(?:since|last night|this morning|an hour|for (?:a|two|about)|just started|right now)\b"
)
_IS_FINE = any_of(r"""
        fine|okay|ok|good|safe|outside|all set|all right
    """)
_BENIGN = any_of(r"""
        ac|a c|furnace|cold|warm air|noise|rattl\w*|not cooling|won't (?:turn|start)|clogged|
        drip\w*|tune|quote|heat pump|question|second|minute|moment|repair|appointment|price|
        thermostat|electric|hot in here|loud|dark|electric stove|heater (?:quit|is|won't|
        went)|unit(?:'s)?|broken|not working|tune up|quote|price|what|why|hold on|
        don't know|not sure|couldn't tell|no idea
    """)  # fmt: skip


def answered(question: str, answer: str, *, is_of_danger: bool = False) -> C | None:
    """The danger that `answer` tells of, as an answer to the agent's `question`. `is_of_danger`: a
    yes to it is one, whatever its words."""
    found = asks(question) or ((Asks.DANGER, C.GAS_LEAK) if is_of_danger else None)
    if found is None:
        return None
    means, category = found
    words = _plain(answer)
    if not words:
        return None
    said = _says(words)
    if said is None:
        return None
    if means is Asks.NO_DANGER and _IS_FINE.search(words) and not DENIES.search(words):
        return None
    if means is Asks.NO_DANGER:
        asked = last_question(question)
        if SAFE.search(asked):  # a no to "is everybody safe?" is a danger
            is_danger = not said and DENIES.search(asked) is None and "don't know" not in words
        else:  # a no to "nobody smells gas?" agrees, and so does a yes
            is_danger = _admits(words)
    else:
        is_danger = said
    return _category(words, question, category) if is_danger else None


def reading(answer: str) -> str:
    """ "yes", "no", or "neither"."""
    said = _says(_plain(answer))
    return "neither" if said is None else "yes" if said else "no"


def _plain(answer: str) -> str:
    text = answer[:LONGEST].lower().replace("’", "'").replace("-", " ")
    words = " ".join(PLAIN.sub(" ", text).split())
    return words.replace(" ,", ",").replace(",", " ,")


def _says(words: str) -> bool | None:
    """Yes, no, or None: neither."""
    if re.match(r"^(?:yes|yeah|yep) ?,? (?:no|nah|not)\b|^no ?,? (?:yes|yeah)\b", words):
        return words.startswith("no")
    no, yes = _NO.match(words), _YES.match(words)
    if no is not None and (
        yes is None or len(no[0]) >= len(yes[0]) or words.startswith(("no", "nah"))
    ):
        after = words[no.end() :]
        turned = _TURNS.search(after)
        rest = after[turned.end() :] if turned else ""
        return bool(rest and _is_named(rest) and not _NO_MORE.search(rest)) or (
            "just" in no[0] and _is_named(words) and not _BENIGN.search(words)
        )
    if yes is not None and not _PLAIN_YES.search(yes[0]) and _BENIGN.search(words):
        return None  # "it's getting cold in here"
    if yes is not None:
        after = words[yes.end() :]
        return not (
            len(words.split()) > 2
            and re.search(
                r"\b(?:no|not|nothing|none|fine|okay|everyone's|everything's)\b", words[yes.end() :]
            )
            and not _is_named(words[yes.end() :])
        )
    if _YES_BEHIND.search(words) and not _NO_MORE.search(words):
        return True
    if _BENIGN.search(words) or _NO_MORE.search(words):
        return None
    if len(words.split()) <= 8 and _TELLS.match(words):
        return True
    if len(words.split()) <= _FEW and words.isascii() and not _ELSE.match(words):
        return True  # "nonstop", "here and there"
    short = len(words.split()) <= 8
    return (
        True if short and (_is_named(words) or _PLACE.match(words) or _TIME.search(words)) else None
    )


def _is_named(words: str) -> bool:
    return (
        bool(_ALARM_NAMED.search(words))
        or any(p.search(words) for _, p in _NAMED)
        or re.search(r"\bsmell", words) is not None
    )


_ADMITS = re.compile(
    rf"^(?:(?:{_LEAD}))*(?:,? ?)(?:(?:i|we|he|she|it|there)(?: \w+)? (?:do|does|is|are|can|am|"
    rf"might)\b|"
    r"a little|a bit|kind of|sort of|maybe|some|a faint|slightly|faintly|my \w+ (?:do|does|is))"
)


def _admits(words: str) -> bool:
    """A yes to "nobody smells gas?" that says more: "I do", "a little"."""
    return _ADMITS.match(words) is not None


def _category(words: str, question: str, category: C) -> C:
    """The one the answer names, where it names one of those that were asked for."""
    named = next((found for found, pattern in _NAMED if pattern.search(words)), None)
    if named is not None:
        return named
    if _ALARM_NAMED.search(words) and re.search(r"monoxide|\bco\b", question.lower()):
        return C.CARBON_MONOXIDE
    return category
