"""What an answer to each question means. A function for each: False when it does not answer."""

import re
from collections.abc import Callable

from services.simulator.receptionist.answering import existing, replies, wording
from services.simulator.receptionist.briefing import Briefing
from services.simulator.receptionist.hearing import intent, windows
from services.simulator.receptionist.hearing.address import SpokenAddress, address, corrected
from services.simulator.receptionist.hearing.numbers import digits
from services.simulator.receptionist.hearing.phone import phone
from services.simulator.receptionist.notes import Ask, Notes

MOST_READ_BACKS = 4
_OWN_NUMBER = re.compile(
    r"\b(?:this number|the number|same number|one) (?:i'm|i am) calling|\bcalling from\b"
    r"|\bthis number\b|\bsame number\b|\bcaller i ?d\b",
    re.IGNORECASE,
)
_NO_VISIT = re.compile(r"\b(?:gas company|fire department|utility|call 911|calling 911)\b", re.I)
_NO_MESSAGE = re.compile(r"^\W*(?:no|nope)\b\W*(?:thanks?\b|that's\b|never mind|goodbye|$)", re.I)
_BUT = re.compile(r"\b(?:but|except|only|not|it's|actually)\b|\d", re.IGNORECASE)
HELLO = re.compile(
    r"^\W*(?:hello|hi|hey|good (?:morning|evening|afternoon))[\s,.!?a-z]{0,12}$", re.I
)


def problem(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    if HELLO.search(text):
        return False
    notes.description = text.strip()
    if (change := intent.change(text)) is not None and notes.booking is None:
        notes.change, notes.danger = change, False
        said.append("Sure.")
        return True
    notes.urgent = notes.urgent or intent.is_urgent(text)
    said.append("Sure." if intent.asks_price(text) else "Got it.")
    return True


def _danger(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    found = intent.danger(text, asked=True)
    if found is None:
        return False
    if found:
        notes.danger = True
        if not notes.guided:
            notes.guided = True
            said.append(wording.GUIDANCE)
        return True
    notes.danger = False
    said.append("Good.")
    return True


def _safe(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    is_safe = intent.safe(text)
    if is_safe:
        notes.safe = True
        said.append("I'm glad you're safe.")
        return True
    if is_safe is False:
        said.append(wording.GUIDANCE)
    return False


def _visit(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    agreed = intent.yes(text)
    if agreed is None and not _NO_VISIT.search(text):
        return False
    notes.wants_visit = bool(agreed) and not _NO_VISIT.search(text)
    if not notes.wants_visit:
        notes.wants_time = False
        said.append("All right. Please stay outside until they say it's safe.")
    return True


def _name(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    found = intent.name(text)
    if found is None:
        return False
    notes.name = found
    notes.phone = phone(text) or notes.phone
    said.append(f"Thanks, {found}.")
    return True


def _phone(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    found = phone(text) or phone(notes.phone_part + digits(text))
    agreed = intent.yes(text)
    if found is None and wording.offers_own_number(notes, briefing) and agreed is not None:
        notes.own_number_refused = not agreed
        if agreed:
            notes.phone, notes.phone_ok = briefing.caller, True  # it was read out with the question
            said.append("Great.")
        return True
    if found is None and _OWN_NUMBER.search(text):
        found = briefing.caller
    if found is None:
        notes.phone_part = digits(text)
        if notes.phone_part or notes.tries:
            said.append(wording.TEN_DIGITS)
        return False
    notes.phone, notes.phone_part = found, ""
    return True


def _phone_ok(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    again = phone(text)
    if again is not None and again != notes.phone:
        notes.phone = again
        notes.read_backs += 1
    elif (agreed := intent.yes(text)) or (again is not None and agreed is not False):
        notes.phone_ok = True
        notes.read_backs = 0
        said.append("Great.")
    elif agreed is False:
        part = digits(text)
        notes.read_backs += 1
        if len(part) == 4 and notes.phone:
            notes.phone = notes.phone[:6] + part
        else:
            notes.phone = None
            said.append("Sorry about that.")
    else:
        return False
    if notes.read_backs >= MOST_READ_BACKS and notes.phone:
        notes.phone_ok = True  # taken as heard; the office calls the number on the display
    return True


def _address(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    before = notes.address
    new = address(text)
    notes.address = corrected(before, text) if before != SpokenAddress() else new
    if notes.address.complete:
        return True
    if not notes.address.number and not re.search(r"\d", str(new)) and not new.street:
        notes.address = before
        return False
    return notes.address != before


def _address_ok(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    agreed = intent.yes(text)
    if agreed and not re.search(r"\bbut\b|\bexcept\b", text, re.IGNORECASE):
        notes.address_ok = True
        said.append("Thank you.")
        return True
    fixed = corrected(notes.address, text)
    notes.read_backs += 1
    if fixed != notes.address:
        notes.address = fixed
        said.append("Thanks for correcting me." if agreed is False else "Thanks.")
        return True
    if agreed is False:
        said.append("Sorry about that. Which part is wrong?")
    notes.address_ok = notes.read_backs >= MOST_READ_BACKS
    return notes.address_ok


def _details_ok(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    """A yes is to all of it; whatever is put right is read back again."""
    agreed = intent.yes(text)
    if notes.change is not None and agreed is not None:
        if not agreed:
            notes.changed = True  # it stays, and so it is
            said.append(existing.LEFT_AS_IT_IS)
        return True
    number, place = phone(text), corrected(notes.address, text)
    if agreed and number is None and not _BUT.search(text):
        place = notes.address  # "That's fine." is no town
    if number not in (None, notes.phone):
        notes.phone, notes.phone_ok = number, False
    elif place != notes.address:
        notes.address, notes.address_ok = place, False
    elif agreed:
        notes.phone_ok = notes.address_ok = True
        said.append("Great.")
        return True
    elif agreed is False:
        said.append("Sorry about that. Which part is wrong?")
        return True
    else:
        return False
    notes.read_backs += 1
    said.append("Thanks for correcting me.")
    return True


def _find_time(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    agreed = intent.yes(text)
    day = windows.asked_day(text, notes.today or briefing.today)
    notes.urgent = notes.urgent or intent.is_urgent(text)
    if agreed is None and day is None:
        return False
    notes.wants_time = agreed is not False
    if notes.wants_time and windows.names_time(text, notes.today or briefing.today):
        notes.wish = text.strip()
    if notes.wants_time and day is not None and day != (notes.today or briefing.today):
        notes.preferred_date = day.isoformat()
    if not notes.wants_time:
        said.append("No problem.")
    return True


def _when(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    notes.wish = text.strip()
    return bool(notes.wish)


def _window(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    shown = wording.offered(notes)
    others = [slot for slot in notes.slots or [] if slot not in shown]
    slot = windows.choose(text, shown, others, notes.today or briefing.today)
    if slot is None and len(shown) == 1 and intent.yes(text):
        slot = shown[0]
    if slot is not None:
        replies.choose(slot, notes)
        return True
    today = notes.today or briefing.today
    if windows.names_time(text, today) and text.strip() != notes.wish:
        day = windows.asked_day(text, today)
        notes.preferred_date = day.isoformat() if day else notes.preferred_date
        notes.wish, notes.slots, notes.offered_from = text.strip(), None, 0
        return True
    if windows.refuses(text) or intent.yes(text) is False:
        return _next_offer(notes, said)
    return False


def _next_offer(notes: Notes, said: list[str]) -> bool:
    if notes.offered_from + 2 < len(notes.slots or []):
        notes.offered_from += 2
        said.append("No problem.")
        return True
    notes.wants_message = True
    said.append(
        "Those are all the openings I have. I'll take a message, and the office calls you back."
    )
    return True


def _price_ok(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    agreed = intent.yes(text)
    if agreed is None:
        return _window(text, notes, briefing, said)
    if agreed:
        notes.agreed = True
        estimate = (notes.chosen or {}).get("total_estimate")
        if isinstance(estimate, int | float):
            notes.estimate = estimate
        return True
    notes.chosen = None
    said.append("No problem.")
    return True


def _notes(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    flat = re.sub(r"^\W*(?:no|nope|nah|yes|yeah|sure|okay|well)\b[\s,.]*", "", text, flags=re.I)
    nothing = re.search(
        r"^(?:\W*|nothing\b.*|that's (?:all|it)\b.*|none\b.*|not really\b.*)$", flat, re.I
    )
    if nothing:
        notes.extras = []
        return True
    notes.extras = [part.strip() for part in re.split(r"(?<=[.!?])\s+", flat) if part.strip()]
    said.append("Thanks, noted.")
    return True


def _message(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    if _NO_MESSAGE.search(text):
        notes.wants_message = notes.wants_time = False
        said.append("No problem.")
    elif len(text.split()) > 2 or not intent.yes(text):
        notes.message = text.strip()
    return True


BY_QUESTION: dict[Ask, Callable[[str, Notes, Briefing, list[str]], bool]] = {
    Ask.PROBLEM: problem,
    Ask.DANGER: _danger,
    Ask.SAFE: _safe,
    Ask.VISIT: _visit,
    Ask.NAME: _name,
    Ask.PHONE: _phone,
    Ask.PHONE_OK: _phone_ok,
    Ask.ADDRESS: _address,
    Ask.ADDRESS_OK: _address_ok,
    Ask.DETAILS_OK: _details_ok,
    Ask.BOOKED_UNDER: existing.booked_under,
    Ask.CODE: existing.code,
    Ask.WHEN: _when,
    Ask.FIND_TIME: _find_time,
    Ask.WINDOW: _window,
    Ask.PRICE_OK: _price_ok,
    Ask.NOTES: _notes,
    Ask.MESSAGE: _message,
}
