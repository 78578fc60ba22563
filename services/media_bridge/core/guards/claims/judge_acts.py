"""Whether something that was said to be done, or so, is so in this call."""

import re

from services.media_bridge.core.guards.claims.claim import Deed
from services.media_bridge.core.guards.claims.ledger import Ledger
from shared.domain.facts import ToolFactKind as Is
from shared.schema import ToolName

_BY_FACT: dict[Deed, tuple[Is, ...]] = {
    Deed.MOVED: (Is.MOVED_OFF,),
    Deed.CANCELED: (Is.CANCELED, Is.MOVED_OFF),
    Deed.REFUNDED: (Is.REFUNDED,),
    Deed.REFUND_ASKED: (Is.REFUND_ASKED, Is.REFUNDED, Is.MESSAGE_TAKEN, Is.CALLBACK),
    Deed.TEXTED: (Is.TEXTED,),
    Deed.MESSAGE: (Is.MESSAGE_TAKEN, Is.ALERTED, Is.REFUND_ASKED, Is.CALLBACK),
    Deed.TRANSFER: (Is.TRANSFER,),
    Deed.ALERTED: (Is.ALERTED, Is.TRANSFER),
    Deed.ON_THE_WAY: (Is.ON_THE_WAY,),
    Deed.PAID: (Is.PAID,),
}
_DONE = (
    Is.BOOKED, Is.CANCELED, Is.MESSAGE_TAKEN, Is.NOTED, Is.FOUND, Is.TRANSFER, Is.ALERTED,
    Is.TEXTED,
)  # fmt: skip
# What notes are about.
_NOTES = frozenset(
    ("gate", "alarm", "dog", "cat", "code", "parking", "key", "door", "side", "lockbox", "buzzer",
     "pets", "pet")
)  # fmt: skip
_BOTH = re.compile(r" both(?: \w+)? (?:visits|are|of them)| two visits ")


def is_so(deed: Deed, text: str, ledger: Ledger) -> bool:
    """`text` is the plain text of the sentence that says so."""
    match deed:
        case Deed.BOOKED:
            running = ledger.runs(ToolName.BOOK_APPOINTMENT)
            return not running and len(ledger.standing) > (_BOTH.search(text) is not None)
        case Deed.ALL_SET:
            return ledger.has(*_DONE) and not ledger.running - {ToolName.END_CALL}
        case Deed.TEXTED_AGAIN:
            return ledger.count(Is.TEXTED) > 1
        case Deed.NOTED:
            return _is_noted(text, ledger)
        case Deed.TRANSFER if not ledger.has(Is.CALLBACK, Is.ALERTED):
            return ledger.has(Is.TRANSFER) or ledger.runs(ToolName.ESCALATE_TO_HUMAN)
    return ledger.has(*_BY_FACT.get(deed, ()))


def _is_noted(text: str, ledger: Ledger) -> bool:
    """A note was saved; and where the words tell what it says, these words stand in it."""
    known = ledger.words(Is.NOTED, Is.BOOKED)
    named = set(re.findall(r"[a-z]{3,}", text)) & _NOTES
    if named:
        return named <= known | {"code", "codes"} if "alarm" not in named else "alarm" in known
    return ledger.has(Is.NOTED)
