"""What is read back to a caller before a visit is booked, as one sentence made by code."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.domain.spoken.contact import read_back_phone

# The first, and what follows a correction: none is said twice in a call of ordinary length.
WORDINGS: Final = (
    "So that's {all}. Is that right?",
    "Thanks. I have {all} now. Did I get that right?",
    "Okay, {all}. Is that correct now?",
)
# The same with the terms of a window at its end: a yes books. All of it is the longest sentence of
# a call, and begins with the name.
WHOLE_BOOKING: Final = "{all}. Shall I book?"
BOOKING: Final = (
    "So it's {all}. Shall I book?",
    "Then it's {all}. Should I book that?",
    "Okay, {all}. Shall I go ahead and book it?",
)
# The same where the number may be texted, and no longer: the yes that books is one to texts, too.
WITH_TEXTS: Final = {
    "Shall I book?": "Book and text?",
    "Should I book that?": "Should I book that and text you?",
    "Shall I go ahead and book it?": "Shall I book it and text you?",
}
TERMS = "terms"
CALLED_OFF = "called_off"  # that a visit is to be canceled: the value is the job's id


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


def name_detail(name: str) -> Detail:
    return Detail("name", name, name)


def phone_detail(e164: str, caller: str | None) -> Detail:
    """The number they call from is named so; any other is read as three, three and four."""
    words = "the number you're calling from" if e164 == caller else read_back_phone(e164)
    return Detail("phone", e164, words)


def address_detail(value: str, words: str) -> Detail:
    return Detail("address", value, words)


def recitation(parts: Sequence[Detail], times: int, *, texts: bool = False) -> Recitation:
    """The sentence that asks whether `parts` are right, asked `times` before in this call; with
    `texts` and before a booking, whether they may be texted, too."""
    said = [part.words for part in parts]
    books = bool(parts) and parts[-1].name == TERMS
    ands = len(said) > 2 and not books  # the terms are a list themselves
    whole = f"{', '.join(said[:-1])}, and {said[-1]}" if ands else ", ".join(said)
    wordings = BOOKING if books else WORDINGS
    wording = wordings[min(times, len(wordings) - 1)]
    if books and times == 0 and parts[0].name == "name":
        wording = WHOLE_BOOKING
    if books and texts:
        before, _, question = wording.partition("{all}. ")
        wording = f"{before}{{all}}. {WITH_TEXTS[question]}"
    return Recitation(wording.format(all=whole), tuple(parts))


def consent_asked(sentence: str) -> str | None:
    """The question of a read-back whose yes is one to texts; None where it asks for none."""
    return next((asked for asked in WITH_TEXTS.values() if sentence.endswith(asked)), None)
