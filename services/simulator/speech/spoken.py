"""How a sentence is read aloud: figures, money, times, phone numbers and short forms as words."""

import re
from collections.abc import Callable, Iterator


def _words(listed: str) -> list[str]:
    return listed.split()


_ONES = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = _words("_ _ twenty thirty forty fifty sixty seventy eighty ninety")
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_MONTHS = _words(
    "January February March April May June July August September October November December"
)
_DAYS = _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_SHORT = {
    "AC": "A C",
    "A/C": "A C",
    "AI": "A I",
    "A.I.": "A I",
    "CO": "C O",
    "SMS": "S M S",
    "USA": "U S A",
    "OK": "okay",
    "OH": "Ohio",
    "Apt": "apartment",
    "Ave": "Avenue",
    "Blvd": "Boulevard",
    "Ct": "Court",
    "Dr": "Drive",
    "Hwy": "Highway",
    "Ln": "Lane",
    "Pl": "Place",
    "Rd": "Road",
    "St": "Street",
    "Mr": "Mister",
    "Mrs": "Missis",
    "Ms": "Miz",
    "vs": "versus",
    "approx": "approximately",
    **{day[:3]: day for day in _DAYS},
    **{month[:3]: month for month in _MONTHS},
    "Sept": "September",
    "Tues": "Tuesday",
    "Thurs": "Thursday",
}
_COMPASS = {"N": "North", "S": "South", "E": "East", "W": "West"}
_SUFFIX = r"(?:Street|St|Avenue|Ave|Road|Rd|Drive|Dr|Lane|Ln|Court|Ct|Boulevard|Blvd|Way|Place|Pl)"
_DAY = rf"(?:{'|'.join(day[:3] for day in _DAYS)})\w*"
_MONTH = f"(?:{'|'.join(_MONTHS)})"
_TIME = r"\d{1,2}(?::[0-5]\d)?"
# The dot of "p.m." is the sentence's own when a sentence visibly begins after it.
_HALF = r"(?P<half>[ap])(?:m\b|\.\s?m\b(?:\.(?!\s+(?-i:[A-Z])|\s*$))?)"
_DASH = r"\s*[-–—]\s*"


def spoken(text: str) -> str:
    """Return `text` as it is read aloud: words and punctuation, no figures."""
    for pattern, say in _RULES:
        text = pattern.sub(say, text)
    return re.sub(r"\s+", " ", text).strip()


def clauses(text: str, first: int = 45, longest: int = 100) -> Iterator[str]:
    """Yield `text` in pieces to be spoken one after the other, each with its closing mark.

    Pieces are sentences; those longer than `longest` characters are cut at commas, and the
    very first one already when longer than `first`, so that the voice begins soon.
    """
    limit = first
    for sentence in re.findall(r"[^.!?;:]+[.!?;:]*", text):
        piece = ""
        parts = re.findall(r"[^,]+,?", sentence)
        for part in parts:
            if piece and len(sentence) > limit and len(piece) + len(part) > limit:
                yield piece.strip()
                piece, limit = "", longest
            piece += part
        if piece.strip(" .,;:!?"):
            yield piece.strip()
            limit = longest


def cardinal(number: int) -> str:
    """Return a number below a million in words."""
    if number >= 1000:
        rest = f" {cardinal(number % 1000)}" if number % 1000 else ""
        return f"{cardinal(number // 1000)} thousand{rest}"
    if number >= 100:
        rest = f" {cardinal(number % 100)}" if number % 100 else ""
        return f"{_ONES[number // 100]} hundred{rest}"
    if number >= 20:
        rest = f" {_ONES[number % 10]}" if number % 10 else ""
        return f"{_TENS[number // 10]}{rest}"
    return _ONES[number]


def ordinal(number: int) -> str:
    """Return the ordinal of a number below a hundred."""
    head, _, last = cardinal(number).rpartition(" ")
    last = _ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return f"{head} {last}".strip()


def digits(text: str) -> str:
    """Return the digits of `text` one by one."""
    return " ".join(_ONES[int(digit)] for digit in re.sub(r"\D", "", text))


def _phone(match: re.Match[str]) -> str:
    number = re.sub(r"\D", "", match[0])[-10:]
    return ", ".join((digits(number[:3]), digits(number[3:6]), digits(number[6:])))


def _card(match: re.Match[str]) -> str:
    number = re.sub(r"\D", "", match[0])
    groups = (number[at : at + 4] for at in range(0, len(number), 4))
    return "; ".join(digits(group).replace(" ", ", ") for group in groups)


def _dollars(amount: str) -> str:
    whole, _, cents = amount.replace(",", "").partition(".")
    said = f"{cardinal(int(whole))} {'dollar' if int(whole) == 1 else 'dollars'}"
    if cents.strip("0"):
        said += f" and {cardinal(int(cents.ljust(2, '0')[:2]))} cents"
    return said


def _money_range(match: re.Match[str]) -> str:
    low, high = match["low"], match["high"]
    return f"{cardinal(int(low.replace(',', '').partition('.')[0]))} to {_dollars(high)}"


def _clock(time: str) -> str:
    hour, _, minutes = time.partition(":")
    said = cardinal(int(hour))
    if minutes.strip("0"):
        said += f" oh {_ONES[int(minutes)]}" if minutes[0] == "0" else f" {cardinal(int(minutes))}"
    return said


def _time(match: re.Match[str]) -> str:
    return f"{_clock(match['time'])} {match['half'].lower()} m"


def _time_range(match: re.Match[str]) -> str:
    half = match["half"].lower()
    first = (match["first_half"] or "").lower().strip(" .")[:1]
    before = f" {first} m" if first and first != half else ""
    return f"{_clock(match['first'])}{before} to {_clock(match['time'])} {half} m"


def _house(match: re.Match[str]) -> str:
    number = match["house"]
    if len(number) == 3 and number[1] == "0":
        return digits(number).replace("zero", "oh") if number[2] != "0" else cardinal(int(number))
    if len(number) == 3:
        return f"{_ONES[int(number[0])]} {cardinal(int(number[1:]))}"
    if len(number) == 4 and number[2:] != "00" and number[1:3] != "00":
        tail = int(number[2:])
        said = f"oh {_ONES[tail]}" if tail < 10 else cardinal(tail)
        return f"{cardinal(int(number[:2]))} {said}"
    return cardinal(int(number)) if len(number) <= 4 else digits(number)


def _number(match: re.Match[str]) -> str:
    number = match[0].replace(",", "")
    return cardinal(int(number)) if len(number) <= 6 and number[0] != "0" else digits(number)


def _short(match: re.Match[str]) -> str:
    # "St." may also end a sentence: its dot stays only when the sentence visibly ends.
    ends = match["dot"] and re.match(r"\s*$|\s+[A-Z]", match.string[match.end() :])
    return _SHORT[match["word"]] + ("." if ends else "")


_Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str] | str]
_SHORTS = "|".join(sorted(map(re.escape, set(_SHORT) - {"A/C", "A.I."}), key=len, reverse=True))
_AMOUNT = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d\d)?"
_PRICED = r"(?= (?:deposit|visit|fee|service|charge|estimate|repair)\b)"

_RULES: list[_Rule] = [
    (re.compile(r"https?://\S+"), "the link"),
    (re.compile(r"[*_#]+"), ""),
    (re.compile(r"[“”\"]"), ""),
    (re.compile(r"’"), "'"),
    (re.compile(r"\bA/C\b|\bA\.C\."), "A C"),
    (re.compile(r"\bA\.I\.(?=\s)|\bA\.I\b"), "A I"),
    (re.compile(r"\b\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}\b"), _card),
    (re.compile(r"(?<!\d)(?:\+?1[-. ]?)?\(?\d{3}\)?[-., ]{0,2}\d{3}[-., ]{0,2}\d{4}\b"), _phone),
    (re.compile(rf"\$(?P<low>{_AMOUNT})(?:{_DASH}|\s+to\s+)\$?(?P<high>{_AMOUNT})"), _money_range),
    (re.compile(rf"\$({_AMOUNT}){_PRICED}"), lambda match: _dollars(match[1])[:-1]),
    (re.compile(rf"\$({_AMOUNT})"), lambda match: _dollars(match[1])),
    (re.compile(r"\b911\b"), "nine one one"),
    (
        re.compile(
            rf"\b(?P<first>{_TIME})\s?(?P<first_half>[ap]\.?m\.?)?(?:{_DASH}|\s+(?:to|and)\s+)"
            rf"(?P<time>{_TIME})\s?{_HALF}",
            re.IGNORECASE,
        ),
        _time_range,
    ),
    (re.compile(rf"\b(?P<time>{_TIME})\s?{_HALF}", re.IGNORECASE), _time),
    (re.compile(rf"\b({_DAY}){_DASH}({_DAY})\b"), r"\1 to \2"),
    (re.compile(r"\b([NSEW])\.? (?=[A-Z][a-z]+ )"), lambda match: f"{_COMPASS[match[1]]} "),
    (re.compile(rf"\b(?P<word>{_SHORTS})\b(?P<dot>\.)?"), _short),
    (
        re.compile(rf"\b({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?\b"),
        lambda match: f"{match[1]} {ordinal(int(match[2]))}",
    ),
    (re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b"), lambda match: ordinal(int(match[1]))),
    (re.compile(r"(?<=code )\d+|(?<=code is )\d+", re.IGNORECASE), lambda match: digits(match[0])),
    (re.compile(r"\b\d{5}(?:-\d{4})?\b"), lambda match: digits(match[0])),
    (re.compile(rf"\b(?P<house>\d{{1,6}})(?= (?:[A-Z]\w* ){{1,3}}{_SUFFIX}\b)"), _house),
    (re.compile(r"\b20(\d\d)\b"), lambda match: f"twenty {cardinal(int(match[1]))}"),
    (re.compile(r"(\d)\s*%"), r"\1 percent"),
    (re.compile(r"(?<=\d)\s*[-–]\s*(?=\d)"), " to "),
    (re.compile(r"\d[\d,]*\d|\d"), _number),
    (re.compile(r"&"), " and "),
    (re.compile(r"\s+[-–—]+\s+|—"), ", "),
    (re.compile(r"(?<=\w)[-/](?=\w)"), " "),
    (re.compile(r"[()\[\]{}<>|\\@^~=+$%]"), " "),
]
