"""A visit that was booked before: found by its name, then moved or called off."""

from services.simulator.receptionist.notes import Ask, Json, Notes, Use

LEFT_AS_IT_IS = "All right, I'll leave it as it is."


def missing(notes: Notes) -> Ask | None:
    """The question that comes next; None when a tool has to be asked first."""
    if notes.name is None:
        return Ask.NAME
    if notes.visit is None or notes.change == "cancel":
        return None
    if notes.wish is None:
        return Ask.WHEN
    return Ask.WINDOW if notes.slots and notes.chosen is None else None


def look_up(notes: Notes) -> Use:
    """The tool that comes next."""
    visit = notes.visit
    if visit is None:
        return _use("find_appointment", {"name": notes.name}, notes)
    job: Json = {"job_id": visit.get("job_id")}
    if notes.change == "cancel":
        return _use("cancel_appointment", job, notes)
    if notes.slots is None:
        asked: Json = {"service_type": visit.get("service_type"), "when": notes.wish}
        return _use("check_availability", {**asked, "is_emergency": False}, notes)
    start = (notes.chosen or {}).get("datetime")
    return _use("reschedule_appointment", {**job, "scheduled_time": start}, notes)


def found(reply: Json, notes: Notes) -> list[str]:
    """Write down the visit, and say which it is; without one the office has to help."""
    visits = reply.get("appointments")
    if not isinstance(visits, list) or not visits:
        notes.change, notes.wants_message = None, True
        return ["I can't find it by that, but I can take a message for the office."]
    notes.visit = visits[0]
    return [str(visits[0].get("say", ""))] if notes.change == "move" else []


def changed(reply: Json, notes: Notes) -> list[str]:
    notes.changed = True
    return [str(reply.get("say", ""))]


def _use(name: str, arguments: Json, notes: Notes) -> Use:
    notes.pending.add(name)
    return Use(name, arguments)
