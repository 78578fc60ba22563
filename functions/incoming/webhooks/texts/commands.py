"""What a text asks for where it is a word alone; a sentence is no command."""

# Twilio's opt-out words: it texts nobody who sent one of them, whatever we do.
OPT_OUT = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out"}
)
# ... which may well be meant of the visit.
UNCLEAR = frozenset({"cancel", "end", "quit"})
OPT_IN = frozenset({"start", "unstop"})
HELP = frozenset({"help", "info"})  # Twilio answers these itself
YES = frozenset({"y", "yes", "yes please", "yep", "yeah"})
NO = frozenset({"n", "no", "no thanks", "nope"})
MOVE = frozenset({"r", "reschedule"})
CALL_OFF = frozenset({"c"})


def word_of(body: str) -> str:
    """The text as a command would be written.

    >>> word_of(" Stop. ")
    'stop'
    """
    return " ".join(body.strip(" \t\r\n.!\"'").lower().split())
