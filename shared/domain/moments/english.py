"""What is said at each moment, in English.

Three wordings where it may be said again in a call: none is used twice (`Wordings`). The first of a
sentence with parts is the shortest. Of a disclosure the business's file has the words.
"""

from collections.abc import Mapping
from typing import Final

from shared.domain.models import HazardCategory as C
from shared.domain.moments.table import CallMoment as M

WORDINGS: Final[Mapping[M, tuple[str, ...]]] = {
    M.CUT_OFF: ("We were cut off; shall we go on?",),
    M.IN_DANGER: (
        "Is anybody there in danger right now?",
        "Is anyone in danger at the moment?",
        "Just to be sure: is anybody in danger there?",
    ),
    M.PRICE: (
        "{price} Would you like to schedule?",
        "{price} Shall we find a time?",
        "{price} Do you want to book it?",
    ),
    M.COVERED: (
        "Since that may be covered, {office}. Would you like to schedule?",
        "That may be covered, so {office}. Shall we find a time?",
        "If it is covered or not, {office}. Do you want to book it?",
    ),
    M.WINDOWS: (
        "Would {first} work{alone}{others}?",
        "How about {first}{others}?",
        "Does {first} suit you{others}?",
        "What about {first}{others}?",
        "Would you like {first}{others}?",
    ),
    M.READ_BACK: (
        "So that's {all}. Is that right?",
        "Thanks. I have {all} now. Did I get that right?",
        "Okay, {all}. Is that correct now?",
        "Let me check: {all}. Right?",
        "And now {all}. Is that it?",
    ),
    M.TERMS: (
        "Okay, {all}. Shall I book?",
        "So it's {all}. Shall I book it?",
        "Then it's {all}. Should I book that?",
        "That's {all}. Do I book it?",
        "Now it's {all}. Go ahead and book?",
    ),
    M.MOVE: (
        "So it's {all}. Shall I move it?",
        "Then it's {all}. Shall I move it so?",
        "Okay, {all}. Should I move it?",
    ),
    M.CALL_OFF: (
        "{money} Shall I {all}?",
        "{money} Should I {all}?",
        "{money} So I {all}?",
    ),
    M.BOOKED: (
        "All set, {when}. {rest} Anything we should note?",
        "You're booked for {when}. {rest} Anything else we should note?",
        "That's booked, {when}. {rest} Is there anything we should note?",
    ),
    M.MOVED: (
        "{said} {rest} Anything we should note?",
        "Done. {said} {rest} Anything else we should note?",
        "All right. {said} {rest} Is there anything we should note?",
    ),
    M.CALLED_OFF: (
        "Your visit {when} is canceled. {money} Anything else?",
        "I've canceled your visit {when}. {money} Is there anything else?",
        "The visit {when} is off. {money} Can I do anything else?",
    ),
    M.OUT_OF_AREA: (
        "I'm sorry, we don't serve {place}. Did I hear that right?",
        "Sorry, {place} is outside our area. Is there another address?",
        "We don't get to {place}, I'm afraid. Can I do anything else?",
    ),
    M.NO_CARDS: (
        "Please don't give me a card number. Nothing is paid on this call, so I don't need one. "
        "Shall we go on?",
        "No card numbers, please; nothing is paid on this call. Can we go on?",
        "I can't take card numbers, and I don't need one. Ready to go on?",
    ),
    M.RECORDING_OFF: (
        "I've turned the recording off, and what was recorded will be deleted. "
        "Shall we go on, or should our office call you back?",
    ),
    M.AN_AI: (
        "I'm an AI assistant, not a person. Shall we go on?",
        "You're talking to an AI; I can get you a person. Should we go on?",
        "No person here, I'm the AI assistant. Can we go on?",
    ),
    M.SAY_AGAIN: (
        "Sorry, I didn't catch that. Could you say it again?",
        "I'm sorry, I missed that. Once more, please?",
        "That didn't come through. Would you repeat it?",
    ),
    M.STILL_THERE: (
        "Are you still there?",
        "Hello, can you hear me?",
        "I can't hear you. Are you there?",
    ),
    # Played from clips, each once in a call.
    M.WAITING: (
        "One moment, please.",
        "Thank you for waiting. I'll be right with you.",
        "I'm still here. Just a moment longer.",
    ),
    M.HAND_OVER: ("I'm connecting you with a person now. One moment, please.",),
    M.NOBODY: (
        "Nobody{about} can be reached now. {promised} What should I pass on?",
        "There's nobody{about} right now. {promised} What may I pass on?",
        "I can't reach anybody{about}. {promised} What should I tell them?",
    ),
    M.MESSAGE: (
        "{say} Anything else?",
        "Okay. {say} Is there anything else?",
        "All right. {say} Can I do anything else?",
    ),
    M.GOODBYE: (
        "Thank you for calling. Goodbye.",
        "Thanks for your call. Bye now.",
        "We appreciate your call. Goodbye.",
    ),
}
# In place of the disclosure where this call is recorded, as the one before was.
CUT_OFF_RECORDED: Final = "We were cut off. This call is recorded, too; shall we go on?"
# The last words of the terms where the number may be texted: the yes that books is one to texts.
WITH_TEXTS: Final[Mapping[str, str]] = {
    "Shall I book?": "Book and text?",
    "Shall I book it?": "Book it and text?",
    "Should I book that?": "Book that and text?",
    "Do I book it?": "Book it and text you?",
    "Go ahead and book?": "Book that and text you?",
}
# By trade; at most twelve words, and a yes to each is a danger.
DANGER_QUESTIONS: Final[Mapping[str, str]] = {
    "hvac": "First, any gas smell, smoke, or carbon monoxide alarm right now?",
    "plumbing": "First, any gas smell, sewage, or water near anything electrical?",
    "electrical": "First, any sparks, smoke, a burning smell, or anyone shocked?",
}
# Of a business with several trades, while nobody knows which of them the job is.
OF_ANY_TRADE: Final = "First, any gas smell, smoke, sparks, sewage, or carbon monoxide alarm?"
# What it begins with where it was cut off, by a card number say, and is asked anew.
ASKED_FIRST: Final = "First, "
ASKED_ANEW: Final = ("Again, ", "Once more, ")
# What a caller in danger is told first. The first sentence is complete and short: whoever hears no
# more knows what to do. Each is spoken in one breath; the agent never dials 911 itself.
GUIDANCE: Final[Mapping[C, str]] = {
    C.GAS_LEAK: (
        "Please leave the building now and take everyone with you. This could be a gas leak. "
        "Don't touch any switches, flames, appliances or the garage opener, and don't stay on "
        "this phone inside. From outside, call 911 and your gas utility, and go back in only "
        "when they say so."
    ),
    C.FIRE_SMOKE: (
        "Please get everyone out now, and call 911 from outside. Stay out of the building, and "
        "don't go back in for anything."
    ),
    C.CARBON_MONOXIDE: (
        "Please get everyone outside to fresh air now, and call 911. This could be carbon "
        "monoxide, which you can't see or smell. Count heads, and don't go back in until the "
        "responders say it's safe."
    ),
    C.ELECTRICAL_HAZARD: (
        "Please don't touch it, and keep everyone away. If there is smoke, fire or sparks, or "
        "anyone was shocked, get out and call 911, and don't touch a person still in contact "
        "with it. Stay at least 35 feet from any downed line, and don't use water on it."
    ),
    C.FLOOD_ELECTRICAL: (
        "Please stay out of the water, and keep everyone out of it. Don't go to the breaker "
        "box if you'd have to stand in water; ask your electric utility to cut the power at "
        "the meter. If you feel a tingle or a shock, or anyone is in the water, call 911."
    ),
    C.SEWAGE: (
        "Please stop flushing and running water, and stay away from it. Keep children and pets "
        "out, and if it gets near outlets, stay out of that room."
    ),
    C.NO_HEAT_FREEZING: (
        "Please look after infants and older people first. If you can't keep the home warm, "
        "stay somewhere that is. Never heat with an oven, stove, grill or generator, and keep "
        "space heaters three feet from everything. If anyone is confused or their speech is "
        "slurred, call 911."
    ),
    C.MAJOR_LEAK: (
        "Please shut the main water valve, if you can reach it dry. Keep away from wet "
        "ceilings and from outlets, and don't step into water that may touch one."
    ),
}
