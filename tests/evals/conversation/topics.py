"""What the agent's words ask: for the caller, who answers it, and for a model that has to know what
code has asked in its name. Read from words alone, whoever wrote them."""

import re
from enum import StrEnum


class Topic(StrEnum):
    DANGER = "danger"
    SAFE = "safe"
    READ_BACK = "read_back"  # is that right?
    BOOK_OK = "book_ok"  # all of it was read back, with its terms: book it so?
    CHANGE_OK = "change_ok"  # move it, or call it off?
    PHONE_OK = "phone_ok"  # is the number you call from the best one?
    NAME = "name"
    PHONE = "phone"
    ADDRESS = "address"
    ZIP = "zip"
    EMAIL = "email"
    EQUIPMENT = "equipment"  # gas or electric?
    WINDOW = "window"  # which of these?
    DAY = "day"  # when would you like it?
    FIND_TIME = "find_time"  # shall I look for a time?
    PRICE_OK = "price_ok"
    NOTES = "notes"
    TEXTS_OK = "texts_ok"
    MESSAGE = "message"
    RECORDING = "recording"  # go on without, or be called back?
    ELSE = "else"
    STILL_THERE = "still_there"
    PROBLEM = "problem"
    GO_ON = "go_on"
    GOODBYE = "goodbye"


_I = re.IGNORECASE
# In order: the first that fits a question is what it asks, where one sentence asks one thing.
_QUESTIONS: tuple[tuple[Topic, re.Pattern[str]], ...] = (
    (
        Topic.STILL_THERE,
        re.compile(r"\b(still there|are you there|hear me)\b|¿(sigue|está) ahí|\bme escucha\b", _I),
    ),
    (Topic.RECORDING, re.compile(r"\b(go on|continue)\b.{0,40}\b(call you back|callback)\b", _I)),
    (
        Topic.EQUIPMENT,
        re.compile(
            r"\b(is (it|that|your \w+( \w+)?)|do you have) (a |an )?(gas|electric|oil)\b", _I
        ),
    ),
    (
        Topic.SAFE,
        re.compile(
            r"\b(are|is) (you|everyone|everybody)\b.{0,30}\b(safe|out|outside|ok|okay)\b", _I
        ),
    ),
    (
        Topic.DANGER,
        re.compile(
            r"\b(smell\w*|smoke|smoking|gas|monoxide|burning|sparks?|sparking|alarms?|danger\w*|"
            r"shock\w*|flood\w*|hurt)\b",
            _I,
        ),
    ),
    (Topic.TEXTS_OK, re.compile(r"\b(okay|ok|alright|fine|may|can)\b.{0,30}\btexts?\b", _I)),
    (
        Topic.BOOK_OK,
        re.compile(
            r"\b(shall|should|do) i\b.{0,15}\bbook( it| that)?( and text you)?\?"
            r"|\bgo ahead and book\?|\bbook( it| that)? and text( you)?\?",
            _I,
        ),
    ),
    (Topic.CHANGE_OK, re.compile(r"\bshall i (move it|cancel your visit)\b", _I)),
    (
        Topic.PHONE_OK,
        re.compile(
            r"\b(number|line|phone)\b.{0,30}\b(calling|call|called) (me |us )?from\b"
            r"|\bnumber you'?re on\b"
            r"|\b(this|that|same) (number|line)\b.{0,90}\b(best|good|right|reach)\b"
            r"|\bis (this|that|it) (still )?(the |a )?(best|good|right) (number|one|line)\b"
            r"|\b(best|good|right)\b.{0,30}\b(this|that) (number|line)\b",
            _I,
        ),
    ),
    (
        Topic.READ_BACK,
        re.compile(
            r"\b(is|was|are|have|got|get) (all |both )?(that|this|it|those|everything|i)\b"
            r".{0,40}\b(right|correct|down right|down correctly)\b"
            r"|\bdid i (get|hear|catch) (that|it|all)\b|\b(right|correct)\s*\?|\bdo i have that\b"
            r"|\bsound right\b",
            _I,
        ),
    ),
    (
        Topic.NOTES,
        re.compile(
            r"\b(technician|tech|plumber|electrician|crew|they|we|he)\b.{0,30}\b(should|need to|"
            r"ought to) (know|note)\b|\bgate codes?\b|\bpets?\b|\bdogs?\b|\bnotes?\b.{0,40}\?"
            r"|\bparking\b",
            _I,
        ),
    ),
    (Topic.EMAIL, re.compile(r"\be-?mail\b", _I)),
    (Topic.ZIP, re.compile(r"\bzip\b", _I)),
    (
        Topic.PHONE,
        re.compile(
            r"\b(phone|callback|call-back|(?<!house )number)\b.{0,60}"
            r"\b(reach|call|is|best|have|get)\b"
            r"|\b(best|good|what)\b.{0,20}\b(phone|(?<!house )number)\b|\breach you\b"
            r"|\bname, (phone )?number\b|\b(get|have|grab) (a|your) (phone )?number\b",
            _I,
        ),
    ),
    (
        Topic.ADDRESS,
        re.compile(
            r"\baddress\b|\bwhere\b.{0,40}\b(be|come|go|headed|send|work|house|visit)\b"
            r"|\bhouse number\b|\bwhich street\b",
            _I,
        ),
    ),
    (
        Topic.NAME,
        re.compile(
            r"\b(your|first|full|last) (first |full |last )?name\b|\bwho (am i|do i|is this)\b"
            r"|\b(what|whose|which) name\b"
            r"|\bname\b.{0,20}\?|\bwho'?s (this|calling)\b",
            _I,
        ),
    ),
    (
        Topic.MESSAGE,
        re.compile(
            r"\bmessage\b|\btell (them|him|her)\b"
            r"|\b(should|what) (i|shall i|should i) (pass|tell)\b"
            r"|\b(call|ring|get back to) you( back)?\b",
            _I,
        ),
    ),
    (
        Topic.FIND_TIME,
        re.compile(
            r"\b(shall|should|want me to|would you like( me)? to|can i|may i|could i)\b.{0,40}"
            r"\b(find|look|check|see|book|schedule|set (that|it|this|you) up|get you)\b"
            r"|\blike (me )?to (schedule|book|find)\b|\blook at times\b",
            _I,
        ),
    ),
    (
        Topic.PRICE_OK,
        re.compile(
            r"\b(okay|ok|alright|fine|agree|good|all right) (with|by) (you|that)\b"
            r"|\bsounds? (okay|ok|good|fine|alright|fair)\b|\b(okay|ok|good) (for|to) you\b",
            _I,
        ),
    ),
    (
        Topic.DAY,
        re.compile(
            r"\bwhen (would|do|can|should|could|is)\b"
            r"|\b((what|which) (day|time)|how soon|do you mean)\b"
            r"|\bmornings?\b.{0,20}\bafternoons?\b",
            _I,
        ),
    ),
    (
        Topic.WINDOW,
        re.compile(
            r"\bwhich\b.{0,40}\b(works?|suits?|better|best|prefer|time|window|one)\b"
            r"|\b(works?|suits?|good|better|okay|ok|do)\b.{0,25}\b(for you|you)\b.{0,10}\?"
            r"|\bor\b.{0,60}\b(AM|PM|morning|afternoon|tonight|evening|noon|o'clock)\b.{0,40}\?"
            r"|\b(does|would|will|could) (that|either|one of (them|those)|any of)\b"
            r"|\bwould you (like|prefer|rather)\b|\bhow('s| is| about)\b|\bwhat about\b",
            _I,
        ),
    ),
    (Topic.ELSE, re.compile(r"\b(anything|something|what) else\b|\ball set\b", _I)),
    (
        Topic.PROBLEM,
        re.compile(
            r"\b(how (can|may) (i|we) help|what('s| is|'s been) (going on|wrong|the problem|"
            r"happening|it doing)|tell me (about|what)|what seems|what can (i|we) do)\b",
            _I,
        ),
    ),
    (Topic.GO_ON, re.compile(r"\b(go on|continue|keep going|go ahead|move on|ready)\b", _I)),
)
# Who says so wants to be told, without a question mark.
_REQUEST = re.compile(
    r"(?:\w+,? )?(?:let me (?:grab|get|have|take)|(?:can|could|may) i (?:get|have)|i(?:'ll)? need"
    r"|give me|tell me) your\b",
    _I,
)
_GOODBYE = re.compile(r"\b(good ?bye|bye|have a (good|great|nice)|take care)\b(?! of)", _I)
_SENTENCE = re.compile(r"[^.?!]*(?:[.?!](?![\s\"]|$)[^.?!]*)*[.?!]+|[^.?!]+$")


def sentences(text: str) -> list[str]:
    return [each.strip() for each in _SENTENCE.findall(text) if each.strip()]


def topics(text: str) -> list[Topic]:
    """What is asked in `text`, in the order in which it is asked; each once."""
    found: list[Topic] = []
    for sentence in sentences(text):
        if sentence.endswith("?"):
            found += _asked_in(sentence)
        elif _REQUEST.match(sentence):
            found += [topic for topic in _asked_in(sentence) if topic in _TOGETHER]
    if _GOODBYE.search(text):
        found.append(Topic.GOODBYE)
    return list(dict.fromkeys(found))


# What may be asked together in one sentence: "your name and the best number?"
_TOGETHER = (Topic.NAME, Topic.PHONE, Topic.ADDRESS)


def _asked_in(sentence: str) -> list[Topic]:
    fitting = [topic for topic, pattern in _QUESTIONS if pattern.search(sentence)]
    if not fitting:
        return []
    if fitting[0] in _TOGETHER:
        return [topic for topic in _TOGETHER if topic in fitting]
    return fitting[:1]
