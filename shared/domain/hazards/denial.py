"""Whether a caller denies what they name: "no smoke", "I don't think there is any gas".

Works on words as `safety` prepares them: lower case, single spaces, no apostrophes, "," a word.
"""

import re

FURTHEST = 9  # words a denial reaches

_TURN = re.compile(
    r"\b(?:but|however|although|though|except|just|yet|still|now|because|cause|so|pero|sino|y|porque)\b"
)
# "Cannot stop the smoke", "not sure if it is gas" and "no heat and smoke" deny nothing dangerous.
_NO_DENIAL = re.compile(
    r"\b(?:"
    r"nada m[aá]s|not (?:just|only|sure|certain|kidding|joking)|"
    r"(?:dont|do not|didnt|doesnt) (?:know|wait|stop|care|quit|understand|want to|"
    r"feel (?:safe|good|well|right))|"
    r"(?:cant|cannot|wont|will not|couldnt|wouldnt|doesnt|isnt|not|never) "
    r"(?:tell|stop\w*|quit|breathe|stand|shut|turn|go away|going away|reset|get|find|figure|"
    r"believe|see anything|see|reach|working|work|cooling|heating|cool|heat|turning|running|run|"
    r"start\w*|come on|coming on|kick\w*|blow\w*|let me|normal|right|good|safe|supposed to)|"
    r"no (?:power|heat|cooling|ac|air|hot|cold|water|lights?|electricity|pressure|idea|clue|way|"
    r"doubt|matter|problem|question|longer cool\w*|longer heat\w*|longer work\w*|signal|"
    r"one (?:knows|is hurt|hurt)|kidding|joke|service|"
    # In Spanish: not knowing, not being able to, and what does not stop.
    r"s[eé]|sabemos|pued[oe]|podemos|para|deja|dejan)"
    r")\b"
)
_DENIAL = re.compile(
    r"\b(?:no|not|none|never|without|neither|nor|nothing|nobody|dont|doesnt|didnt|isnt|arent|"
    r"wasnt|werent|havent|hasnt|hadnt|cant|cannot|wont|wouldnt|aint|zero|nowhere|far from|"
    r"away from|ruled out|free of|negative for|no longer|ni|nadie|nada|ningun\w*|nunca|tampoco|"
    r"lejos de)\b"
)
# "Nobody in the house smells gas"; but "nobody is hurt, the dryer is on fire" says that it is.
_NOBODY = re.compile(
    r"\b(?:nobody|no one|none of us|neither of us|nadie)"
    r"(?: (?!(?:is|are|was|hurt|knows|believes|will|can|came|answers?|picks|and|but|so|y|pero)\b)"
    r"\w+){0,4} $"
)
_INSIDE = re.compile(
    r"\b(?:no|not|isnt|arent|never|doesnt|didnt|dont|wasnt|hasnt|without|nowhere|far from|"
    r"away from)\b"
)
# A new statement ends what a denial before it covers.
_NEW_STATEMENT = re.compile(
    r"\band (?!(?:no|not|none|nor|neither|any|dont|i dont|we dont|its not|theres no)\b)|"
    r"\b(?:i|we|it|its|theres|there|my|the|that|thats|this|he|she|they|our|im|were|a|an|and|"
    r"something|somethings|you|your)\b"
)
_ARTICLE = re.compile(r"^ (?:an?|the|any|really|even|actually)\b")
_THOUGHT = re.compile(
    r"\b(?:think|believe|say|said|like|that|notice|noticed|look|seem|any|smell\w*|see|seen|hear|"
    r"heard)\b"
)


def denied(before: str) -> bool:
    """Whether a denial in the words before still covers what comes next."""
    if _NOBODY.search(before):
        return True
    before = _TURN.split(_NO_DENIAL.sub(" ", before))[-1]
    denials = list(_DENIAL.finditer(before))
    if not denials:
        return False
    between = _ARTICLE.sub("", before[denials[-1].end() :])
    # "No, I smell gas": an answer, not a denial.
    if between.lstrip().startswith(",") or len(between.split()) > FURTHEST:
        return False
    fresh = _NEW_STATEMENT.search(between)
    # "I don't think there is any gas": what is thought is denied too.
    return fresh is None or bool(_THOUGHT.search(between[: fresh.start()]))


def denied_within(words: str) -> bool:
    """Whether the denial stands inside: "the alarm is not going off"."""
    return bool(_INSIDE.search(_NO_DENIAL.sub(" ", words)))
