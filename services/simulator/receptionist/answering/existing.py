"""A visit that was booked before: found by its name, or by a code that is texted to the number it
was booked under; then told of, moved or called off."""

import re

from services.simulator.receptionist.briefing import Briefing
from services.simulator.receptionist.hearing import intent
from services.simulator.receptionist.hearing.numbers import digits
from services.simulator.receptionist.hearing.phone import phone
from services.simulator.receptionist.notes import Ask, Json, Notes, Use

LEFT_AS_IT_IS = "All right, I'll leave it as it is."
NOT_TO_BE_FOUND = "I can't find it by that, but I can take a message for the office."
CODE_DIGITS = 6
_HAS_NONE = re.compile(
    r"\b(?:don't|do not|didn't|did not|can't|no) (?:have|get|see|got|code|read)\b"
)


def missing(notes: Notes) -> Ask | None:
    """The question that comes next; None when a tool has to be asked first."""
    if notes.name is None:
        return Ask.NAME
    if notes.visit is None:
        return _who(notes)
    if notes.change == "cancel":
        return None
    if notes.wish is None:
        return Ask.WHEN
    return Ask.WINDOW if notes.slots and notes.chosen is None else None


def _who(notes: Notes) -> Ask | None:
    """What a stranger is asked, once the name alone has found nothing."""
    if notes.code_sent:
        return Ask.CODE if notes.code is None else None
    return Ask.BOOKED_UNDER if notes.not_found and notes.booked_under is None else None


def look_up(notes: Notes) -> Use:
    """The tool that comes next."""
    visit = notes.visit
    if visit is None:
        who: Json = {"name": notes.name}
        if notes.booked_under is not None:
            who["phone"] = f"+1{notes.booked_under}"
        if notes.code is not None:
            who["code"] = notes.code
        return _use("find_appointment", who, notes)
    job: Json = {"job_id": visit.get("job_id")}
    if notes.change == "cancel":
        return _use("cancel_appointment", job, notes)
    if notes.slots is None:
        asked: Json = {"service_type": visit.get("service_type"), "when": notes.wish}
        return _use("check_availability", {**asked, "is_emergency": False}, notes)
    start = (notes.chosen or {}).get("datetime")
    return _use("reschedule_appointment", {**job, "scheduled_time": start}, notes)


def found(reply: Json, notes: Notes) -> list[str]:
    """Write down the visit, and say which it is; without one say how it could be found."""
    visits = reply.get("appointments")
    if isinstance(visits, list) and visits:
        notes.visit = visits[0]
        notes.changed = notes.change == "ask"  # to be told of it was all they wanted
        return [] if notes.change == "cancel" else [str(visits[0].get("say", ""))]
    if reply.get("code_sent"):
        notes.code_sent = True
        return []
    if notes.code_sent and "message" not in str(reply.get("message", "")).lower():
        notes.code = None
        return ["That's not the code."]
    if not notes.not_found and not notes.code_sent:
        notes.not_found = True
        return ["I can't find it by that."]
    return [_left_to_the_office(notes)]


def booked_under(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    """The number the visit was booked under."""
    notes.booked_under = phone(text) or phone(notes.phone_part + digits(text))
    notes.phone_part = "" if notes.booked_under else digits(text)
    return notes.booked_under is not None


def code(text: str, notes: Notes, briefing: Briefing, said: list[str]) -> bool:
    """The six digits, spoken; keyed ones come as a note of the application's."""
    if notes.code is not None:
        return True
    spoken = digits(text)
    if len(spoken) == CODE_DIGITS:
        notes.code = spoken
        return True
    if _HAS_NONE.search(text) or intent.yes(text) is False:
        said.append(_left_to_the_office(notes))
        return True
    return False


def _left_to_the_office(notes: Notes) -> str:
    notes.change, notes.wants_message = None, True
    return NOT_TO_BE_FOUND


def changed(reply: Json, notes: Notes) -> list[str]:
    notes.changed = True
    return [str(reply.get("say", ""))]


def _use(name: str, arguments: Json, notes: Notes) -> Use:
    notes.pending.add(name)
    return Use(name, arguments)
