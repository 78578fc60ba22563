"""What the caller's answer means: into the notes it goes, by the question that was open."""

import re

from services.simulator.receptionist.answering import questions, replies, steps, wording
from services.simulator.receptionist.briefing import Briefing
from services.simulator.receptionist.hearing import intent, windows
from services.simulator.receptionist.hearing.address import corrected
from services.simulator.receptionist.hearing.phone import phone
from services.simulator.receptionist.notes import Act, Ask, Notes, Say, Use

MOST_TRIES = 3
_ON_PHONE = (Ask.PHONE, Ask.PHONE_OK, Ask.NAME)
_ADDRESS = re.compile(r"\b(?:address|house number)\b[^.?!]*\b(?:is|it's|should be)\b", re.I)
_INSTEAD = re.compile(r"\b(?:actually|instead|rather|make it|change)\b", re.IGNORECASE)
_MESSAGE = re.compile(r"\b(?:leave|take|pass on) (?:a|my) message\b", re.IGNORECASE)


def take(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> list[Act]:
    """Take in what the caller said; return what to do at once, or else nothing."""
    if notes.said_goodbye and not intent.is_noise(text):
        return _after_goodbye(text, notes, said)
    if intent.is_noise(text):
        return _not_caught(notes, briefing, said)
    if notes.asked is Ask.SAFE and intent.safe(text) is False and notes.tries:
        said.append(wording.GUIDANCE)
        return steps.hand_over(notes, briefing, "The caller is in danger.", said)
    at_once = _whatever_was_asked(text, notes, briefing, said)
    if at_once is not None:
        return at_once
    if notes.pending or notes.asked is None:
        return _unasked(text, notes, said)
    if notes.asked is Ask.ELSE:
        return _anything_else(text, notes, briefing, said)
    understood = questions.BY_QUESTION[notes.asked](text, notes, briefing, said)
    if understood:
        notes.tries = 0
        return []
    return _not_caught(notes, briefing, said)


def _whatever_was_asked(
    text: str, notes: Notes, briefing: Briefing, said: list[str]
) -> list[Act] | None:
    """Return what is due whatever the open question was; None when the words only answer it."""
    if intent.reads_card(text):
        return _asked_again(notes, briefing, said, wording.NO_CARDS)
    if not notes.danger and notes.asked is not Ask.DANGER and intent.danger(text, asked=False):
        return _in_danger(text, notes, briefing, said)
    if notes.asked is Ask.MESSAGE:
        return None  # whatever else is in it is for the office
    if intent.wants_person(text):
        return steps.hand_over(notes, briefing, "The caller asked for a person.", said, text)
    if intent.asks_where(text):
        reason = "The caller asks where the technician is."
        return steps.hand_over(notes, briefing, reason, said, text)
    if intent.asks_for_a_robot(text):
        business = f" for {briefing.business}" if briefing.business else ""
        return _asked_again(notes, briefing, said, f"I'm an AI assistant{business}.")
    if intent.wants_it_again(text):
        return _said_again(notes, briefing, said)
    if _MESSAGE.search(text):
        notes.wants_message = True
        notes.description = notes.description or text
        notes.danger = bool(notes.danger)
        return steps.go_on(notes, briefing, said)
    if _corrects(text, notes, briefing, said):
        return steps.go_on(notes, briefing, said)
    if intent.says_goodbye(text) and notes.asked is not Ask.NOTES:
        return steps.farewell(notes, briefing)
    if intent.wants_only_price(text) and notes.quote is None:
        notes.price_only = True
        if notes.asked not in (None, Ask.PROBLEM):
            said.append("Sure.")
            return steps.go_on(notes, briefing, said)
    return None


def _corrects(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    """Tell whether the caller came back to something settled; it is then read back anew."""
    number = phone(text)
    if notes.phone_ok and number not in (None, notes.phone) and notes.asked not in _ON_PHONE:
        notes.phone, notes.phone_ok = number, False
    elif notes.address_ok and _ADDRESS.search(text) and notes.asked is not Ask.ADDRESS_OK:
        fixed = corrected(notes.address, text)
        if fixed == notes.address:
            return False
        notes.address, notes.address_ok = fixed, False
    elif notes.chosen is not None and notes.booking is None and _INSTEAD.search(text):
        today = notes.today or briefing.today
        slot = windows.choose(text, wording.offered(notes), notes.slots or [], today)
        if slot is None or slot == notes.chosen:
            return False
        replies.choose(slot, notes)
    else:
        return False
    said.append("Thanks for correcting me.")
    return True


def _in_danger(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> list[Act]:
    """Say the guidance, unless code has had it played; nothing else before they are safe."""
    notes.danger = True
    notes.description = notes.description or text.strip()
    if not notes.guided:
        notes.guided = True
        said.append(wording.GUIDANCE)
    return steps.ask(Ask.SAFE, notes, briefing, said)


def _after_goodbye(text: str, notes: Notes, said: list[str]) -> list[Act]:
    """Go on talking when the caller does; a goodbye, a thank you or a no needs no answer."""
    polite = intent.says_goodbye(text) or re.search(r"\bthank|\bbye\b|that's all", text, re.I)
    if polite or intent.yes(text) is not None or intent.is_noise(text):
        return []
    notes.said_goodbye = False
    notes.asked = Ask.ELSE
    said.append("Of course.")
    return []


def _not_caught(notes: Notes, briefing: Briefing, said: list[str]) -> list[Act]:
    notes.tries += 1
    if notes.tries > MOST_TRIES and notes.asked is not None:
        return steps.hand_over(notes, briefing, "The caller could not be understood.", said)
    if not said and not notes.cut_off:
        said.append(wording.NOT_CAUGHT)
    return _open_question(notes, briefing, said)


def _asked_again(notes: Notes, briefing: Briefing, said: list[str], first: str) -> list[Act]:
    said.append(first)
    return _open_question(notes, briefing, said)


def _said_again(notes: Notes, briefing: Briefing, said: list[str]) -> list[Act]:
    """Say the open question in other words, with the figures it was about."""
    said.append("Sure.")
    notes.tries = max(notes.tries, 1)
    if notes.asked is Ask.FIND_TIME and notes.quote:
        said.append(wording.quoted(notes.quote, after_hours=bool(notes.quote.get("emergency_fee"))))
    if notes.asked is Ask.PRICE_OK and notes.chosen:
        said.append(wording.quoted_again(notes.chosen, notes.today or briefing.today))
    if notes.asked is Ask.ELSE and notes.booking:
        said.append(wording.booked(notes.booking, notes.chosen, notes.today or briefing.today))
    return _open_question(notes, briefing, said)


def _open_question(notes: Notes, briefing: Briefing, said: list[str]) -> list[Act]:
    if notes.asked is None or notes.pending:
        return steps.go_on(notes, briefing, said)
    return steps.ask(notes.asked, notes, briefing, said)


def _unasked(text: str, notes: Notes, said: list[str]) -> list[Act]:
    """Words while a tool runs, or before anything was asked."""
    notes.urgent = notes.urgent or intent.is_urgent(text)
    if not notes.description and not notes.pending and not questions.HELLO.search(text):
        questions.problem(text, notes, Briefing(), said)
    return []


def _anything_else(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> list[Act]:
    """End the call, note what should be known of the job booked, or pass a message on."""
    agreed = intent.yes(text)
    if agreed is False or re.search(r"\bthank|\bthat's (?:all|it)\b", text, re.IGNORECASE):
        return steps.farewell(notes, briefing)
    if agreed and len(text.split()) <= 3:
        return [Say("What else can I do for you?")]
    if notes.booking is not None and briefing.has("add_note"):
        notes.pending.add("add_note")
        return [Say("Let me add that."), Use("add_note", {"note": text.strip()})]
    if notes.booking is None and briefing.has("take_message"):
        notes.wants_message, notes.message = True, text.strip()
        said.append("I'll pass that on to the office.")
        return steps.go_on(notes, briefing, said)
    return _not_caught(notes, briefing, said)
