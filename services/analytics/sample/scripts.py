"""The kinds of call there are, and how each goes."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from services.analytics.sample.callers import HAZARDS, MESSAGES, PROBLEMS, REASONS
from services.analytics.sample.conversation import SampleConversation
from shared.actions import calls
from shared.actions.alerts import taking
from shared.actions.alerts.raising import hazard_alert
from shared.domain.business import Business

Script = Callable[[SampleConversation], None]


def books(call: SampleConversation) -> None:
    """From the problem to the window, unless nothing suits."""
    service, problem = _problem(call)
    urgent = call.rng.random() < 0.25
    _quote(call, service, problem)
    slots = _slots(call, service, urgent)
    if not slots:
        call.use("end_call", reason="completed")
        return call.end("goodbye")
    # Most take the first window, some a later one.
    slot = slots[min(len(slots) - 1, call.rng.choice((0, 0, 0, 1, 1, 2)))]
    call.exchange("That works.", "May I have your name and the address?")
    call.exchange(f"{call.caller.name}, {call.caller.address}.", "Let me read that back.")
    booked = _book(call, service, problem, slot, urgent)
    if "error" in booked and slots[-1] != slot:
        booked = _book(call, service, problem, slots[-1], urgent)
    call.exchange("Thank you.", "You will get a text with the link for the deposit.")
    if "error" not in booked and call.rng.random() < 0.3:
        call.use("add_note", note="Dog in the yard.")
    if call.rng.random() < 0.35:
        return call.end("hung_up")
    call.use("end_call", reason="completed")
    return call.end("goodbye")


def changes_a_visit(call: SampleConversation, job_id: str) -> None:
    """Who booked calls back: the visit is moved, or called off."""
    call.disclose()
    moves = call.rng.random() < 0.6
    call.exchange("I have an appointment, and can't make it.", "May I have your name?")
    found = call.use("find_appointment", name=call.caller.name)
    visit = next((v for v in found.get("appointments", ()) if v["job_id"] == job_id), None)
    if visit is not None and moves:
        slots = _slots(call, str(visit["service_type"]), False)
        if slots:
            start = slots[-1]["datetime"]
            call.exchange("The last one.", "Shall I move it?")
            call.use("reschedule_appointment", "terms", job_id=job_id, scheduled_time=start)
    elif visit is not None:
        call.exchange("Please cancel it.", "Shall I cancel your visit?")
        call.use("cancel_appointment", "called_off", job_id=job_id)
    call.use("end_call", reason="existing_job")
    call.end("goodbye")


def asks_the_price(call: SampleConversation) -> None:
    """Hears a price, perhaps the windows too, and leaves or says goodbye."""
    service, problem = _problem(call)
    _quote(call, service, problem)
    if call.rng.random() < 0.5:
        _slots(call, service, False)
    if call.rng.random() < 0.6:
        return call.end(call.rng.choice(("hung_up", "hung_up", "silence")))
    call.use("end_call", reason="completed")
    return call.end("goodbye")


def hangs_up_early(call: SampleConversation) -> None:
    steps = call.rng.randrange(3)
    if steps:
        call.disclose()
    if steps > 1:
        call.exchange("Hm, hello?", "I'm here. What can I do for you?")
        call.reach("qualified")
    call.end(call.rng.choice(("hung_up", "hung_up", "hung_up", "silence")))


def wants_a_person(call: SampleConversation) -> None:
    if call.rng.random() < 0.4:
        service, problem = _problem(call)
        _quote(call, service, problem)
    else:
        call.disclose()
    reason = call.rng.choice(REASONS)
    call.exchange("I want to talk to somebody.", "I'll put you through.")
    call.use(
        "escalate_to_human", reason=reason, urgency=call.rng.choice(("normal", "normal", "urgent"))
    )
    call.end("handed_over")
    _dial(call, answered=0.7)


def in_danger(call: SampleConversation) -> None:
    """Safety first; a person is rung, and some still book."""
    call.disclose()
    hazard = call.rng.choice(HAZARDS.get(call.business.trade, HAZARDS["hvac"]))
    call.exchange("There is something dangerous here.", "Please get to safety first.")
    hazard_alert(
        call.ports, call.business, call.call_sid, call.caller.phone, hazard, real_now=call.now
    )
    row = call.ports.calls.get(call.call_sid)
    if row is not None and row.alert_asked and call.rng.random() < 0.9:
        after = timedelta(seconds=call.rng.randint(20, 300))
        first = row.alert_asked[0]
        taking.take(call.ports, call.business, row, first, real_now=call.now + after)
    if call.rng.random() < 0.5:
        call.use("escalate_to_human", reason="in danger", urgency="urgent")
        call.end("handed_over")
        return _dial(call, answered=0.8)
    if call.rng.random() < 0.4:
        service, problem = _problems(call.business)[0]
        if slots := _slots(call, service, True):
            _book(call, service, problem, slots[0], True)
    return call.end("hung_up")


def leaves_a_message(call: SampleConversation) -> None:
    call.disclose()
    call.exchange("Can you pass something on?", "Of course.")
    call.use(
        "take_message",
        name=call.caller.name,
        phone=call.caller.phone,
        message=call.rng.choice(MESSAGES),
    )
    call.use("end_call", reason="completed")
    call.end("goodbye")


def is_not_for_us(call: SampleConversation) -> None:
    call.disclose()
    call.exchange("Something else entirely.", "I'm sorry, that is not us.")
    reason = call.rng.choice(
        ("spam", "spam", "spam", "wrong_number", "not_served", "existing_job", "existing_job")
    )
    call.use("end_call", reason=reason)
    call.end("goodbye")


def only_asks(call: SampleConversation) -> None:
    call.disclose()
    call.exchange("Until when are you open?", "Monday to Friday, eight to six.")
    call.use("end_call", reason="completed")
    call.end("goodbye")


def breaks(call: SampleConversation) -> None:
    """The model is lost in the middle; a person is rung."""
    call.disclose()
    if call.rng.random() < 0.5:
        service, problem = _problem(call, disclosed=True)
        _quote(call, service, problem)
    call.end("failed", failure="model_lost")
    _dial(call, answered=0.6)


def is_lost(call: SampleConversation) -> None:
    """Nobody ever reported the end."""
    call.disclose()
    call.end("hung_up", reported=False)


# Kind of call -> how many in a thousand.
SCRIPTS: Mapping[Script, int] = {
    books: 400,
    asks_the_price: 185,
    hangs_up_early: 105,
    wants_a_person: 90,
    is_not_for_us: 90,
    leaves_a_message: 45,
    only_asks: 35,
    in_danger: 30,
    breaks: 15,
    is_lost: 5,
}


def chosen(rng: random.Random) -> Script:
    return rng.choices(list(SCRIPTS), weights=list(SCRIPTS.values()))[0]


def _problem(call: SampleConversation, *, disclosed: bool = False) -> tuple[str, str]:
    if not disclosed:
        call.disclose()
    service, problem = call.rng.choice(_problems(call.business))
    call.exchange(problem, "I'm sorry to hear that. Is anybody in danger?")
    call.exchange("No.", "Good. What is your ZIP code?")
    call.exchange(call.caller.zip, "Thank you.")
    call.reach("qualified")
    return service, problem


def _problems(business: Business) -> Sequence[tuple[str, str]]:
    """What is asked of a business of this trade that does such work at all."""
    services = business.card.services
    usual = [each for each in PROBLEMS.get(business.trade, ()) if each[0] in services]
    return usual or [(name, "Please have a look at it.") for name in services]


def _quote(call: SampleConversation, service: str, problem: str) -> None:
    quoted = call.use(
        "get_pricing_quote", service_type=service, description=problem, is_after_hours=True
    )
    call.exchange("What does it cost?", str(quoted["say"]))


def _slots(call: SampleConversation, service: str, urgent: bool) -> list[dict[str, Any]]:
    found = call.use("check_availability", service_type=service, is_emergency=urgent)
    slots: list[dict[str, Any]] = found["available_slots"]
    call.exchange("When can you come?", " or ".join(slot["say"] for slot in slots) or "Not soon.")
    return slots


def _book(
    call: SampleConversation, service: str, problem: str, slot: dict[str, Any], urgent: bool
) -> dict[str, Any]:
    """Book it, at the price the reply asks for when it is more than was said."""
    asked = {
        "customer_name": call.caller.name,
        "phone": call.caller.phone,
        "address": call.caller.address,
        "zip": call.caller.zip,
        "service_type": service,
        "description": problem,
        "scheduled_time": slot["datetime"],
        "estimated_cost": slot["total_estimate"],
        "is_emergency": urgent,
    }
    reply = call.use("book_appointment", **asked)
    if reply.get("error") == "price_rose":
        call.exchange("All right.", "Then I book it at that price.")
        reply = call.use("book_appointment", **asked | {"estimated_cost": reply["total_estimate"]})
    return reply


def _dial(call: SampleConversation, *, answered: float) -> None:
    """The office is rung; it answers, or the caller speaks to its voicemail, or to nobody."""
    picked_up = call.rng.random() < answered
    calls.dialled(call.ports.calls, call.call_sid, answered=picked_up, now=call.now)
    if not picked_up and call.rng.random() < 0.5:
        calls.voicemail_left(call.ports.calls, call.call_sid, now=call.now)
