"""The steps of a booking as the playing model takes them: who, where, what it costs, when."""

from services.simulator.receptionist import Act, Say, Use
from services.simulator.receptionist.notes import Json
from tests.evals.conversation import spoken
from tests.evals.conversation.agents.asides import ack, capital, filler
from tests.evals.conversation.agents.mind import Mind
from tests.evals.conversation.agents.notes import CONTACT
from tests.evals.conversation.meaning import Ask
from tests.evals.conversation.topics import Topic

# -- who and where --------------------------------------------------------------------------------


def asks_contact(mind: Mind) -> list[Act]:
    missing = mind.notes.missing
    combines = mind.session.two_at_once or mind.chance.random() < mind.style.combines
    said = ack(mind)
    knows_caller = mind.session.caller is not None
    if combines and len(missing) == 3 and not knows_caller:
        return [*said, Say(mind.words.say("all_three"))]
    if combines and missing[:2] == ["name", "phone"] and not knows_caller:
        return [*said, Say(mind.words.say("name_and_phone"))]
    if combines and {"name", "address"} <= set(missing):
        return [*said, Say(mind.words.say("name_and_address"))]
    return [*said, Say(_question(mind, missing[0]))]


def _question(mind: Mind, name: str) -> str:
    caller = mind.session.caller
    if name == "phone" and caller is not None and mind.tries("phone_ok") < 2:
        mind.notes.tries["phone_ok"] = mind.tries("phone_ok") + 1
        mind.notes.read = ("phone",)
        if not mind.session.reads_caller_id:
            return mind.words.say("phone_plain")
        return mind.words.say("phone_ok", phone=spoken.phone(caller, mind.chance))
    return mind.words.say(name)


def reads_back(mind: Mind) -> list[Act]:
    notes, open_ = mind.notes, mind.notes.unconfirmed
    names = open_ if mind.style.reads_together else open_[:1]
    said = [Say(mind.words.say("corrected"))] if mind.tries("read_back") else ack(mind)
    phone = spoken.phone(notes.facts["phone"], mind.chance)
    address = _address(mind)
    notes.read = tuple(names)
    if names == ["phone", "address"]:
        key = "read_all" if mind.chance.random() < 0.3 else "read_both"
        name = notes.facts["name"]
        return [*said, Say(mind.words.say(key, phone=phone, address=address, name=name))]
    key = f"read_{names[0]}"
    return [*said, Say(mind.words.say(key, phone=phone, address=address))]


def _address(mind: Mind) -> str:
    """Their address as it is said back: the town may be left out, the number in words."""
    given = mind.notes.facts["address"]
    line, _, rest = given.partition(",")
    number = spoken.house_number(line)
    if number and mind.chance.random() < 0.3:
        line = line.replace(number, spoken.in_words(number), 1)
    return f"{line},{rest}" if rest and mind.chance.random() < 0.5 else line


def confirms_by_tool(mind: Mind) -> list[Act]:
    facts = mind.notes.facts
    arguments: Json = {name: facts[name] for name in CONTACT}
    mind.notes.read = CONTACT
    return [Use("confirm_details", arguments)]


# -- price and time -------------------------------------------------------------------------------


def _service(mind: Mind) -> Json:
    return {"service_type": mind.notes.facts.get("service", "repair")}


def _is_urgent(mind: Mind) -> bool:
    return mind.notes.facts.get("emergency") == "yes"


def quotes(mind: Mind) -> list[Act]:
    arguments: Json = {**_service(mind), "description": mind.notes.facts.get("problem", "")}
    arguments["is_after_hours"] = mind.briefing.after_hours
    return [*filler(mind, "checking_price"), Use("get_pricing_quote", arguments)]


def quotes_and_looks(mind: Mind) -> list[Act]:
    return [*quotes(mind), *(act for act in looks(mind) if isinstance(act, Use))]


def tells_price(mind: Mind) -> list[Act]:
    notes, quote = mind.notes, mind.notes.quote or {}
    notes.quote_told = True
    visit = _money(mind, quote.get("visit_fee"))
    if mind.session.at_once and notes.about is Ask.BOOK:
        total = _money(mind, quote.get("total_estimate"))
        late = quote.get("rate") == "after_hours"
        said = [
            mind.words.say("price_late_brief" if late else "price_brief", visit=visit, total=total)
        ]
    elif quote.get("rate") == "after_hours":
        total = _money(mind, quote.get("total_estimate"))
        said = [mind.words.say("price_late", visit=visit, total=total)]
    elif mind.chance.random() < mind.style.slips:
        wrong = _money(mind, mind.chance.choice((145, 156, 175, 185)))
        said = [mind.words.say("slip", wrong=wrong, visit=visit)]
    else:
        said = [mind.words.say("price", visit=visit), *_range(mind)]
    asks = notes.wish_start is None and mind.chance.random() < 0.6 and not mind.session.at_once
    if notes.about is Ask.PRICE or asks:
        said.append(mind.words.say("price_then"))
    else:
        notes.may_find = True
    return [Say(each) for each in said]


def _range(mind: Mind) -> list[str]:
    """What it usually costs, always for who asks what it costs."""
    told = str((mind.notes.quote or {}).get("range", "")).replace("$", "").replace(",", "")
    low, _, high = told.partition("-")
    often = 0.2 if mind.session.is_brief else 0.6
    tells = mind.notes.about is Ask.PRICE or mind.chance.random() < often
    if not (low.isdigit() and high.isdigit() and tells):
        return []
    amounts = {"low": _money(mind, int(low)), "high": _money(mind, int(high))}
    return [mind.words.say("price_range", **amounts)]


def _money(mind: Mind, amount: object) -> str:
    return spoken.dollars(float(amount) if isinstance(amount, int | float) else 0.0, mind.chance)


def looks(mind: Mind) -> list[Act]:
    notes = mind.notes
    wish = notes.facts.get("wish") if notes.wish_start else None
    arguments: Json = {**_service(mind), "is_emergency": _is_urgent(mind), "preferred_date": None}
    if wish is not None:
        if mind.session.takes("check_availability", "when") and mind.tries("look_day") == 0:
            arguments["when"] = wish
            notes.tries["look_day"] = 1
        elif notes.wish_start is not None:
            day, _, clock = notes.wish_start.partition("T")
            arguments["preferred_date"] = f"{day} {clock[:5]}"
    notes.looked_for = notes.wish_start or "any"
    return [*filler(mind, "checking_times"), Use("check_availability", arguments)]


def asks_which_day(mind: Mind) -> list[Act]:
    question, mind.notes.question = mind.notes.question, None
    mind.notes.tries["look_day"] = 1
    return [Say(question or mind.words.say("day"))]


def offers(mind: Mind) -> list[Act]:
    notes = mind.notes
    said = [mind.window(slot.start, slot.end) for slot in notes.slots[:2]]
    if notes.wish_start is not None and notes.looked_for == notes.wish_start:
        lead = [Say("That exact time isn't open.")]
    else:
        lead = []
    if not said:
        return [Say(mind.words.say("offer_none"))]
    if len(said) == 1:
        return [*lead, Say(mind.words.say("offer_one", first=said[0]))]
    return [*lead, Say(capital(mind.words.say("offer_two", first=said[0], second=said[1])))]


def tells_terms(mind: Mind) -> list[Act]:
    slot = mind.notes.slot
    assert slot is not None
    amounts = {"visit": _money(mind, slot.visit_fee), "deposit": _money(mind, slot.deposit)}
    key = "terms_late" if slot.after_hours else "terms"
    lead = mind.words.say("offer_wish", first=mind.window(slot.start, slot.end))
    said = [Say(capital(lead))] if mind.chance.random() < 0.5 else []
    mind.notes.terms_told = True
    return [*said, Say(mind.words.say(key, **amounts))]


def needs_terms(mind: Mind) -> bool:
    """Fee and deposit of a window: always where its rate is another than was quoted."""
    notes = mind.notes
    if notes.slot is None or notes.terms_told:
        return False
    quoted = notes.quote.get("visit_fee") if notes.quote else None
    return mind.style.tells_terms or quoted != notes.slot.visit_fee


# -- booking and the end --------------------------------------------------------------------------


def asks_notes(mind: Mind) -> list[Act]:
    mind.notes.asked.add(Topic.NOTES)
    return [*ack(mind), Say(mind.words.say("notes"))]


def books(mind: Mind) -> list[Act]:
    slot, facts = mind.notes.slot, mind.notes.facts
    assert slot is not None
    said = filler(mind, "booking")
    if not mind.session.is_silent and mind.chance.random() < mind.style.repeats_beside:
        said.append(Say(f"{capital(mind.window(slot.start, slot.end))} at {_address(mind)}."))
    arguments: Json = {
        **_service(mind),
        "customer_name": facts["name"],
        "phone": facts["phone"],
        "email": facts.get("email"),
        "address": facts["address"],
        "description": facts.get("problem", ""),
        "scheduled_time": slot.start.isoformat(),
        "estimated_cost": slot.total_estimate,
        "is_emergency": _is_urgent(mind),
        "zip": facts.get("zip"),
    }
    if "notes" in facts:
        arguments["notes"] = [part.strip() for part in facts["notes"].split(".") if part.strip()]
        mind.notes.booked_with = facts["notes"]
    if mind.session.at_once and not mind.notes.terms_told and "terms" not in mind.notes.confirmed:
        return [*filler(mind, "ack"), Use("book_appointment", arguments)]  # code asks them first
    return [*said, Use("book_appointment", arguments)]


def tells_booked(mind: Mind) -> list[Act]:
    notes, reply, slot = mind.notes, mind.notes.booked or {}, mind.notes.slot
    notes.is_booked_told = True
    assert slot is not None
    said = [Say(mind.words.say("booked", window=mind.window(slot.start, slot.end)))]
    amount = reply.get("deposit_amount")
    if isinstance(amount, int | float) and amount:
        key = (
            "deposit_texted"
            if reply.get("text_sent") and reply.get("pay_link")
            else "deposit_plain"
        )
        said.append(Say(mind.words.say(key, deposit=_money(mind, amount))))
    if mind.session.at_once and not notes.notes_known and not mind.style.forgets_notes:
        notes.asked.add(Topic.NOTES)
        return [*said, Say(mind.words.say("notes"))]
    return [*said, Say(mind.words.say("else"))]


def adds_note(mind: Mind) -> list[Act]:
    mind.notes.booked_with = mind.notes.facts["notes"]
    job = str((mind.notes.booked or {}).get("job_id", ""))
    arguments: Json = {"job_id": job, "note": mind.notes.facts["notes"]}
    known = mind.session.properties("add_note")
    return [Use("add_note", {name: value for name, value in arguments.items() if name in known})]
