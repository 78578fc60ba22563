"""Whether something that was said to be done was done in this call."""

import re

from services.media_bridge.core.guards.claims.actions import Act, ActClaim
from services.media_bridge.core.guards.claims.claim import Verdict
from services.media_bridge.core.guards.claims.ledger import Ledger
from shared.domain.facts import FactKind as Is
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
_SOFT = frozenset((Act.NOTED, Act.MESSAGE, Act.TRANSFER, Act.ALERTED, Act.PROMISE, Act.REFUND_ASKED, Act.OPTED_OUT))
_DONE = (Is.BOOKED, Is.CANCELED, Is.MESSAGE_TAKEN, Is.NOTED, Is.FOUND, Is.TRANSFER, Is.ALERTED, Is.TEXTED)
_COMMON = frozenset("""the a an and or is it that this your you on in to for with of i we have has been job note notes
added saved also too now just got all visit appointment made put file so okay use day days one s technician there
they their be at about will know them crew will monday tuesday wednesday thursday friday saturday sunday""".split())


def judge_act(claim: ActClaim, ledger: Ledger) -> Verdict:
    if _is_so(claim, ledger):
        return Verdict.SUPPORTED
    return Verdict.UNSURE if claim.act in _SOFT else Verdict.CONTRADICTED


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
    told = {word for word in re.findall(r"[a-z]{3,}", claim.text)} - _COMMON
    named = told & {"gate", "alarm", "dog", "cat", "code", "parking", "key", "door", "side", "lockbox", "buzzer", "pets", "pet"}
    if named:
        return named <= known | {"code", "codes"} if "alarm" not in named else "alarm" in known
    return ledger.has(Is.NOTED)
