"""What is read back to a caller before a visit is booked, as one sentence made by code."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain.moments import CallMoment as M
from shared.domain.moments import Wordings
from shared.domain.moments.english import WITH_TEXTS
from shared.domain.spoken.contact import read_back_phone

TERMS = "terms"
# Words of one sentence: what is longer is asked in two, for nobody answers so much at once.
LONGEST = 25
CALLED_OFF = "called_off"  # that a visit is to be canceled: the value is the job's id

_QUESTION = 3  # words of "Book and text?"


@dataclass(frozen=True, slots=True)
class Detail:
    """One of name, phone, address and terms: its value as it will be booked (of terms the window's
    start, ISO 8601 in UTC), and the words it is said by in the sentence."""

    name: str
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Recitation:
    """A sentence that is read word for word, and what of the booking it says, in order."""

    sentence: str
    parts: tuple[Detail, ...] = ()

    @property
    def moment(self) -> M:
        """The one its answer is to."""
        return moment_of(self.parts[-1].name if self.parts else "")


def moment_of(part: str) -> M:
    """Where a part is answered; a move's terms as a booking's."""
    return {TERMS: M.TERMS, CALLED_OFF: M.CALL_OFF}.get(part, M.READ_BACK)


def name_detail(name: str) -> Detail:
    return Detail("name", name, name)


def phone_detail(e164: str, caller: str | None) -> Detail:
    """The number they call from is named so; any other is read as three, three and four."""
    words = "the number you're calling from" if e164 == caller else read_back_phone(e164)
    return Detail("phone", e164, words)


def address_detail(value: str, words: str) -> Detail:
    return Detail("address", value, words)


def apart(parts: list[Detail]) -> list[Detail]:
    """What of `parts` is asked first: all of them; without the terms where that is too long."""
    *details, last = parts
    words = sum(len(part.words.split()) for part in parts)
    too_long = words + _QUESTION > LONGEST
    return details if details and last.name == TERMS and too_long else parts


def recitation(parts: Sequence[Detail], wordings: Wordings, *, texts: bool = False) -> Recitation:
    """The sentence that asks whether `parts` are right; with `texts` and before a booking, whether
    they may be texted, too."""
    said = [part.words for part in parts]
    books = bool(parts) and parts[-1].name == TERMS
    ands = len(said) > 2 and not books  # the terms are a list themselves
    whole = f"{', '.join(said[:-1])}, and {said[-1]}" if ands else ", ".join(said)
    sentence = wordings.next(M.TERMS if books else M.READ_BACK, all=whole)
    if books and parts[0].name == "name":
        # All of it is the longest sentence of a call, and begins with the name.
        sentence = sentence[sentence.index(whole) :]
    if books and texts:
        before, _, question = sentence.rpartition(". ")
        sentence = f"{before}. {WITH_TEXTS[question]}"
    return Recitation(sentence, tuple(parts))


def consent_asked(sentence: str) -> str | None:
    """The question of a read-back whose yes is one to texts; None where it asks for none."""
    return next((asked for asked in WITH_TEXTS.values() if sentence.endswith(asked)), None)
