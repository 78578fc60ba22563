"""What a playing model learns from the tools' replies."""

from datetime import datetime

from services.simulator.receptionist.notes import Json
from tests.evals.conversation.agents.notes import CONTACT, Notes, Slot
from tests.evals.conversation.topics import Topic


def take(notes: Notes, name: str, reply: Json) -> None:
    """Note what a tool's reply tells."""
    slots = reply.get("available_slots")
    if isinstance(slots, list):
        notes.slots = [_slot(each) for each in slots]
        notes.slot = notes.offered(notes.wish_start) or notes.slot
    if "error" in reply:
        _refused(notes, name, str(reply["error"]), reply)
        return
    match name:
        case "get_pricing_quote":
            notes.quote = reply
        case "book_appointment":
            if reply.get("booked"):
                notes.booked, notes.is_booked_told = reply, False
        case "find_appointment":
            found = reply.get("appointments")
            notes.visit = found[0] if isinstance(found, list) and found else None
        case "reschedule_appointment" | "cancel_appointment":
            notes.changed = True
        case "take_message":
            notes.message_taken = True
        case "escalate_to_human":
            notes.escalated = str(reply.get("mode", "transfer"))
        case "confirm_details" if reply.get("confirmed"):
            notes.confirmed.update(CONTACT)
            notes.read = ()
        case "end_call":
            notes.ended = True


def was_done(notes: Notes, reply: Json) -> bool:
    """Whether something that a refusal asks for had been done: then it is a false one."""
    missing = reply.get("missing")
    if reply.get("error") != "read_back_first" or not isinstance(missing, list):
        return False
    done = {*notes.confirmed, *(["notes"] if notes.notes_known else [])}
    return bool(done.intersection(map(str, missing)))


def _refused(notes: Notes, name: str, error: str, reply: Json) -> None:
    match error:
        case "which_day":
            notes.question = str(reply.get("message", ""))
            notes.looked_for = None
        case "read_back_first":
            given = reply.get("missing")
            missing = [str(each) for each in given] if isinstance(given, list) else []
            # Code asks, and nothing is said until they answer; a yes is one to the rest, too.
            notes.read = tuple(missing if "terms" not in missing else (*CONTACT, "terms"))
            if "appointment" in name and name != "book_appointment":
                notes.read = ("terms",)
            _undone(notes, missing)
        case "price_rose" if notes.slot is not None:
            notes.slot.visit_fee = _number(reply.get("visit_fee"))
            notes.slot.total_estimate = _number(reply.get("total_estimate"))
            notes.slot.deposit = _number(reply.get("deposit"))
            notes.terms_told = False
            notes.tries["terms"] = 0
        case "window_taken" | "window_not_offered":
            notes.slot = None
        case _ if name == "book_appointment":
            notes.refusal = error
        case _ if name == "confirm_details":
            notes.read = ()


def _undone(notes: Notes, missing: list[str]) -> None:
    """What is to be done once more before a booking."""
    notes.confirmed.difference_update(missing)
    if "notes" in missing:
        notes.notes_known = False
        notes.asked.discard(Topic.NOTES)


def _slot(given: Json) -> Slot:
    return Slot(
        start=datetime.fromisoformat(str(given["datetime"])),
        end=datetime.fromisoformat(str(given["end"])),
        visit_fee=_number(given.get("visit_fee")),
        total_estimate=_number(given.get("total_estimate")),
        deposit=_number(given.get("deposit")),
        after_hours=given.get("rate") == "after_hours",
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
