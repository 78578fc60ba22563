"""What was read back to the caller, and what they made of it.

confirm_details has name, phone and address read word for word, and before a booking its terms too,
so the bridge knows which of them were heard, to the word, and which answer is to them: no words of
the model's own are read for it. A booking goes through once its name, phone, address and terms were
read back and answered; what is kept as confirmed was answered with a yes. A plain no takes all of
it back, and what is then corrected is read back alone: a yes to that is one to the rest as well.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from services.media_bridge.core.hearing.assent import answer_to
from shared.domain.errors import BadContact
from shared.domain.moments import MOMENTS, CallMoment, Leads, ReadAs
from shared.domain.read_back import CALLED_OFF, TERMS, Detail, Recitation, moment_of
from shared.domain.spoken.addresses.address import parse
from shared.domain.spoken.phone import number_in
from shared.schema import ToolName

MOST_REFUSALS = 3
# What a booking rests on -> the argument that holds it, of book_appointment or confirm_details.
BOOKED_WITH: Mapping[str, tuple[str, ...]] = {
    "name": ("customer_name", "name"),
    "phone": ("phone",),
    "address": ("address",),
    TERMS: ("scheduled_time",),
    CALLED_OFF: ("job_id",),
}
# What is read and answered before each of these tools does it.
ASKED_FIRST: Mapping[str, tuple[str, ...]] = {
    ToolName.BOOK_APPOINTMENT: ("name", "phone", "address", TERMS),
    ToolName.RESCHEDULE_APPOINTMENT: (TERMS,),
    ToolName.CANCEL_APPOINTMENT: (CALLED_OFF,),
}
ASKING = (
    "Not done yet. The caller is being asked whether to do it so. Say nothing until they have "
    "answered. Then call this again, with what they corrected."
)
ANSWER_FIRST = "Not done yet. Let the caller answer what was read back, then call again."
_WORD = re.compile(r"[^\W_]+")


@dataclass(slots=True)
class _Said:
    """What was heard of one item of the agent's; `sentence` where it was read word for word."""

    text: str
    response_id: str
    sentence: str | None = None


@dataclass(slots=True)
class _Read:
    """One part of a booking that was read back."""

    part: Detail
    heard: bool = False
    turn: bool = False  # the caller had a turn since, with or without words
    answered: bool = False  # the caller had words to it, whatever they were
    yes: bool | None = None  # confirmed or taken back; None: neither as yet


class ReadBack:
    """What the agent has said in this call, and which of a booking the caller has answered."""

    def __init__(self) -> None:
        # What the agent said and the caller heard, by item, in the order in which it came.
        self._said: dict[str, _Said] = {}
        # Utterances that are over and whose words are awaited -> the agent's items they answer.
        self._answers: dict[str, list[_Said]] = {}
        # Sentences that read back parts of a booking.
        self._recitations: dict[str, Recitation] = {}
        # The moments that sentences of code's are of.
        self._moments: dict[str, CallMoment] = {}
        # The one that was begun last.
        self.newest: CallMoment | None = None
        # The newest reading of each part, by its name.
        self._read: dict[str, _Read] = {}
        # How often a booking was refused for want of each.
        self._refused: Counter[str] = Counter()

    # -- what is said ------------------------------------------------------------------------

    def agent_said(
        self, item_id: str, text: str, response_id: str = "", sentence: str | None = None
    ) -> None:
        """The words the caller heard of an item; said again when it turns out to be fewer."""
        known = self._said.get(item_id)
        if known is None:
            self._said[item_id] = known = _Said(text, response_id, sentence)
        known.text = text
        recitation = self._recitations.get(sentence or "")
        for part in recitation.parts if recitation else ():
            read = self._read.get(part.name)
            if read is not None and read.part is part:
                read.heard = part.words in text

    def recited(self, recitation: Recitation) -> None:
        """These parts are being read back; what was heard of them before counts no more."""
        self._recitations[recitation.sentence] = recitation
        for part in recitation.parts:
            self._read[part.name] = _Read(part)

    def is_of(self, sentence: str, moment: CallMoment) -> None:
        """This sentence is going to be read: an answer to it is one to the moment."""
        self._moments[sentence] = self.newest = moment

    # -- what the caller answers -------------------------------------------------------------

    def caller_stopped(self, utterance: str) -> None:
        """An utterance is over: it answers the agent's last response until now.

        Its words come later, and a reply whose own words come before them is not what it answers.
        """
        self._answers[utterance] = said = self._last_response()
        recitations = [self._recitations.get(one.sentence or "") for one in said]
        for part in (part for one in recitations if one for part in one.parts):
            if self._is_newest(part):
                self._read[part.name].turn = True

    def asked(self, utterance: str) -> str:
        """The agent's words that an utterance answers; ask before `caller_said` lets go of it."""
        said = self._answers.get(utterance, self._last_response())
        return " ".join(one.text for one in said)

    def asked_about_danger(self, utterance: str) -> bool:
        """Whether an utterance answers a question of code's about danger: all of it was heard, for
        half of one is not answered. Ask before `caller_said` lets go of it."""
        said = self._answers.get(utterance, self._last_response())
        whole = [self._moments.get(one.sentence or "") for one in said if one.text == one.sentence]
        return any(moment and MOMENTS[moment].answer is ReadAs.DANGER for moment in whole)

    def caller_said(self, utterance: str, text: str) -> None:
        """The words of an utterance, "" when they could not be had: these answer nothing."""
        answered = self._answers.pop(utterance, None)
        if answered is None:
            answered = self._last_response()
        read = next((said.sentence for said in answered if said.sentence in self._recitations), "")
        if read and _WORD.search(text):
            self._decide(self._recitations[read], answered[-1].text, text)

    def _decide(self, recitation: Recitation, heard: str, text: str) -> None:
        """Confirm what was read back, take it back, or leave it as it is."""
        go_ahead = MOMENTS[recitation.moment].answer is ReadAs.GO_AHEAD
        answer = answer_to(heard, text, go_ahead=go_ahead)
        read = [self._read[part.name] for part in recitation.parts if self._is_newest(part)]
        for one in read:
            one.answered = one.answered or one.heard
            one.yes = answer if one.heard else one.yes
        if answer:
            # What was not read again was not corrected: the yes is one to it, too.
            for one in self._read.values():
                one.yes = True if one.answered else one.yes

    def _is_newest(self, part: Detail) -> bool:
        return part.name in self._read and self._read[part.name].part is part

    def _last_response(self) -> list[_Said]:
        """The newest items that were heard: all of one response, or one without."""
        heard = [said for said in self._said.values() if said.text]
        if not heard or not heard[-1].response_id:
            return heard[-1:]
        return [said for said in heard if said.response_id == heard[-1].response_id]

    # -- what may be booked ------------------------------------------------------------------

    def settled(self, given: Mapping[str, object] | None) -> tuple[str, ...]:
        """What of confirm_details' arguments need not be read again: it was heard and answered,
        and if the answer was a no, then another part is corrected now."""
        same = {name for name, read in self._read.items() if read.answered and _is(read, given)}
        told = [read for name, read in self._read.items() if _text(given, name)]
        corrected = any(not _is(read, given) for read in told)
        return tuple(
            name for name in self._read if name in same and (self._read[name].yes or corrected)
        )

    def missing(self, tool: str, booking: Mapping[str, object] | None) -> list[str]:
        """What of a booking, a move or a cancellation was not read and answered as it is to be.

        What was heard as it is to be booked, and refused for it three times, is let through
        unconfirmed: its answer cannot be understood. What they said no to never is.
        """
        given = [name for name in ASKED_FIRST.get(tool, ()) if _text(booking, name)]
        return [
            name
            for name in given
            if not self._stands(name, booking) and not self._was_asked_enough(name, booking)
        ]

    def _was_asked_enough(self, name: str, booking: Mapping[str, object] | None) -> bool:
        read = self._read.get(name)
        heard = read is not None and read.heard and read.yes is None and _is(read, booking)
        return heard and self._refused[name] >= MOST_REFUSALS

    def waits(self, missing: list[str], booking: Mapping[str, object] | None) -> bool:
        """All that is missing is being read back, and the caller had no turn since."""
        read = [self._read.get(name) for name in missing]
        return all(one is not None and not one.turn and _is(one, booking) for one in read)

    def refusal(self, missing: list[str], *, waits: bool) -> str:
        """The tool's answer when booking has to wait, as JSON: `error`, `missing`, `message`."""
        self._refused.update(missing)
        message = ANSWER_FIRST if waits else ASKING
        return json.dumps({"error": "read_back_first", "missing": missing, "message": message})

    def confirmed(self, tool: str, booking: Mapping[str, object] | None) -> tuple[str, ...]:
        """What was read back as it is to be done, and answered with a yes."""
        return tuple(
            name
            for name in ASKED_FIRST[tool]
            if self._stands(name, booking) and self._read[name].yes
        )

    def _stands(self, name: str, booking: Mapping[str, object] | None) -> bool:
        """It was read back and answered; terms with a yes, which is what books."""
        read = self._read.get(name)
        if read is None or not read.answered or not _is(read, booking):
            return False
        if MOMENTS[moment_of(name)].other is Leads.NOT_DONE:
            return read.yes is True
        return read.yes is not False


def _is(read: _Read, given: Mapping[str, object] | None) -> bool:
    """Whether the tool was given this very value, however it spells it."""
    value = _text(given, read.part.name)
    match read.part.name:
        case "phone":
            return _same_phone(read.part, value)
        case "address":
            return _same_address(read.part.value, value)
        case "called_off":
            return value == read.part.value
        case "terms":
            return _same_time(read.part.value, value)
        case _:
            return set(_words(value)) == set(_words(read.part.value))


def _text(given: Mapping[str, object] | None, name: str) -> str:
    values = [(given or {}).get(argument) for argument in BOOKED_WITH[name]]
    return next((value for value in values if isinstance(value, str)), "")


def _same_time(read: str, given: str) -> bool:
    with suppress(ValueError):
        at = datetime.fromisoformat(given)
        return at.tzinfo is not None and at == datetime.fromisoformat(read)
    return False


def _same_phone(part: Detail, given: str) -> bool:
    with suppress(BadContact):
        said = number_in(given).digits[-10:]  # without its extension
        if len(said) >= 7:
            return part.value.endswith(said)
    # "This number": the one they call from, where that is what was read.
    return not any(c.isdigit() for c in part.words) and not any(c.isdigit() for c in given)


def _same_address(read: str, given: str) -> bool:
    """The same house and street; a city or a ZIP more or less makes it no other place, another
    one does."""
    with suppress(BadContact):
        one, other = parse(read), parse(given)
        house = (one.number, str(one.street), one.unit)
        return (
            house == (other.number, str(other.street), other.unit)
            and _may_be_one(_letters(one.city), _letters(other.city))
            and _may_be_one(one.zip, other.zip)
        )
    return _words(read) == _words(given)


def _may_be_one(one: str, other: str) -> bool:
    return not one or not other or one == other


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text)).casefold()


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
