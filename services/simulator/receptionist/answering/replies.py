"""What a tool's answer means: facts into the notes, and the sentence that tells the caller."""

from services.simulator.receptionist.answering import existing, wording
from services.simulator.receptionist.briefing import Briefing
from services.simulator.receptionist.hearing import windows
from services.simulator.receptionist.hearing.address import SpokenAddress
from services.simulator.receptionist.notes import Ask, Json, Notes

MOST_REFUSALS = 4


def take(tool: str, reply: Json, notes: Notes, briefing: Briefing) -> list[str]:
    """Write down one answer and return what to say of it."""
    notes.pending.discard(tool)
    failed = "error" in reply
    if reply.get("error") == "danger_first":
        return []
    match tool:
        case "get_pricing_quote" if not failed:
            return [_quoted(reply, notes)]
        case "check_availability" if not failed:
            return _slots(reply, notes)
        case "find_appointment":
            return existing.found(reply, notes)
        case "reschedule_appointment" | "cancel_appointment" if not failed:
            return existing.changed(reply, notes)
        case "reschedule_appointment" | "cancel_appointment":
            return _refused(reply, notes, briefing)
        case "book_appointment" if not failed:
            notes.booking = reply
            return [wording.booked(reply, notes.chosen, notes.today or briefing.today)]
        case "book_appointment":
            return _refused(reply, notes, briefing)
        case "confirm_details" if not failed:
            _read_back_for_us(reply, notes)
            return []
        case "confirm_details":
            return _refused(reply, notes, briefing)
        case "escalate_to_human" if not failed:
            return _escalated(reply, notes)
        case "take_message" if not failed:
            return [str(reply.get("say", ""))]
        case "add_note" if not failed:
            return ["I've added that."]
        case "end_call":
            return []
        case _:
            return _failed(reply, notes)


def _escalated(reply: Json, notes: Notes) -> list[str]:
    """Be silent while the line is moved; when nobody can be reached, take a message."""
    if reply.get("mode") != "callback":
        notes.handed_over = True
        return []
    notes.wants_message, notes.refusals = True, 0
    return [str(reply.get("say", ""))]


def _quoted(reply: Json, notes: Notes) -> str:
    notes.quote = reply
    notes.estimate = _number(reply.get("total_estimate"))
    return wording.quoted(reply, after_hours=bool(reply.get("emergency_fee")))


def _slots(reply: Json, notes: Notes) -> list[str]:
    found = reply.get("available_slots")
    notes.slots = (
        [slot for slot in found if isinstance(slot, dict)] if isinstance(found, list) else []
    )
    notes.offered_from = 0
    notes.today = windows.today_of(notes.slots) or notes.today
    notes.chosen = None
    if notes.slots:
        return []
    return ["I'm sorry, I have no opening then. I can take a message for the office."]


def choose(slot: Json, notes: Notes) -> None:
    """Write down the window the caller picked; a rate not quoted yet must be agreed to."""
    notes.chosen = slot
    estimate = _number(slot.get("total_estimate"))
    quoted = (notes.quote or {}).get("rate")
    notes.agreed = slot.get("rate") is None or slot.get("rate") == quoted or quoted is None
    if estimate is not None and notes.agreed:
        notes.estimate = estimate


def _refused(reply: Json, notes: Notes, briefing: Briefing) -> list[str]:
    notes.refusals += 1
    message = str(reply.get("message") or "")
    match reply.get("error"):
        case "read_back_first":
            _read_back(reply, message, notes)
            notes.asked_whether = True
            if briefing.has("confirm_details"):
                notes.asked = Ask.DETAILS_OK
            return []
        case "price_rose":
            return [_dearer(reply, notes, briefing)]
        case "window_taken" | "window_not_offered":
            said = "I'm sorry, that window was just taken."
            notes.slots, notes.chosen = None, None
            return [said, *_slots(reply, notes)] if reply.get("available_slots") else [said]
        case "bad_contact" if "address" in message.lower():
            notes.address, notes.address_ok = SpokenAddress(), False
            return ["I'm sorry, I can't use that address."]
        case "bad_contact":
            notes.phone, notes.phone_ok, notes.phone_part = None, False, ""
            return ["I'm sorry, that number doesn't seem right."]
        case "outside_service_area":
            notes.wants_time = False
            return ["I'm sorry, that address is outside our service area."]
        case "timeout":
            return ["It is taking a moment longer than usual."]
        case _:
            return _failed(reply, notes)


def _read_back_for_us(reply: Json, notes: Notes) -> None:
    """The sentence is said by somebody else; its answer comes next."""
    if reply.get("confirmed"):
        notes.phone_ok = notes.address_ok = True
    else:
        notes.asked = Ask.DETAILS_OK


def _read_back(reply: Json, message: str, notes: Notes) -> None:
    missing = reply.get("missing")
    named = missing if isinstance(missing, list) else message.lower().split()
    wanted = {part for part in ("phone", "address", "notes") if part in named}
    if not wanted:
        wanted = {"phone", "address"}
    if "phone" in wanted:
        notes.phone_ok = False
    if "address" in wanted:
        notes.address_ok = False
    if "notes" in wanted:
        notes.extras = None
    notes.read_backs = 0


def _dearer(reply: Json, notes: Notes, briefing: Briefing) -> str:
    estimate = _number(reply.get("total_estimate"))
    if estimate is not None and notes.chosen is not None:
        notes.chosen = {**notes.chosen, "total_estimate": estimate}
    notes.agreed, notes.asked = False, Ask.PRICE_OK
    own = reply.get("say")
    if isinstance(own, str) and own:
        return own
    when = (
        windows.spoken(notes.chosen, notes.today or briefing.today)
        if notes.chosen
        else "that visit"
    )
    return f"I have to correct myself: for {when} the estimate is about {wording.money(estimate)}."


def _failed(reply: Json, notes: Notes) -> list[str]:
    notes.refusals += 1
    return ["I'm sorry, something didn't work on my side."]


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
