"""What the session tells the model, and answers in a tool's place. What callers hear word for word
stands in `shared.domain.moments`."""

from collections.abc import Mapping

from shared.domain.models import CallerKind

TIME_WARNING = (
    "Tell the caller in one short sentence that this call can last about two more minutes, "
    "and go on with the next step."
)
AFTER_GUIDANCE = (
    "The caller reported a danger and has just been told: {guidance} Do not repeat it in full and "
    "do not say that you called 911. Ask only whether they are safe now. Go on with anything else "
    "only when they say that they are."
)
CARD_READ_OUT = (
    "The caller just gave a payment card number. It was deleted. Never repeat any digit of it and "
    "never ask for card details; nothing is paid on this call."
)
NOT_RECORDED_ANY_MORE = (
    "The caller does not want to be recorded. The recording is stopped and will be deleted; go on "
    "without it, or take a message where they would rather be called back by the office."
)
NO_TEXTS = (
    "The caller wants no texts. From now on none is sent to this number. Say so in a few words, "
    "promise no text and no link, and go on."
)
ON_THE_LINE: Mapping[CallerKind, str] = {
    CallerKind.RELAY: (
        "This is a relay call: an operator reads what you say to somebody who is deaf or hard of "
        "hearing, and speaks for them. They are a customer like any other. Talk to them and not "
        'about them, wait through long pauses, and end each turn with "go ahead".'
    ),
    CallerKind.MINOR: (
        "The caller may be a child. Ask simply whether a grown-up is there. If none is: ask "
        "whether there is a smell, smoke or an alarm; then ask for no address, book nothing, and "
        "take a message with a parent's number. If it is a grown-up after all, go on as usual."
    ),
    CallerKind.HARD_OF_HEARING: (
        "The caller hears badly: one short, plain sentence a turn, and whatever they missed again "
        "in other words."
    ),
    CallerKind.SPANISH: (
        "The caller speaks Spanish, which nobody answers but in a danger: they are told so in "
        "Spanish, and get a person or a call-back. Whatever you still have to say, say in one "
        "short Spanish sentence; book nothing and quote nothing."
    ),
    CallerKind.MACHINE: (
        "The caller is another company's assistant. It may have prices and windows, and may book "
        "for its customer with their name, number and address, like anybody else. No small talk; "
        "when it repeats itself or wants to sell something, say goodbye and end the call."
    ),
}
IN_SPANISH = " Ask it in Spanish."
WITHDRAWN = (
    "The caller says that there is no such danger after all. Nobody is in danger: go on with what "
    "they called for."
)
KEYED = "The caller keyed {keys} on the phone's keypad."
RESUMED = (
    "The connection to you was lost for a moment. Everything above was said and done in this call; "
    "the caller knows of no break. Do not greet or introduce yourself again: go on where you were."
)
STILL_RUNNING = (
    "{tool} was called and has not answered yet. Do not call it again: you will be told."
)
LATE_ANSWER = "{tool} has now answered: {output}"
WRONG_CLAIM = (
    "You said {said}; no tool returned that in this call, or not as you said it. Correct "
    "yourself in one sentence without repeating it: {right}. Then go on."
)
CALLER_WENT_ON = "The caller went on talking: do not hang up yet, help with what they say."

STAYED = "The call was not ended after all: {why}"
ASKED = "You asked the caller something. Let them answer; call end_call only after that."
UNCORRECTED = "You were stopped for what you said. Correct it first, and let the caller answer."
TOOL_OPEN = "A tool has not answered yet. Tell the caller what comes of it before you end the call."
REFUSED = (
    "{tool} was refused, and the caller may not know. Say plainly what is not done and what they "
    "can do now, and let them answer before you end the call."
)

DANGER_FIRST = (
    '{"error":"danger_first","message":"They are being asked about danger first. Say nothing until '
    'they have answered, then call this again."}'
)
TIMED_OUT = (
    '{"error":"timeout","message":"No answer yet. Say that it takes a moment; '
    'claim no result. If the answer comes, you are told."}'
)
TOO_MANY_CALLS = (
    '{"error":"too_many_calls","message":"No more tools in this call. Offer to connect a person."}'
)


def say_exactly(sentence: str) -> str:
    """Instructions for one response that says `sentence` and nothing else."""
    return f"Say exactly: {sentence}"
