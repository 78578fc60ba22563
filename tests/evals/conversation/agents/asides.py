"""What a playing model does beside booking: dangers, questions, messages, calls not for us."""

from services.simulator.receptionist import Act, Say, Use
from services.simulator.receptionist.notes import Json
from tests.evals.conversation.agents.mind import Mind
from tests.evals.conversation.meaning import Ask

# What a call that is not for us is: its wording, and end_call's `reason`.
NOT_OURS = {Ask.SELL: "spam", Ask.WRONG_NUMBER: "wrong_number", Ask.UNSERVED: "not_served"}
CHANGES = frozenset({Ask.MOVE, Ask.CANCEL})  # of a visit of before
# These send everybody out: a model says so where code has not.
OUT_AT_ONCE = ("gas_leak", "fire_smoke", "carbon_monoxide")
# How often a tool is announced all the same.
DISOBEYS = 0.15


def corrects(mind: Mind) -> list[Act]:
    """Code says what was wrong and what is right: say the right thing in a sentence."""
    text, mind.notes.correction = mind.notes.correction or "", None
    _, _, right = text.partition("without repeating it: ")
    right = right.rpartition(". Then go on")[0]
    if "$" not in right and " AM" not in right and " PM" not in right:
        return [Say("Sorry, let me put that right.")]  # told what not to say, not what is so
    return [Say(f"Let me correct that: {right}.")]


def waits(mind: Mind) -> list[Act]:
    return [Say("One moment.")]


def not_ours(mind: Mind) -> list[Act]:
    ask = next(ask for ask in mind.notes.asks if ask in NOT_OURS)
    mind.notes.asks.clear()
    said = mind.words.say(NOT_OURS[ask], business=mind.briefing.business or "us")
    return [Say(said), *_ended(mind, NOT_OURS[ask])]


def escalates(mind: Mind) -> list[Act]:
    mind.notes.asks = [ask for ask in mind.notes.asks if ask is not Ask.PERSON]
    said = [Say(mind.words.say("transfer"))] if mind.chance.random() < 0.7 else []
    arguments: Json = {"reason": "the caller asks for a person", "urgency": "normal"}
    return [*said, Use("escalate_to_human", {**arguments, "summary": mind.notes.heard_last[:200]})]


def repeats(mind: Mind) -> list[Act]:
    """They did not hear it: the same once more."""
    mind.notes.asks = [ask for ask in mind.notes.asks if ask is not Ask.REPEAT]
    return [Say(mind.notes.last_said or mind.words.say("problem"))]


def nobody(mind: Mind) -> list[Act]:
    mind.notes.escalated = "told"
    mind.notes.about = Ask.MESSAGE
    return [Say(mind.words.say("nobody"))]


def answers(mind: Mind) -> list[Act]:
    """Small things they want to know: an answer, and on with the call."""
    said: list[Act] = [
        Say(mind.words.say(ask.value)) for ask in mind.notes.asks if is_small(mind, ask)
    ]
    mind.notes.asks = [ask for ask in mind.notes.asks if not is_small(mind, ask)]
    return said


def is_small(mind: Mind, ask: Ask) -> bool:
    return ask.value in mind.words and ask not in (Ask.PRICE, Ask.MESSAGE, *NOT_OURS)


def turns_to(mind: Mind) -> list[Act]:
    """What the call is about, once they have said so; says nothing."""
    by_message = {Ask.EXISTING}
    if not mind.session.has("find_appointment"):
        by_message |= CHANGES
    for ask in (Ask.MESSAGE, Ask.EXISTING, *CHANGES, Ask.PRICE):
        if ask in mind.notes.asks:
            mind.notes.asks.remove(ask)
            mind.notes.about = Ask.MESSAGE if ask in by_message else ask
    return []


# -- danger ---------------------------------------------------------------------------------------


def reports(mind: Mind) -> list[Act]:
    notes = mind.notes
    arguments: Json = {"category": notes.danger, "words": notes.danger_words}
    notes.tries["report"] = 1
    return [Use("report_danger", arguments)]


def guides(mind: Mind) -> list[Act]:
    mind.notes.guided = True
    return [Say(mind.words.say("danger_talk"))]


def asks_safe(mind: Mind) -> list[Act]:
    return [Say(mind.words.say("safe"))]


def asks_danger(mind: Mind) -> list[Act]:
    leads = mind.chance.random() < mind.style.acks and not mind.tries("answer")
    lead = [Say(mind.words.say("sorry"))] if leads else []
    return [*lead, Say(mind.words.say("danger"))]


# -- messages and the end ------------------------------------------------------------------------


def takes_message(mind: Mind) -> list[Act]:
    facts = mind.notes.facts
    phone = facts.get("phone") or mind.session.caller or ""
    message = facts.get("message", "please call back")
    arguments: Json = {"name": facts.get("name", "A caller"), "phone": phone, "message": message}
    return [Use("take_message", arguments)]


def asks_message(mind: Mind) -> list[Act]:
    return [*ack(mind), Say(mind.words.say("message"))]


def tells_message(mind: Mind) -> list[Act]:
    return [Say(mind.words.say("message_taken")), Say(mind.words.say("else"))]


def gives_up(mind: Mind) -> list[Act]:
    """A booking that is refused for good, or nothing left to try: a person."""
    mind.notes.refusal = None
    if mind.session.has("escalate_to_human"):
        reason: Json = {"reason": "booking did not work", "summary": "", "urgency": "normal"}
        return [Say(mind.words.say("stuck")), Use("escalate_to_human", reason)]
    return [Say(mind.words.say("stuck"))]


def outside(mind: Mind) -> list[Act]:
    mind.notes.refusal = None
    mind.notes.about = Ask.UNSERVED
    return [Say(mind.words.say("not_served")), *_ended(mind, "not_served")]


def goodbye(mind: Mind) -> list[Act]:
    return [Say(mind.words.say("goodbye")), *_ended(mind, "completed")]


def _ended(mind: Mind, reason: str) -> list[Act]:
    return [Use("end_call", {"reason": reason})] if mind.session.has("end_call") else []


def nothing_left(mind: Mind) -> list[Act]:
    return [Say(mind.words.say("else"))]


def ack(mind: Mind) -> list[Act]:
    said: list[Act] = []
    often = 0.4 if mind.session.is_brief else 1.0
    if mind.notes.heard_last and mind.chance.random() < often * mind.style.acks:
        said.append(Say(mind.words.say("ack")))
    if mind.chance.random() < often * mind.style.chats:
        said.append(Say(mind.words.say("tail")))
    return said


def filler(mind: Mind, name: str) -> list[Act]:
    often = DISOBEYS if mind.session.is_silent else mind.style.fillers
    said = mind.chance.random() < often
    return [Say(mind.words.say(name))] if said else []


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
