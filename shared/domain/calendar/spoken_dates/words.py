"""A caller's words in one plain form, as the grammar reads them.

Lower case, numbers in figures ("half past 8", "9 30", "the 21th": every ordinal ends in "th"), am
and pm without stops, every stop a word of its own; fillers are gone, and what speech-to-text is
known to mishear about days and times is mended.
"""

import re
import unicodedata
from collections.abc import Callable

from shared.domain.calendar.spoken_dates.numbers import in_figures

LONGEST = 600  # characters: a wish is shorter, and what is longer is cut
_FILLERS = frozenset(
    (
        "um", "umm", "uh", "uhh", "uhm", "er", "erm", "ah", "hmm", "mm", "mhm", "like", "kinda",
        "sorta", "basically", "literally", "honestly",
    )
)  # fmt: skip
_WORDS = {
    "mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "weds": "wednesday",
    "thu": "thursday", "thur": "thursday", "thurs": "thursday", "fri": "friday",
    "wensday": "wednesday", "wendsday": "wednesday", "wednsday": "wednesday", "tuseday": "tuesday",
    "tusday": "tuesday", "teusday": "tuesday", "thirsday": "thursday", "thersday": "thursday",
    "munday": "monday", "saterday": "saturday", "tomorow": "tomorrow", "tommorow": "tomorrow",
    "tommorrow": "tomorrow", "tonite": "tonight", "mourning": "morning", "mornin": "morning",
    "jan": "january", "feb": "february", "apr": "april", "aug": "august", "sept": "september",
    "sep": "september", "oct": "october", "nov": "november", "dec": "december", "jun": "june",
    "jul": "july", "til": "till", "thru": "through", "labour": "labor", "x'mas": "christmas",
    "xmas": "christmas", "saint": "st", "o'clock": "oclock", "cannot": "can't", "cant": "can't",
    "wont": "won't", "dont": "don't", "doesnt": "doesn't", "isnt": "isn't", "im": "i'm",
    "midnite": "midnight", "workday": "work day", "workdays": "work days", "evenings": "evening",
    "mornings": "morning", "afternoons": "afternoon", "nights": "night", "eod": "end of day",
    "asap": "as soon as possible", "anytime": "any time", "sometime": "some time",
    "weekday": "weekdays", "weekends": "weekend", "fourish": "4 ish", "noonish": "noon ish",
    "tuesdayish": "tuesday", "wednesdayish": "wednesday", "passed": "past", "daybreak": "morning",
    "tmrw": "tomorrow", "overmorrow": "day after tomorrow", "anyday": "any day", "nooner": "noon",
}  # fmt: skip
_HOURS = frozenset(
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
     "twelve")
)  # fmt: skip
_SIGNS = str.maketrans({"’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "…": ".", "\n": "."})
_TOKEN = re.compile(
    r"\d{4}-\d\d-\d\d|\$ ?\d[\d,.]*|\d+(?:st|nd|rd|th)\b|\d+(?:[/:.,-]\d+)*"
    r"|[a-z]+(?:'[a-z]+)?|[.,;?!%]|-(?= )"
)
_DAYS = {
    "mo": "mon", "tu": "tues", "ch": "tues", "we": "wednes", "th": "thurs", "fr": "fri",
    "sa": "satur", "su": "sun",
}  # fmt: skip
_WEEKDAY = "(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_HEARD = {"to": "2", "too": "2", "for": "4", "fore": "4", "ate": "8", "won": "1", "free": "3"}
# What follows a clock time, and seldom one of the words that are heard in its place.
_END = (
    r"(?= oclock| am\b| pm\b| 15\b| 30\b| 45\b| ish\b| on\b| tomorrow| today| or\b| and\b"
    rf"| {_WEEKDAY}| in the| please| if\b| would| works?\b| is\b| [,.;?!]|$)"
)
Change = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]
_SPELT: tuple[Change, ...] = (
    (re.compile(r"\bst\.(?= ?patrick| ?paddy)"), "st "),
    (re.compile(r"\b(jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tues?|wed|thurs?"
                r"|fri)\.(?= ?\w)"),
     r"\1 "),
    (re.compile(r"(?:\b|(?<=\d))([ap])\s?\.\s?m\b\.?"), r" \1m "),
    (re.compile(r"(?<=\d)\s?([ap])\b\.?(?! ?m)"), r" \1m "),
    (re.compile(r"(?<=\d\d)[t ](\d\d:\d\d)(?::\d\d)?(?:\.\d+)?(?:z|[+-]\d\d:?\d\d)?\b"), r" \1 "),
    (re.compile(r"(?<![\d/.:-])(\d{1,2}(?::\d\d)?(?: ?[ap]m)?) ?- ?(\d{1,2}(?::\d\d)?)(?![\d-])"),
     r"\1 to \2"),
    (re.compile(r"(?<=[a-z])-(?=[a-z])|-(?=ish)"), " "),
    (re.compile(r"(?<![\d.$])(\d{1,2})\.([0-5]\d)(?= ?[ap]m\b)"), r"\1:\2"),
    (re.compile(r"\b(half|quarter)(?=past|till|after)"), r"\1 "),
)  # fmt: skip
_BY_EAR: tuple[Change, ...] = (
    (re.compile(r"\b(mon|tues|tue|choose|chews|wednes|wed nes|thurs|thirst|fri|fry|satur"
                r"|sun) day\b"),
     lambda m: f"{_DAYS[m[1][:2]]}day"),
    (re.compile(r"\b(?:to|2|two) ?(morrow|night)\b"), r"to\1"),
    (re.compile(r"\bto day\b"), "today"),
    (re.compile(r"\bweek end\b"), "weekend"),
    (re.compile(r"\bmid day\b"), "midday"),
    (re.compile(r"\b(lunch|noon|dinner|supper|day) time\b"), r"\1time"),
    (re.compile(r"\bsat(?= (?:the )?\d|\.? (?:morning|afternoon|evening))"), "saturday"),
    (re.compile(r"\bsun(?= (?:the )?\d|\.? (?:morning|afternoon|evening))"), "sunday"),
    (re.compile(r"(?<=\bon )(sat|sun)\b"), lambda m: f"{_DAYS[m[1][:2]]}day"),
    (re.compile(r"\bpee (?:em|m)\b"), "pm"),
    (re.compile(r"\bay (?:em|m)\b"), "am"),
    (re.compile(r"(?<=\d )(a|p) m\b"), r"\1m"),
    (re.compile(rf"\b({'|'.join(_HEARD)})(?= (?:oclock|o clock|a clock)\b)"),
     lambda m: _HEARD[m[1]]),
    (re.compile(r"(?<=\d) (?:o|oh|a|of) clock\b"), " oclock"),
    (re.compile(rf"\b((?:at|after|before|around|by|until|till|past|between)(?: about)?) "
                rf"({'|'.join(_HEARD)}){_END}"), lambda m: f"{m[1]} {_HEARD[m[2]]}"),
    (re.compile(rf"(?<=\d to )(too|for|ate){_END}"), lambda m: _HEARD[m[1]]),
    (re.compile(r"\b(\d{1,2}) (?:oh|o|zero|0) (\d)\b"), r"\1 0\2"),
    (re.compile(rf"({_WEEKDAY}|tomorrow|this|the) after noon\b"), r"\1 afternoon"),
    (re.compile(r"(?<=half past )noon\b|(?<=quarter past )noon\b|(?<=quarter to )noon\b"), "12"),
    (re.compile(r"\byou know\b|\bi guess\b|\bi think\b|\blet us\b"), " "),
    (re.compile(r"\b([a-z]+)(?: \1\b)+"), r"\1"),
    (re.compile(r" {2,}"), " "),
)  # fmt: skip


def plain(text: str) -> str:
    """`text` in the plain form, its words one blank apart."""
    text = unicodedata.normalize("NFKC", text[:LONGEST]).lower().translate(_SIGNS)
    for pattern, change in _SPELT:
        text = pattern.sub(change, text)
    words = [_word(token) for token in _TOKEN.findall(text)]
    text = " ".join(in_figures([word for word in " ".join(words).split() if word not in _FILLERS]))
    for pattern, change in _BY_EAR:
        text = pattern.sub(change, text)
    return text.strip()


def _word(said: str) -> str:
    if said in _WORDS:
        return _WORDS[said]
    if said.endswith("ish") and (said[:-3] in _HOURS or said[:-3] == "noon"):
        return f"{said[:-3]} ish"
    bare = ";" if said == "-" else said.removesuffix("'s")
    return _WORDS.get(bare, bare)
