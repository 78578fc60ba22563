"""The receptionist's sentences: each question in two wordings, figures only from the tools."""

from datetime import date

from services.simulator.receptionist.briefing import Briefing
from services.simulator.receptionist.hearing import windows
from services.simulator.receptionist.hearing.phone import in_groups
from services.simulator.receptionist.notes import Ask, Json, Notes

GUIDANCE = "Please get everyone outside right now, and call 911 from there."
NOT_CAUGHT = "Sorry, I didn't catch that."
NO_CARDS = "Please don't read out a card number. Nothing is paid on this call."
TEN_DIGITS = (
    "Sorry, I need all ten digits. Could you say the number again slowly, one digit at a time?"
)
_QUESTIONS: dict[Ask, tuple[str, str]] = {
    Ask.PROBLEM: ("How can I help you today?", "What is going on there?"),
    Ask.DANGER: (
        "Is anyone smelling gas or smoke, or is a carbon monoxide alarm sounding?",
        "Just to be safe: do you smell gas or smoke, or hear a carbon monoxide alarm, yes or no?",
    ),
    Ask.SAFE: ("Are you safe and outside?", "Is everyone out of the house and safe?"),
    Ask.VISIT: (
        "Would you like me to schedule a technician?",
        "Shall I schedule a technician to come out?",
    ),
    Ask.NAME: ("May I have your name, please?", "Could you tell me your first and last name?"),
    Ask.PHONE: (
        "What's the best callback number?",
        "Which phone number can we reach you at?",
    ),
    Ask.ADDRESS: (
        "What's the service address?",
        "Where should the technician come, with house number and street?",
    ),
    Ask.FIND_TIME: ("Shall I find you a time?", "Would you like me to find you a time?"),
    Ask.PRICE_OK: ("Shall I go ahead?", "Would you like me to book it at that price?"),
    Ask.NOTES: (
        "Anything the technician should know, like a gate code or pets?",
        "Is there a gate code, a pet, or anything else I should note for the technician?",
    ),
    Ask.BOOKED_UNDER: (
        "Under which phone number was it booked?",
        "Which number was the visit booked under, all ten digits?",
    ),
    Ask.CODE: (
        "I've asked for a code to be texted to that number. Could you key in the six digits?",
        "Please key the six digits from the text, or read them to me.",
    ),
    Ask.WHEN: ("When would you like it instead?", "Which day would suit you better?"),
    Ask.MESSAGE: ("What's the message?", "What should I pass on?"),
    Ask.ELSE: ("Is there anything else?", "Can I help with anything else?"),
}


def question(ask: Ask, notes: Notes, briefing: Briefing, *, again: bool = False) -> str:
    """Return an open question as one sentence, in other words when asked again."""
    match ask:
        case Ask.PHONE_OK:
            said = in_groups(notes.phone or "")
            return (
                f"The number is {said}. Is that correct?"
                if again
                else f"I have {said}. Is that right?"
            )
        case Ask.PHONE if offers_own_number(notes, briefing):
            own = in_groups(briefing.caller or "")
            return f"Is {own}, the number you're calling from, the best one to reach you?"
        case Ask.ADDRESS_OK:
            said = str(notes.address)
            return (
                f"I wrote down {said}. Is that correct?"
                if again
                else f"That's {said}. Is that right?"
            )
        case Ask.ADDRESS if notes.address.street and not notes.address.number:
            return f"What's the house number on {notes.address.street}?"
        case Ask.ADDRESS if notes.address.number and not notes.address.street:
            return f"And which street is number {notes.address.number} on? I need the full address."
        case Ask.WINDOW:
            return offer(notes, briefing, again=again)
        case _:
            return _QUESTIONS[ask][again]


def offers_own_number(notes: Notes, briefing: Briefing) -> bool:
    """Whether the number on the display is asked about, before any other."""
    return briefing.caller is not None and not notes.own_number_refused


def offer(notes: Notes, briefing: Briefing, *, again: bool = False) -> str:
    """Return the two windows on offer as a question."""
    said = [windows.spoken(slot, notes.today or briefing.today) for slot in offered(notes)]
    if len(said) == 1:
        return f"I can do {said[0]}. Does that work?"
    if again:
        return f"There's {said[0]}, and there's {said[1]}. Which would you like?"
    return f"I can do {said[0]}, or {said[1]}. Which works?"


def offered(notes: Notes) -> list[Json]:
    """Return the windows on offer: two at a time."""
    return (notes.slots or [])[notes.offered_from : notes.offered_from + 2]


def money(value: object) -> str:
    """Return a figure of a tool as one says it."""
    return f"${value:,.0f}" if isinstance(value, int | float) else str(value)


def quoted(quote: Json, *, after_hours: bool) -> str:
    """Return a quote in words: the tool's own where it has them."""
    own = quote.get("say")
    if isinstance(own, str) and own:
        return own
    total = money(quote.get("total_estimate"))
    ranged = quote.get("range")
    if after_hours and quote.get("emergency_fee"):
        return (
            f"Typically this runs {ranged} at regular hours. It's after hours now, so tonight's "
            f"visit is {money(quote['emergency_fee'])}, and the estimate comes to about {total}."
        )
    return (
        f"Typically this runs {ranged}. The visit is {money(quote.get('service_call'))}, "
        f"and the estimate comes to about {total}."
    )


def quoted_again(slot: Json, today: date | None) -> str:
    """Return the figures of the window the caller picked, where its rate is another."""
    when = windows.spoken(slot, today)
    rate = "regular rates" if slot.get("rate") == "regular" else "the after-hours rate"
    said = (
        f"{when[:1].upper()}{when[1:]} is at {rate}: the visit is {money(slot.get('visit_fee'))}, "
        f"and the estimate about {money(slot.get('total_estimate'))}"
    )
    if slot.get("deposit") is not None:
        said += f", with a {money(slot['deposit'])} deposit"
    return said + "."


def booked(reply: Json, slot: Json | None, today: date | None) -> str:
    """Return the confirmation: the tool's own words where it has them."""
    own = reply.get("say")
    if isinstance(own, str) and own:
        return own
    when = f" for {windows.spoken(slot, today)}" if slot else ""
    deposit = f"a link for the {money(reply.get('deposit_amount'))} deposit"
    if reply.get("text_sent") is False:
        return f"You're all set{when}. The text with {deposit} will follow."
    return f"You're all set{when}. I've texted you {deposit}; pay when you can."


def goodbye(briefing: Briefing) -> str:
    """Return the last sentence of a call."""
    business = f" {briefing.business}" if briefing.business else ""
    return f"Thank you for calling{business}. Goodbye."
