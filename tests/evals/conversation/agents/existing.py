"""What a playing model does about a visit of before: who, which, when, and code asks whether."""

from services.simulator.receptionist import Act, Say, Use
from services.simulator.receptionist.notes import Json
from tests.evals.conversation.agents.mind import Mind


def asks_name(mind: Mind) -> list[Act]:
    return [Say(mind.words.say("name"))]


def finds(mind: Mind) -> list[Act]:
    facts = mind.notes.facts
    who: Json = {"name": facts.get("name"), "address": facts.get("address")}
    return [Use("find_appointment", who)]


def asks_day(mind: Mind) -> list[Act]:
    say = str((mind.notes.visit or {}).get("say", ""))
    return [Say(f"{say} When would you like it instead?".strip())]


def looks(mind: Mind) -> list[Act]:
    notes, visit = mind.notes, mind.notes.visit or {}
    arguments: Json = {
        "service_type": visit.get("service_type"), "is_emergency": False, "preferred_date": None,
        "when": notes.facts.get("wish"),
    }  # fmt: skip
    notes.looked_for = notes.wish_start or "any"
    return [Use("check_availability", arguments)]


def moves(mind: Mind) -> list[Act]:
    slot, visit = mind.notes.slot, mind.notes.visit or {}
    assert slot is not None
    start = slot.start.isoformat()
    arguments: Json = {"job_id": visit.get("job_id"), "scheduled_time": start}
    return [Use("reschedule_appointment", arguments)]


def cancels(mind: Mind) -> list[Act]:
    return [Use("cancel_appointment", {"job_id": (mind.notes.visit or {}).get("job_id")})]
