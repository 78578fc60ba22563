"""What comes next: the first thing that is still missing is asked, or looked up with a tool."""

from services.simulator.receptionist.answering import existing, replies, wording
from services.simulator.receptionist.answering.rate_card import service
from services.simulator.receptionist.briefing import Briefing
from services.simulator.receptionist.notes import Act, Ask, Json, Notes, Say, Use


def go_on(notes: Notes, briefing: Briefing, said: list[str]) -> list[Act]:
    """Return the next question or tool call; nothing once the call is at its end."""
    if notes.said_goodbye or notes.handed_over:
        return []
    if notes.pending:
        return [Say("One moment, please.")] if not said else []
    if notes.refusals >= replies.MOST_REFUSALS and not notes.wants_message:
        return hand_over(notes, briefing, "The booking could not be completed.", said)
    missing = _missing(notes, briefing)
    if missing is None:
        return _look_up(notes, briefing, said)
    return ask(missing, notes, briefing, said)


def ask(ask: Ask, notes: Notes, briefing: Briefing, said: list[str]) -> list[Act]:
    """Return a question; in other words when it was not understood the first time."""
    if ask is Ask.PROBLEM and notes.asked is None and not said:
        return _greet(notes, briefing)
    again = notes.asked is ask and notes.tries > 0
    if notes.asked is not ask:
        notes.tries = 0
    notes.asked = ask
    if ask is Ask.DETAILS_OK:
        return [_confirm(notes)]
    if said and said[-1].endswith("?"):
        return []  # one question a turn, and it has been asked
    already_said = again or any("$" in part for part in said)
    if ask is Ask.PRICE_OK and notes.chosen and not already_said:
        said.append(wording.quoted_again(notes.chosen, notes.today or briefing.today))
    return [Say(wording.question(ask, notes, briefing, again=again))]


def hand_over(
    notes: Notes, briefing: Briefing, reason: str, said: list[str], about: str = ""
) -> list[Act]:
    """Return the hand-over to a person, or a message for the office where there is no such tool."""
    if "escalate_to_human" in notes.pending:
        return []
    if not briefing.has("escalate_to_human"):
        notes.wants_message = True
        return ask(Ask.NAME if notes.name is None else Ask.MESSAGE, notes, briefing, said)
    urgent = bool(notes.danger) or notes.urgent
    known = about if briefing.has_topics else ""
    arguments: Json = {
        "reason": reason,
        "summary": "; ".join(part for part in (notes.name, notes.description, known) if part)
        or reason,
        "urgency": "urgent" if urgent else "normal",
    }
    return [Say("I'm connecting you with a person."), _use("escalate_to_human", arguments, notes)]


def farewell(notes: Notes, briefing: Briefing) -> list[Act]:
    """Return the goodbye, and the end of the call."""
    notes.said_goodbye = True
    acts: list[Act] = [Say(wording.goodbye(briefing))]
    if briefing.has("end_call"):
        reasons = briefing.choices("end_call", "reason")
        reason = "completed" if not reasons or "completed" in reasons else reasons[0]
        if notes.price_only and "price_only" in reasons:
            reason = "price_only"
        acts.append(_use("end_call", {"reason": reason}, notes))
    return acts


def _greet(notes: Notes, briefing: Briefing) -> list[Act]:
    notes.asked = Ask.PROBLEM
    business = f" {briefing.business}" if briefing.business else ""
    return [
        Say(
            f"Thanks for calling{business}. I'm the AI scheduling assistant "
            "and this call is recorded. How can I help you today?"
        )
    ]


def _missing(notes: Notes, briefing: Briefing) -> Ask | None:
    """Return the question that comes next; None when a tool has to be asked first."""
    if notes.danger:
        if not notes.safe:
            return Ask.SAFE
        if notes.wants_visit is None:
            return Ask.VISIT
    if notes.wants_message:
        contact = _contact(notes, briefing)
        return contact or (Ask.MESSAGE if notes.message is None else None)
    if notes.booking is not None or notes.wants_time is False or notes.changed:
        return Ask.ELSE
    if notes.change is not None:
        return existing.missing(notes)
    if not notes.description:
        return Ask.PROBLEM
    if notes.danger is None:
        return Ask.DANGER
    if notes.price_only and notes.quote is None:
        return None
    if notes.price_only and notes.wants_time is None:
        return Ask.FIND_TIME
    return _contact(notes, briefing) or _visit(notes, briefing)


def _contact(notes: Notes, briefing: Briefing) -> Ask | None:
    if notes.name is None:
        return Ask.NAME
    if notes.phone is None:
        return Ask.PHONE
    by_tool = briefing.has("confirm_details") and not notes.wants_message
    if not notes.phone_ok and not by_tool:
        return Ask.PHONE_OK
    if notes.wants_message:
        return None
    if not notes.address.complete:
        return Ask.ADDRESS
    if by_tool:
        return None if notes.phone_ok and notes.address_ok else Ask.DETAILS_OK
    return None if notes.address_ok else Ask.ADDRESS_OK


def _confirm(notes: Notes) -> Use:
    """Have name, phone and address read back."""
    arguments: Json = {
        "name": notes.name,
        "phone": f"+1{notes.phone}",
        "address": str(notes.address),
    }
    return _use("confirm_details", arguments, notes)


def _visit(notes: Notes, briefing: Briefing) -> Ask | None:
    if notes.quote is None:
        return None
    if notes.wants_time is None:
        return Ask.FIND_TIME
    if notes.slots is None:
        return None
    if not notes.slots:
        notes.wants_message = True
        return Ask.MESSAGE
    if notes.chosen is None:
        return Ask.WINDOW
    if not notes.agreed:
        return Ask.PRICE_OK
    # Where code confirms the booking, it asks for notes, too.
    asks_notes = notes.extras is None and not briefing.has("confirm_details")
    return Ask.NOTES if asks_notes else None


def _look_up(notes: Notes, briefing: Briefing, said: list[str]) -> list[Act]:
    if notes.wants_message:
        arguments: Json = {
            "name": notes.name or "",
            "phone": f"+1{notes.phone}",
            "message": notes.message or "",
        }
        notes.wants_message, notes.wants_time = False, False
        return [Say("One moment."), _use("take_message", arguments, notes)]
    if notes.change is not None:
        return [existing.look_up(notes)]
    if notes.quote is None:
        arguments = {
            "service_type": service(notes.description, briefing.services),
            "description": notes.description,
            "is_after_hours": briefing.after_hours,
        }
        return [
            Say("Let me get you a quick estimate."),
            _use("get_pricing_quote", arguments, notes),
        ]
    if notes.slots is None:
        arguments = {
            "service_type": service(notes.description, briefing.services),
            "is_emergency": is_emergency(notes, briefing),
            "preferred_date": notes.preferred_date,
        }
        if notes.wish and "when" in briefing.properties("check_availability"):
            arguments["when"] = notes.wish
        return [Say("Let me check the schedule."), _use("check_availability", arguments, notes)]
    asked_first = briefing.has("confirm_details") and not notes.asked_whether
    return [
        Say("Let me see." if asked_first else "One moment while I book that."),
        _use("book_appointment", booking(notes, briefing), notes),
    ]


def booking(notes: Notes, briefing: Briefing) -> Json:
    """Return the arguments of book_appointment, with the notes folded into the description."""
    extras = notes.extras or []
    arguments: Json = {
        "customer_name": notes.name,
        "phone": f"+1{notes.phone}",
        "email": None,
        "address": str(notes.address),
        "service_type": service(notes.description, briefing.services),
        "description": " ".join([notes.description, *extras]),
        "scheduled_time": (notes.chosen or {}).get("datetime"),
        "estimated_cost": notes.estimate,
        "is_emergency": is_emergency(notes, briefing),
    }
    known = briefing.properties("book_appointment")
    if "notes" in known and extras:
        arguments["notes"] = extras
    if "zip" in known and notes.address.zip:
        arguments["zip"] = notes.address.zip
    return arguments


def is_emergency(notes: Notes, briefing: Briefing) -> bool:
    """Whether the caller cannot wait for the next regular window."""
    return briefing.after_hours or notes.urgent or bool(notes.danger)


def _use(name: str, arguments: Json, notes: Notes) -> Use:
    notes.pending.add(name)
    return Use(name, arguments)
