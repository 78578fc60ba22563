"""Nothing is booked that was not read back: the agent's own words, each answered with a yes.

A model may forget its instructions; this does not. The answer is what the caller's words were to
the agent's last response before them: until those words are known, and where they are no plain yes,
the read-back stays open. Where the words of the agent are not known at all (transcription is off)
it lets everything pass, unconfirmed: booking must stay possible.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from services.media_bridge.core.hearing.assent import is_yes, other_digits
from shared.domain.errors import BadContact
from shared.domain.spoken import digits
from shared.domain.spoken.addresses.address import parse
from shared.domain.spoken.addresses.figures import in_figures
from shared.domain.spoken.phone import number_in

MOST_REFUSALS = 3

_NOTES = re.compile(
    r"\b(notes?|gates?|pets?|dogs?|codes?|access|parking|"
    r"anything (?:else|we|i|the \w+|they|to know))\b",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"\b(wrong|incorrect|(?:not|isn't) (?:right|correct|quite|it))\b", re.IGNORECASE
)
_NO = re.compile(r"^\W*(?:no|nope|nah|negative|actually)\b", re.IGNORECASE)
_YES = re.compile(
    r"\b(yes|yeah|yep|correct|perfect|(?:that's|is) right|exactly|problem)\b", re.IGNORECASE
)
_ASKS_IF_RIGHT = re.compile(
    r"\b(right|correct|confirm|did i get|have that|got that|sound good|is that)\b[^.]*\?\s*$",
    re.IGNORECASE,
)
# After a word of four letters or digits: "St." and "Mr." end no sentence.
_SENTENCE_END = re.compile(r"(?<=[A-Za-z0-9]{4}[.!?])\s+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_PLAIN_WORDS = """
n s e w ne nw se sw north south east west st street ave avenue rd road dr drive ln lane blvd
boulevard ct court pl place way cir circle pkwy parkway hwy highway ter terrace trl trail sq square
apt unit ste suite
"""
# Directions and kinds of street: no name that could be read back.
_PLAIN = frozenset(_PLAIN_WORDS.split())
_ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th",
    "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th",
}  # fmt: skip
_ASK = {
    "phone": "Read the phone number back digit by digit (three, three, four) and wait for a yes.",
    "address": "Read the service address back, house number and street, and wait for a yes.",
    "notes": "Ask what the technician should know, such as a gate code or pets.",
}


@dataclass(slots=True)
class _Said:
    """What was heard of one item of the agent's, and what the caller made of it."""

    text: str
    response_id: str
    answered: bool = False  # the caller had words to it, whatever they were
    yes: bool | None = None  # confirmed or taken back; None: neither as yet
    confirmed: str = ""  # the words that the yes was to


class ReadBack:
    """What the agent has said in this call, and which of it the caller answered with a yes."""

    def __init__(self) -> None:
        # What the agent said and the caller heard, by item, in the order in which it came.
        self._said: dict[str, _Said] = {}
        # Utterances that are over and whose words are awaited -> the agent's items they answer.
        self._answers: dict[str, list[_Said]] = {}
        # How often a booking was refused for want of "phone", "address" or "notes".
        self._refused: Counter[str] = Counter()

    def agent_said(self, item_id: str, text: str, response_id: str = "") -> None:
        """The words the caller heard of an item; said again when it turns out to be fewer."""
        known = self._said.get(item_id)
        if known is None:
            self._said[item_id] = _Said(text, response_id)
        else:
            known.text = text

    def caller_stopped(self, utterance: str) -> None:
        """An utterance is over: it answers the agent's last response until now.

        Its words come later, and a reply whose own words come before them is not what it answers.
        """
        self._answers[utterance] = self._last_response()

    def asked(self, utterance: str) -> str:
        """The agent's words that an utterance answers; ask before `caller_said` lets go of it."""
        return _joined(self._answers.get(utterance, self._last_response()))

    def caller_said(self, utterance: str, text: str) -> None:
        """The words of an utterance, "" when they could not be had: these answer nothing."""
        answered = self._answers.pop(utterance, None)
        if answered is None:
            answered = self._last_response()
        if _WORD.search(text):
            self._decide(answered, text)

    def _decide(self, answered: list[_Said], text: str) -> None:
        """Confirm what was said, take it back, or leave it as it is."""
        read = _joined(answered)
        asks = _ASKS_IF_RIGHT.search(read) is not None
        no = _WRONG.search(text) or (asks and _NO.search(text) and not _YES.search(text))
        taken_back = bool(no or (asks and digits.runs(read) and other_digits(text, read)))
        for said in answered:
            said.answered = True
            said.yes = False if taken_back else said.yes
        if answered and answered[-1].yes is None and is_yes(text, read):
            answered[-1].yes, answered[-1].confirmed = True, _asked_about(read)

    def _last_response(self) -> list[_Said]:
        """The newest items that were heard: all of one response, or one without."""
        heard = [said for said in self._said.values() if said.text]
        if not heard or not heard[-1].response_id:
            return heard[-1:]
        return [said for said in heard if said.response_id == heard[-1].response_id]

    def refusal(self, booking: Mapping[str, object] | None) -> str | None:
        """The tool's answer when booking has to wait, as JSON; None when it may go on.

        Its keys: `error`, `missing` (of phone, address and notes) and `message`. `booking` is
        what the model gave to the tool; None when that was no JSON object.
        """
        if booking is None or not self._said:
            return None
        missing = [name for name in self._missing(booking) if self._refused[name] < MOST_REFUSALS]
        if not missing:
            return None
        self._refused.update(missing)
        asks = " ".join(_ASK[name] for name in missing)
        message = f"Not booked yet. {asks} Then call again."
        return json.dumps({"error": "read_back_first", "missing": missing, "message": message})

    def confirmed(self, booking: Mapping[str, object] | None) -> tuple[str, ...]:
        """Which of phone and address were read back and answered with a yes.

        The name goes with them when it was said and not denied: nothing is kept as confirmed of it.
        """
        if booking is None:
            return ()
        heard = {
            "name": self._stands(lambda text: _names(text, _text(booking, "customer_name"))),
            "phone": self._is_yes(lambda text: _gives_phone(text, _text(booking, "phone"))),
            "address": self._is_yes(lambda text: _gives_address(text, _text(booking, "address"))),
        }
        return tuple(name for name, yes in heard.items() if yes)

    def _missing(self, booking: Mapping[str, object]) -> list[str]:
        confirmed = self.confirmed(booking)
        given = [name for name in ("phone", "address") if _text(booking, name)]
        missing = [name for name in given if name not in confirmed]
        asked = any(said.answered and _NOTES.search(said.text) for said in self._said.values())
        if not booking.get("notes") and not asked:
            missing.append("notes")
        return missing

    def _stands(self, gives: Callable[[str], bool]) -> bool:
        said = next((said for said in reversed(self._said.values()) if gives(said.text)), None)
        return said is not None and said.answered and said.yes is not False

    def _is_yes(self, gives: Callable[[str], bool]) -> bool:
        """The newest saying that was decided, or asked about, counts.

        A number read back and denied is not confirmed by an older yes, and neither is one that
        was asked about again; one that was only mentioned in passing stays as it was.
        """
        for said in reversed(self._said.values()):
            if said.yes and gives(said.confirmed):
                return True
            decided = said.yes is False or _ASKS_IF_RIGHT.search(said.text)
            if decided and gives(said.text):
                return False
        return False


def _joined(items: list[_Said]) -> str:
    return " ".join(said.text for said in items)


def _asked_about(read: str) -> str:
    """What a yes to `read` confirms: all of it, unless it ends by asking something else.

    "I have 555, 123, 0000. Shall I find you a time?" asks about the time alone.
    """
    if not read.rstrip().endswith("?") or _ASKS_IF_RIGHT.search(read):
        return read
    return _SENTENCE_END.split(read)[-1]


def _text(booking: Mapping[str, object], name: str) -> str:
    value = booking.get(name)
    return value if isinstance(value, str) else ""


def _words(text: str) -> list[str]:
    return [_ORDINALS.get(word.lower(), word.lower()) for word in _WORD.findall(text)]


def _names(text: str, name: str) -> bool:
    wanted = set(_words(name))
    return bool(wanted) and wanted <= set(_words(text))


def _gives_phone(text: str, phone: str) -> bool:
    try:
        wanted = number_in(phone).digits[-10:]  # without its extension
    except BadContact:
        return False
    said = "".join(digits.joined(run) for run in digits.runs(text))
    return len(wanted) >= 7 and wanted in said


def _gives_address(text: str, address: str) -> bool:
    """House number and a word of the street's name, in any spelling of numbers."""
    line, number = _line(address)
    street = [word for word in line if word not in _PLAIN] or line
    said = {digits.joined(run) for run in digits.runs(text)} | set(_words(text))
    if not line and not number:
        return False
    named = not street or any(word in said or _spoken(word) & said for word in street)
    return named and (not number or _gives_house(text, number, said))


def _line(address: str) -> tuple[list[str], str]:
    """The words of the street, and the house number, which a unit may come before."""
    try:
        place = parse(address)
    except BadContact:
        line = _words(address.partition(",")[0])
        number = next((word for word in line if word[0].isdigit()), "")
        return [word for word in line if word != number], number
    return _words(str(place.street)), place.number


def _gives_house(text: str, number: str, said: set[str]) -> bool:
    """Whether `text` has that house number: half a number more is another house."""
    with suppress(BadContact):
        if re.search(rf"(?<![\w/-]){re.escape(number)}(?![\w/-])", in_figures(text), re.IGNORECASE):
            return True
    if "/" in number:
        return False
    house = "".join(c for c in number if c.isascii() and c.isdigit())
    # "N6W23001" is read back as "N6 W23001" too.
    spaced = number[0].isalpha() and _unspaced(number) in _unspaced(text)
    return house in said or number.lower() in said or spaced


def _unspaced(text: str) -> str:
    return "".join(text.lower().split())


def _spoken(word: str) -> set[str]:
    """A numbered street ("42nd") may be written with or without its ending."""
    return {"".join(c for c in word if c.isdigit())} if word[0].isdigit() else set()
