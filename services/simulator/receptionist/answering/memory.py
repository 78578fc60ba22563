"""A call taken over from a session that was lost: its items, read as if she had been there."""

import re
from typing import Final

from services.simulator.receptionist.answering import answers, wording
from services.simulator.receptionist.answering.orders import asked_by
from services.simulator.receptionist.briefing import Briefing
from services.simulator.receptionist.hearing import intent
from services.simulator.receptionist.notes import Ask, Notes

_TAKEN_OVER: Final = re.compile(r"\bconnection to you was lost\b", re.IGNORECASE)
_READ_BACK: Final = re.compile(r"^(?:So (?:that|it)'s|Thanks\. I have|Okay,|Then it's)")
_BOOKS: Final = re.compile(r"\b(?:Shall|Should) I (?:go ahead and )?book\b")


def taken_over(told: str) -> bool:
    """Whether a system message says that all before it was said and done in another session."""
    return _TAKEN_OVER.search(told) is not None


def spoken(text: str, notes: Notes, briefing: Briefing) -> None:
    """She, or code in her name, said this: the question in it is the open one."""
    if (asked := asked_by(text)) is not None:
        notes.asked = asked
    elif "?" not in text:
        return
    elif _READ_BACK.search(text) or _BOOKS.search(text):
        notes.asked = Ask.DETAILS_OK
        notes.asked_whether = notes.asked_whether or _BOOKS.search(text) is not None
    elif intent.asks_about_danger(text):
        notes.asked = Ask.DANGER
    else:
        notes.asked = _question_in(text, notes, briefing) or notes.asked or Ask.PROBLEM


def heard(text: str, notes: Notes, briefing: Briefing) -> None:
    """The caller said this, and she did at the time what was to be done about it."""
    notes.pending.clear()
    answers.take(text, notes, briefing, [])
    notes.pending.clear()


def _question_in(text: str, notes: Notes, briefing: Briefing) -> Ask | None:
    for ask in Ask:
        if ask is Ask.DETAILS_OK or (ask is Ask.WINDOW and not wording.offered(notes)):
            continue
        if any(
            wording.question(ask, notes, briefing, again=again) in text for again in (False, True)
        ):
            return ask
    return None
