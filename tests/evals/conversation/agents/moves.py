"""What the paraphrasing model does, in the order in which it comes to it: one table, MOVES.

A tool that is new is taught with a row: when it is to be called, and with what. `tool` keeps the
row out of sessions that do not have it, and a row before another takes its place.
"""

from services.simulator.receptionist import Act, Say, Use
from services.simulator.receptionist.notes import Json
from tests.evals.conversation import spoken
from tests.evals.conversation.agents.mind import Mind, Move
from tests.evals.conversation.agents.notes import CONTACT, Notes
from tests.evals.conversation.meaning import Ask
from tests.evals.conversation.topics import Topic

# How an end is called in end_call's `reason`.
_ENDS = {Ask.SELL: "spam", Ask.WRONG_NUMBER: "wrong_number", Ask.UNSERVED: "not_served"}
_NOT_OURS = {Ask.SELL: "spam", Ask.WRONG_NUMBER: "wrong_number", Ask.UNSERVED: "not_served"}


# -- what is asked for beside the steps -----------------------------------------------------------


def _corrects(mind: Mind) -> list[Act]:
    """Code says what was wrong and what is right: say the right thing in a sentence."""
    text, mind.notes.correction = mind.notes.correction or "", None
    _, _, right = text.partition("without repeating it: ")
    right = right.rpartition(". Then go on")[0]
    if "$" not in right and " AM" not in right and " PM" not in right:
        return [Say("Sorry, let me put that right.")]  # told what not to say, not what is so
    return [Say(f"Let me correct that: {right}.")]


def _waits(mind: Mind) -> list[Act]:
    return [Say("One moment.")]


def _not_ours(mind: Mind) -> list[Act]:
    ask = next(ask for ask in mind.notes.asks if ask in _NOT_OURS)
    mind.notes.asks.clear()
    said = mind.words.say(_NOT_OURS[ask], business=mind.briefing.business or "us")
    return [Say(said), *_ended(mind, _ENDS[ask])]


def _escalates(mind: Mind) -> list[Act]:
    mind.notes.asks = [ask for ask in mind.notes.asks if ask is not Ask.PERSON]
    said = [Say(mind.words.say("transfer"))] if mind.chance.random() < 0.7 else []
    arguments: Json = {"reason": "the caller asks for a person", "urgency": "normal"}
    return [*said, Use("escalate_to_human", {**arguments, "summary": mind.notes.heard_last[:200]})]


def _nobody(mind: Mind) -> list[Act]:
    mind.notes.escalated = "told"
    mind.notes.about = Ask.MESSAGE
    return [Say(mind.words.say("nobody"))]


def _answers(mind: Mind) -> list[Act]:
    """Small things they want to know: an answer, and on with the call."""
    said: list[Act] = []
    for ask in mind.notes.asks:
        if ask.value in mind.words and ask not in _NOT_OURS and ask is not Ask.PRICE:
            said.append(Say(mind.words.say(ask.value)))
    mind.notes.asks = [ask for ask in mind.notes.asks if not _is_small(mind, ask)]
    return said


def _is_small(mind: Mind, ask: Ask) -> bool:
    return ask.value in mind.words and ask not in (Ask.PRICE, Ask.MESSAGE, *_NOT_OURS)


def _turns_to(mind: Mind) -> list[Act]:
    """What the call is about, once they have said so; says nothing."""
    for ask in (Ask.MESSAGE, Ask.EXISTING, Ask.PRICE):
        if ask in mind.notes.asks:
            mind.notes.asks.remove(ask)
            mind.notes.about = Ask.MESSAGE if ask is Ask.EXISTING else ask
    return []


# -- danger ---------------------------------------------------------------------------------------


def _reports(mind: Mind) -> list[Act]:
    notes = mind.notes
    arguments: Json = {"category": notes.danger, "words": notes.danger_words}
    notes.tries["report"] = 1
    return [Use("report_danger", arguments)]


def _guides(mind: Mind) -> list[Act]:
    mind.notes.guided = True
    return [Say(mind.words.say("danger_talk"))]


def _asks_safe(mind: Mind) -> list[Act]:
    return [Say(mind.words.say("safe"))]


def _asks_danger(mind: Mind) -> list[Act]:
    leads = mind.chance.random() < mind.style.acks and not mind.tries("answer")
    lead = [Say(mind.words.say("sorry"))] if leads else []
    return [*lead, Say(mind.words.say("danger"))]


# -- who and where --------------------------------------------------------------------------------


def _missing(notes: Notes) -> list[str]:
    return [name for name in CONTACT if name not in notes.facts]


def _asks_contact(mind: Mind) -> list[Act]:
    missing = _missing(mind.notes)
    combines = mind.chance.random() < mind.style.combines
    said = _ack(mind)
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
        return mind.words.say("phone_ok", phone=spoken.phone(caller, mind.chance))
    return mind.words.say(name)


def _unconfirmed(notes: Notes) -> list[str]:
    return [name for name in ("phone", "address") if name not in notes.confirmed]


def _reads_back(mind: Mind) -> list[Act]:
    notes, open_ = mind.notes, _unconfirmed(mind.notes)
    names = open_ if mind.style.reads_together else open_[:1]
    said = [Say(mind.words.say("corrected"))] if mind.tries("read_back") else _ack(mind)
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


def _confirms_by_tool(mind: Mind) -> list[Act]:
    facts = mind.notes.facts
    arguments: Json = {name: facts[name] for name in CONTACT}
    mind.notes.read = CONTACT
    return [Use("confirm_details", arguments)]


# -- price and time -------------------------------------------------------------------------------


def _service(mind: Mind) -> Json:
    return {"service_type": mind.notes.facts.get("service", "repair")}


def _is_urgent(mind: Mind) -> bool:
    return mind.notes.facts.get("emergency") == "yes"


def _quotes(mind: Mind) -> list[Act]:
    arguments: Json = {**_service(mind), "description": mind.notes.facts.get("problem", "")}
    arguments["is_after_hours"] = mind.briefing.after_hours
    return [*_filler(mind, "checking_price"), Use("get_pricing_quote", arguments)]


def _tells_price(mind: Mind) -> list[Act]:
    notes, quote = mind.notes, mind.notes.quote or {}
    notes.quote_told = True
    visit = _money(mind, quote.get("visit_fee"))
    if quote.get("rate") == "after_hours":
        total = _money(mind, quote.get("total_estimate"))
        said = [Say(mind.words.say("price_late", visit=visit, total=total))]
    else:
        said = [Say(mind.words.say("price", visit=visit))]
        low, _, high = str(quote.get("range", "")).replace("$", "").replace(",", "").partition("-")
        tells = notes.about is Ask.PRICE or mind.chance.random() < 0.6
        if low.isdigit() and high.isdigit() and tells:
            amounts = {"low": _money(mind, int(low)), "high": _money(mind, int(high))}
            said.append(Say(mind.words.say("price_range", **amounts)))
    if notes.about is Ask.PRICE or notes.wish_start is None and mind.chance.random() < 0.6:
        said.append(Say(mind.words.say("price_then")))
    else:
        notes.may_find = True
    return [*said]


def _money(mind: Mind, amount: object) -> str:
    return spoken.dollars(float(amount) if isinstance(amount, int | float) else 0.0, mind.chance)


def _looks(mind: Mind) -> list[Act]:
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
    return [*_filler(mind, "checking_times"), Use("check_availability", arguments)]


def _asks_which_day(mind: Mind) -> list[Act]:
    question, mind.notes.question = mind.notes.question, None
    mind.notes.tries["look_day"] = 1
    return [Say(question or mind.words.say("day"))]


def _offers(mind: Mind) -> list[Act]:
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
    return [*lead, Say(_capital(mind.words.say("offer_two", first=said[0], second=said[1])))]


def _tells_terms(mind: Mind) -> list[Act]:
    slot = mind.notes.slot
    assert slot is not None
    amounts = {"visit": _money(mind, slot.visit_fee), "deposit": _money(mind, slot.deposit)}
    key = "terms_late" if slot.after_hours else "terms"
    lead = mind.words.say("offer_wish", first=mind.window(slot.start, slot.end))
    said = [Say(_capital(lead))] if mind.chance.random() < 0.5 else []
    mind.notes.terms_told = True
    return [*said, Say(mind.words.say(key, **amounts))]


def _needs_terms(mind: Mind) -> bool:
    """Fee and deposit of a window: always where its rate is another than was quoted."""
    notes = mind.notes
    if notes.slot is None or notes.terms_told:
        return False
    quoted = notes.quote.get("visit_fee") if notes.quote else None
    return mind.style.tells_terms or quoted != notes.slot.visit_fee


# -- booking and the end --------------------------------------------------------------------------


def _asks_notes(mind: Mind) -> list[Act]:
    mind.notes.asked.add(Topic.NOTES)
    return [*_ack(mind), Say(mind.words.say("notes"))]


def _books(mind: Mind) -> list[Act]:
    notes, slot, facts = mind.notes, mind.notes.slot, mind.notes.facts
    assert slot is not None
    said = mind.words.say("booking")
    if mind.chance.random() < mind.style.repeats_beside:
        said = f"{said} {_capital(mind.window(slot.start, slot.end))} at {_address(mind)}."
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
    return [Say(said), Use("book_appointment", arguments)]


def _tells_booked(mind: Mind) -> list[Act]:
    notes, reply, slot = mind.notes, mind.notes.booked or {}, mind.notes.slot
    notes.is_booked_told = True
    assert slot is not None
    said = [Say(mind.words.say("booked", window=mind.window(slot.start, slot.end)))]
    amount = reply.get("deposit_amount")
    if isinstance(amount, int | float) and amount:
        key = "deposit_texted" if reply.get("text_sent") and reply.get("pay_link") else "deposit_plain"
        said.append(Say(mind.words.say(key, deposit=_money(mind, amount))))
    return [*said, Say(mind.words.say("else"))]


def _takes_message(mind: Mind) -> list[Act]:
    facts = mind.notes.facts
    phone = facts.get("phone") or mind.session.caller or ""
    message = facts.get("message", "please call back")
    arguments: Json = {"name": facts.get("name", "A caller"), "phone": phone, "message": message}
    return [Use("take_message", arguments)]


def _asks_message(mind: Mind) -> list[Act]:
    return [*_ack(mind), Say(mind.words.say("message"))]


def _tells_message(mind: Mind) -> list[Act]:
    return [Say(mind.words.say("message_taken")), Say(mind.words.say("else"))]


def _gives_up(mind: Mind) -> list[Act]:
    """A booking that is refused for good, or nothing left to try: a person."""
    mind.notes.refusal = None
    if mind.session.has("escalate_to_human"):
        reason: Json = {"reason": "booking did not work", "summary": "", "urgency": "normal"}
        return [Say(mind.words.say("stuck")), Use("escalate_to_human", reason)]
    return [Say(mind.words.say("stuck"))]


def _outside(mind: Mind) -> list[Act]:
    mind.notes.refusal = None
    mind.notes.about = Ask.UNSERVED
    return [Say(mind.words.say("not_served")), *_ended(mind, "not_served")]


def _goodbye(mind: Mind) -> list[Act]:
    return [Say(mind.words.say("goodbye")), *_ended(mind, "completed")]


def _ended(mind: Mind, reason: str) -> list[Act]:
    return [Use("end_call", {"reason": reason})] if mind.session.has("end_call") else []


def _nothing_left(mind: Mind) -> list[Act]:
    return [Say(mind.words.say("else"))]


# -- small talk -----------------------------------------------------------------------------------


def _ack(mind: Mind) -> list[Act]:
    said: list[Act] = []
    if mind.notes.heard_last and mind.chance.random() < mind.style.acks:
        said.append(Say(mind.words.say("ack")))
    if mind.chance.random() < mind.style.chats:
        said.append(Say(mind.words.say("tail")))
    return said


def _filler(mind: Mind, name: str) -> list[Act]:
    said = mind.chance.random() < mind.style.fillers
    return [Say(mind.words.say(name))] if said else []


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# -- the table ------------------------------------------------------------------------------------


def _wants_visit(mind: Mind) -> bool:
    return mind.notes.about in (Ask.BOOK, Ask.PRICE) and mind.notes.booked is None


def _books_visit(mind: Mind) -> bool:
    """The steps of a booking: for who calls for one, and who is ready for one after the price."""
    notes = mind.notes
    return _wants_visit(mind) and (notes.about is Ask.BOOK or notes.may_find)


def _knows_contact(mind: Mind) -> bool:
    return _books_visit(mind) and not _missing(mind.notes)


def _price_is_due(mind: Mind) -> bool:
    notes = mind.notes
    first = notes.about is Ask.PRICE or mind.style.price_first
    return _wants_visit(mind) and (first or not _missing(notes))


MOVES: tuple[Move, ...] = (
    Move("correct", lambda m: m.notes.correction is not None, _corrects, goes_on=True),
    Move("wait", lambda m: bool(m.notes.pending - {"end_call"}), _waits),
    Move("not_ours", lambda m: any(a in _NOT_OURS for a in m.notes.asks), _not_ours),
    Move(
        "report",
        lambda m: m.notes.danger is not None and not m.tries("report"),
        _reports,
        tool="report_danger",
    ),
    Move(
        "guide",
        lambda m: m.notes.danger in _OUT_AT_ONCE and not m.notes.guided,
        _guides,
        goes_on=True,
    ),
    Move("safe", lambda m: m.notes.guided and not m.notes.safe, _asks_safe, most=2),
    Move(
        "escalate", lambda m: Ask.PERSON in m.notes.asks, _escalates, tool="escalate_to_human", most=2
    ),
    Move("nobody", lambda m: m.notes.escalated == "callback", _nobody),
    Move("turn_to", lambda m: True, _turns_to, goes_on=True),
    Move("answer", lambda m: any(_is_small(m, a) for a in m.notes.asks), _answers, goes_on=True),
    Move("outside", lambda m: m.notes.refusal == "outside_service_area", _outside),
    Move("give_up", lambda m: m.notes.refusal is not None, _gives_up),
    Move(
        "tell_booked",
        lambda m: m.notes.booked is not None and not m.notes.is_booked_told,
        _tells_booked,
    ),
    Move("goodbye", lambda m: m.notes.heard_bye and not m.notes.ended, _goodbye, most=4),
    Move(
        "tell_message", lambda m: m.notes.message_taken and not m.tries("tell_message"), _tells_message
    ),
    Move(
        "danger",
        lambda m: _wants_visit(m) and Topic.DANGER not in m.notes.asked and not m.notes.danger,
        _asks_danger,
        most=2,
    ),
    Move(
        "problem",
        lambda m: _wants_visit(m) and "problem" not in m.notes.facts,
        lambda m: [Say(m.words.say("problem"))],
    ),
    Move(
        "equipment",
        lambda m: _wants_visit(m)
        and m.style.asks_equipment
        and "furnace" in m.notes.facts.get("problem", "")
        and Topic.EQUIPMENT not in m.notes.asked,
        lambda m: [*_ack(m), Say(m.words.say("equipment"))],
    ),
    # -- a message for the office
    Move(
        "message_name",
        lambda m: m.notes.about is Ask.MESSAGE and "name" not in m.notes.facts,
        lambda m: [*_ack(m), Say(m.words.say("name"))],
        most=2,
    ),
    Move(
        "message",
        lambda m: m.notes.about is Ask.MESSAGE and "message" not in m.notes.facts,
        _asks_message,
        most=2,
    ),
    Move(
        "take_message",
        lambda m: m.notes.about is Ask.MESSAGE and not m.notes.message_taken,
        _takes_message,
        tool="take_message",
        most=2,
    ),
    # -- a visit
    Move(
        "quote",
        lambda m: _price_is_due(m) and m.notes.quote is None,
        _quotes,
        tool="get_pricing_quote",
        most=2,
    ),
    Move(
        "tell_price",
        lambda m: m.notes.quote is not None and not m.notes.quote_told,
        _tells_price,
        most=3,
        goes_on=True,
    ),
    Move("contact", lambda m: _books_visit(m) and bool(_missing(m.notes)), _asks_contact, most=8),
    Move(
        "confirm",
        lambda m: _knows_contact(m) and bool(_unconfirmed(m.notes)),
        _confirms_by_tool,
        tool="confirm_details",
        most=4,
    ),
    Move(
        "read_back",
        lambda m: _knows_contact(m)
        and not m.session.has("confirm_details")
        and bool(_unconfirmed(m.notes)),
        _reads_back,
        most=8,
    ),
    Move(
        "ask_find",
        lambda m: _wants_visit(m) and not m.notes.may_find,
        lambda m: [Say(m.words.say("price_then"))],
        most=2,
    ),
    Move("which_day", lambda m: m.notes.question is not None, _asks_which_day),
    Move(
        "look",
        lambda m: _books_visit(m)
        and m.notes.slot is None
        and m.notes.looked_for != (m.notes.wish_start or "any"),
        _looks,
        tool="check_availability",
    ),
    Move("offer", lambda m: _books_visit(m) and m.notes.slot is None, _offers),
    Move("terms", lambda m: _books_visit(m) and _needs_terms(m), _tells_terms, most=3),
    Move(
        "notes",
        lambda m: _books_visit(m)
        and not m.notes.notes_known
        and not (m.style.forgets_notes and not m.tries("book")),
        _asks_notes,
        most=3,
    ),
    Move("book", lambda m: _knows_contact(m) and m.notes.slot is not None, _books, tool="book_appointment", most=7),
    Move("stuck", lambda m: _books_visit(m), _gives_up, most=1),
    Move("else", lambda m: not m.notes.ended, _nothing_left, most=3),
    Move("close", lambda m: not m.notes.ended, _goodbye, most=2),
)
# These send everybody out: a model says so where code has not.
_OUT_AT_ONCE = ("gas_leak", "fire_smoke", "carbon_monoxide")

