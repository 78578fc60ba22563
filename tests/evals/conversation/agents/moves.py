"""What the paraphrasing model does, in the order in which it comes to it: one table, MOVES.

A tool that is new is taught with a row: when it is to be called, and with what. `tool` keeps the
row out of sessions that do not have it, and a row before another takes its place.
"""

from services.simulator.receptionist import Say
from tests.evals.conversation.agents import asides, existing, visit
from tests.evals.conversation.agents.asides import CHANGES
from tests.evals.conversation.agents.mind import Mind, Move
from tests.evals.conversation.meaning import Ask
from tests.evals.conversation.topics import Topic


def _wants_visit(mind: Mind) -> bool:
    return mind.notes.about in (Ask.BOOK, Ask.PRICE) and mind.notes.booked is None


def _books_visit(mind: Mind) -> bool:
    """The steps of a booking: for who calls for one, and who is ready for one after the price."""
    notes = mind.notes
    return _wants_visit(mind) and (notes.about is Ask.BOOK or notes.may_find)


def _knows_contact(mind: Mind) -> bool:
    return _books_visit(mind) and not mind.notes.missing


def _changes(mind: Mind) -> bool:
    """A visit of before was found, and is still to be moved or called off."""
    notes = mind.notes
    return notes.about in CHANGES and notes.visit is not None and not notes.changed


def _price_is_due(mind: Mind) -> bool:
    notes = mind.notes
    first = notes.about is Ask.PRICE or mind.style.price_first
    return _wants_visit(mind) and (first or not notes.missing)


MOVES: tuple[Move, ...] = (
    Move("correct", lambda m: m.notes.correction is not None, asides.corrects, goes_on=True),
    Move("wait", lambda m: bool(m.notes.pending - {"end_call"}), asides.waits),
    Move("not_ours", lambda m: any(a in asides.NOT_OURS for a in m.notes.asks), asides.not_ours),
    Move(
        "report",
        lambda m: m.notes.danger is not None and not m.tries("report"),
        asides.reports,
        tool="report_danger",
    ),
    Move(
        "guide",
        lambda m: (
            m.notes.danger in asides.OUT_AT_ONCE
            and not m.notes.guided
            and not m.session.has("report_danger")
        ),
        asides.guides,
        goes_on=True,
    ),
    Move("safe", lambda m: m.notes.guided and not m.notes.safe, asides.asks_safe, most=2),
    Move(
        "escalate",
        lambda m: Ask.PERSON in m.notes.asks,
        asides.escalates,
        tool="escalate_to_human",
        most=2,
    ),
    Move("repeat", lambda m: Ask.REPEAT in m.notes.asks, asides.repeats, most=4),
    Move("nobody", lambda m: m.notes.escalated == "callback", asides.nobody),
    Move("turn_to", lambda m: True, asides.turns_to, goes_on=True),
    Move(
        "answer",
        lambda m: any(asides.is_small(m, a) for a in m.notes.asks),
        asides.answers,
        goes_on=True,
    ),
    Move("outside", lambda m: m.notes.refusal == "outside_service_area", asides.outside),
    Move("give_up", lambda m: m.notes.refusal is not None, asides.gives_up),
    Move(
        "tell_booked",
        lambda m: m.notes.booked is not None and not m.notes.is_booked_told,
        visit.tells_booked,
    ),
    Move("goodbye", lambda m: m.notes.heard_bye and not m.notes.ended, asides.goodbye, most=4),
    Move(
        "tell_message",
        lambda m: m.notes.message_taken and not m.tries("tell_message"),
        asides.tells_message,
    ),
    Move(
        "danger",
        lambda m: (
            _wants_visit(m)
            and m.session.asks_danger
            and Topic.DANGER not in m.notes.asked
            and not m.notes.danger
        ),
        asides.asks_danger,
        most=2,
    ),
    Move(
        "problem",
        lambda m: _wants_visit(m) and "problem" not in m.notes.facts,
        lambda m: [Say(m.words.say("problem"))],
    ),
    Move(
        "equipment",
        lambda m: (
            _wants_visit(m)
            and m.style.asks_equipment
            and "furnace" in m.notes.facts.get("problem", "")
            and Topic.EQUIPMENT not in m.notes.asked
        ),
        lambda m: [*asides.ack(m), Say(m.words.say("equipment"))],
    ),
    # -- a message for the office
    Move(
        "message_name",
        lambda m: m.notes.about is Ask.MESSAGE and "name" not in m.notes.facts,
        lambda m: [*asides.ack(m), Say(m.words.say("name"))],
        most=2,
    ),
    Move(
        "message",
        lambda m: m.notes.about is Ask.MESSAGE and "message" not in m.notes.facts,
        asides.asks_message,
        most=2,
    ),
    Move(
        "take_message",
        lambda m: m.notes.about is Ask.MESSAGE and not m.notes.message_taken,
        asides.takes_message,
        tool="take_message",
        most=2,
    ),
    # -- a visit of before
    Move(
        "whose",
        lambda m: m.notes.about in CHANGES and "name" not in m.notes.facts,
        existing.asks_name,
        most=2,
    ),
    Move(
        "find",
        lambda m: m.notes.about in CHANGES and m.notes.visit is None,
        existing.finds,
        tool="find_appointment",
        most=2,
    ),
    Move(
        "await_change", lambda m: _changes(m) and bool(m.notes.read), lambda m: [Say("")], most=20
    ),
    Move(
        "call_off",
        lambda m: _changes(m) and m.notes.about is Ask.CANCEL,
        existing.cancels,
        tool="cancel_appointment",
        most=3,
    ),
    Move("when", lambda m: _changes(m) and m.notes.wish_start is None, existing.asks_day, most=2),
    Move(
        "look_again",
        lambda m: _changes(m) and m.notes.slot is None and m.notes.looked_for != m.notes.wish_start,
        existing.looks,
        tool="check_availability",
        most=3,
    ),
    Move(
        "move",
        lambda m: _changes(m) and m.notes.slot is not None,
        existing.moves,
        tool="reschedule_appointment",
        most=4,
    ),
    # -- a visit
    Move(
        "quote_and_look",
        lambda m: (
            m.session.at_once
            and m.notes.about is Ask.BOOK
            and _knows_contact(m)
            and m.notes.quote is None
            and m.notes.looked_for is None
        ),
        visit.quotes_and_looks,
        tool="get_pricing_quote",
        most=2,
    ),
    Move(
        "quote",
        lambda m: (
            _price_is_due(m)
            and m.notes.quote is None
            and not (m.session.at_once and m.notes.about is Ask.BOOK and m.notes.missing)
        ),
        visit.quotes,
        tool="get_pricing_quote",
        most=2,
    ),
    Move(
        "tell_price",
        lambda m: m.notes.quote is not None and not m.notes.quote_told,
        visit.tells_price,
        most=3,
        goes_on=True,
    ),
    Move(
        "contact", lambda m: _books_visit(m) and bool(m.notes.missing), visit.asks_contact, most=8
    ),
    Move(
        "zip_again",
        lambda m: _knows_contact(m) and m.style.forgets_zip and "zip" not in m.notes.facts,
        lambda m: [Say(m.words.say("zip_again"))],
        most=1,
    ),
    # Code reads back what confirm_details was given; until the caller answers nothing is said.
    Move(
        "await",
        lambda m: bool(m.notes.read),
        lambda m: [Say("")],
        tool="confirm_details",
        most=20,
    ),
    Move(
        "confirm",
        lambda m: _knows_contact(m) and bool(m.notes.unconfirmed) and not m.session.at_once,
        visit.confirms_by_tool,
        tool="confirm_details",
        most=4,
    ),
    Move(
        "read_back",
        lambda m: (
            _knows_contact(m) and not m.session.has("confirm_details") and bool(m.notes.unconfirmed)
        ),
        visit.reads_back,
        most=8,
    ),
    Move(
        "ask_find",
        lambda m: _wants_visit(m) and not m.notes.may_find,
        lambda m: [Say(m.words.say("price_then"))],
        most=2,
    ),
    Move("which_day", lambda m: m.notes.question is not None, visit.asks_which_day),
    Move(
        "look",
        lambda m: (
            _books_visit(m)
            and m.notes.slot is None
            and m.notes.looked_for != (m.notes.wish_start or "any")
        ),
        visit.looks,
        tool="check_availability",
    ),
    Move("offer", lambda m: _books_visit(m) and m.notes.slot is None, visit.offers),
    Move(
        "terms",
        lambda m: _books_visit(m) and visit.needs_terms(m) and not m.session.at_once,
        visit.tells_terms,
        most=3,
    ),
    Move(
        "notes",
        lambda m: (
            _books_visit(m)
            and not m.session.at_once
            and not m.notes.notes_known
            and not (m.style.forgets_notes and not m.tries("book"))
        ),
        visit.asks_notes,
        most=3,
    ),
    Move(
        "book",
        lambda m: _knows_contact(m) and m.notes.slot is not None,
        visit.books,
        tool="book_appointment",
        most=7,
    ),
    Move(
        "add_note",
        lambda m: (
            m.notes.booked is not None
            and "notes" in m.notes.facts
            and m.notes.booked_with != m.notes.facts["notes"]
        ),
        visit.adds_note,
        tool="add_note",
        most=3,
    ),
    Move("stuck", lambda m: _books_visit(m), asides.gives_up, most=1),
    Move("else", lambda m: not m.notes.ended, asides.nothing_left, most=3),
    Move("close", lambda m: not m.notes.ended, asides.goodbye, most=2),
)
