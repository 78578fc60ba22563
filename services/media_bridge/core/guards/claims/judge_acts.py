"""Whether something that was said to be done was done in this call."""

import re

from services.media_bridge.core.guards.claims.act import Act
from services.media_bridge.core.guards.claims.actions import ActClaim
from services.media_bridge.core.guards.claims.claim import ClaimVerdict
from services.media_bridge.core.guards.claims.ledger import Ledger
from shared.domain.facts import ToolFactKind as Is
from shared.schema import ToolName

_BY_FACT: dict[Act, tuple[Is, ...]] = {
    Act.CANCELED: (Is.CANCELED, Is.MOVED_OFF),
    Act.REFUNDED: (Is.REFUNDED,),
    Act.REFUND_ASKED: (Is.REFUND_ASKED, Is.REFUNDED),
    Act.TEXTED: (Is.TEXTED,),
    Act.MESSAGE: (Is.MESSAGE_TAKEN, Is.ALERTED, Is.REFUND_ASKED),
    Act.TRANSFER: (Is.TRANSFER,),
    Act.ALERTED: (Is.ALERTED, Is.TRANSFER),
    Act.ON_THE_WAY: (Is.ON_THE_WAY,),
    Act.PAID: (Is.PAID,),
}
# Wrong as these are, the model may be about to do them: the tool's call follows its words.
_SOFT = frozenset(
    (
        Act.NOTED,
        Act.MESSAGE,
        Act.TRANSFER,
        Act.ALERTED,
        Act.PROMISE,
        Act.REFUND_ASKED,
        Act.OPTED_OUT,
        Act.OTHER,
    )
)
_DONE = (
    Is.BOOKED,
    Is.CANCELED,
    Is.MESSAGE_TAKEN,
    Is.NOTED,
    Is.FOUND,
    Is.TRANSFER,
    Is.ALERTED,
    Is.TEXTED,
)
# What notes are about.
_NOTES = frozenset(
    ("gate", "alarm", "dog", "cat", "code", "parking", "key", "door", "side", "lockbox", "buzzer",
     "pets", "pet")
)  # fmt: skip


def judge_act(claim: ActClaim, ledger: Ledger) -> ClaimVerdict:
    if _is_so(claim, ledger):
        return ClaimVerdict.SUPPORTED
    return ClaimVerdict.UNSURE if claim.act in _SOFT else ClaimVerdict.CONTRADICTED


def _is_so(claim: ActClaim, ledger: Ledger) -> bool:
    act = claim.act
    if act is Act.BOOKED:
        return _is_booked(claim, ledger)
    if act is Act.MOVED:
        return ledger.has(Is.MOVED_OFF)
    if act is Act.ALL_SET:
        return ledger.has(*_DONE) and not ledger.running - {ToolName.END_CALL}
    if act is Act.TEXTED_AGAIN:
        return ledger.count(Is.TEXTED) > 1
    if act is Act.NOTED:
        return _is_noted(claim, ledger)
    if act is Act.TRANSFER and not ledger.has(Is.CALLBACK, Is.ALERTED):
        return ledger.has(Is.TRANSFER) or ledger.runs(ToolName.ESCALATE_TO_HUMAN)
    if act is Act.OTHER:
        return any(
            fact.kind not in (Is.OFFERED, Is.FOUND, Is.PAID, Is.ON_THE_WAY) for fact in ledger.facts
        )
    kinds = _BY_FACT.get(act)
    return kinds is not None and ledger.has(*kinds)


def _is_booked(claim: ActClaim, ledger: Ledger) -> bool:
    if ledger.runs(ToolName.BOOK_APPOINTMENT):
        return False
    both = re.search(r" both(?: \w+)? (?:visits|are|of them)| two visits ", claim.text) is not None
    return len(ledger.standing) > both


def _is_noted(claim: ActClaim, ledger: Ledger) -> bool:
    """A note was saved; and where the words tell what it says, these words stand in it."""
    known = ledger.words(Is.NOTED, Is.BOOKED)
    named = set(re.findall(r"[a-z]{3,}", claim.text)) & _NOTES
    if named:
        return named <= known | {"code", "codes"} if "alarm" not in named else "alarm" in known
    return ledger.has(Is.NOTED)
