"""Whether a day or a window is one that was offered, or that stands."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from services.media_bridge.core.guards.claims.claim import ClaimVerdict, WhenClaim
from services.media_bridge.core.guards.claims.ledger import Ledger
from shared.domain.facts import Fact, ToolFactKind
from shared.schema import ToolName

# The talk is of a window that stood before, too.
_PAST = re.compile(
    r" (?:canceled|off the|moved from|instead of|old|original|originally|gone|no longer|used "
    r"to)(?= )"
)


def judge_when(claim: WhenClaim, ledger: Ledger) -> ClaimVerdict:
    if claim.is_impossible:
        return ClaimVerdict.CONTRADICTED
    if claim.is_none:
        return _judge_none(claim, ledger)
    windows = _meant(claim, ledger)
    if not windows:
        return _unknown(claim, ledger)
    if claim.is_first and not claim.is_booked and not ledger.standing:
        known = [fact for fact in windows if fact.start is not None]
        windows = sorted(known, key=lambda fact: str(fact.start))[:1]
    fits = [fact for fact in windows if _fits(claim, fact)]
    if fits:
        return ClaimVerdict.UNSURE if claim.is_exact and ledger.standing else ClaimVerdict.SUPPORTED
    if any(_is_within(claim, fact) for fact in windows):
        return ClaimVerdict.SUPPORTED if claim.is_loose else ClaimVerdict.UNSURE
    return ClaimVerdict.CONTRADICTED if claim.is_plain else ClaimVerdict.UNSURE


def _judge_none(claim: WhenClaim, ledger: Ledger) -> ClaimVerdict:
    """ "Nothing tonight" where a window tonight was offered."""
    open_then = [fact for fact in ledger.offered if _fits(claim, fact)]
    return ClaimVerdict.CONTRADICTED if open_then else ClaimVerdict.SUPPORTED


def _meant(claim: WhenClaim, ledger: Ledger) -> Sequence[Fact]:
    if not ledger.standing:
        return ledger.offered
    if _PAST.search(claim.near):
        return [fact for fact in ledger.facts if fact.start is not None]
    if _offers_later(ledger) or not claim.is_booked:
        return (*ledger.standing, *ledger.offered)
    return ledger.standing


def _offers_later(ledger: Ledger) -> bool:
    """Windows were offered after what stands was booked: the talk is of these."""
    kinds = [fact.kind for fact in ledger.facts]
    last = max(
        (at for at, kind in enumerate(kinds) if kind in (ToolFactKind.BOOKED, ToolFactKind.FOUND)),
        default=-1,
    )
    return ToolFactKind.OFFERED in kinds[last + 1 :]


def _unknown(claim: WhenClaim, ledger: Ledger) -> ClaimVerdict:
    """Nothing was offered and nothing stands."""
    if ledger.runs(ToolName.CHECK_AVAILABILITY):
        return ClaimVerdict.UNSURE
    looked = ledger.has(ToolFactKind.OFFERED, ToolFactKind.CANCELED)
    if ledger.has(ToolFactKind.CANCELED):
        return ClaimVerdict.SUPPORTED
    return ClaimVerdict.CONTRADICTED if looked and claim.start is not None else ClaimVerdict.UNSURE


def _fits(claim: WhenClaim, fact: Fact) -> bool:
    if fact.start is None or fact.end is None:
        return False
    if claim.days is not None and fact.start.date() not in claim.days:
        return False
    return _fits_part(claim, fact.start, fact.end) and _fits_time(claim, fact.start, fact.end)


def _is_within(claim: WhenClaim, fact: Fact) -> bool:
    """A single time in a window that is not its beginning: "he may be there by three"."""
    if claim.start is None or claim.end is not None or fact.start is None or fact.end is None:
        return False
    if claim.days is not None and fact.start.date() not in claim.days:
        return False
    hour, minute = claim.start
    said = fact.start.replace(hour=hour % 24, minute=minute)
    halves = (said,) if claim.half or hour > 12 else (said, said + timedelta(hours=12))
    if claim.half:
        halves = (said.replace(hour=hour % 12 + (12 if claim.half == "pm" else 0)),)
    return any(fact.start <= each <= fact.end for each in halves)


def _fits_part(claim: WhenClaim, start: datetime, end: datetime) -> bool:
    if claim.part == "afternoon" and _crosses(claim):
        return start.hour < 18 and end.hour >= 12  # "eleven to one in the afternoon"
    if claim.part == "morning":
        return start.hour < 12
    if claim.part == "afternoon":
        return 12 <= start.hour < 18
    return claim.part != "evening" or start.hour >= 16 or start.hour < 5


def _fits_time(claim: WhenClaim, start: datetime, end: datetime) -> bool:
    if claim.start is None:
        return True
    if claim.end is not None:
        half = "" if claim.half and _crosses(claim) else claim.half
        return _same(claim.start, half, start) and _same(claim.end, "", end)
    if claim.is_deadline:
        return _same(claim.start, claim.half, end)
    if claim.is_loose:
        return any(_same((hour, 0), claim.half, start) for hour in _around(claim.start[0]))
    return _same(claim.start, claim.half, start)


def _crosses(claim: WhenClaim) -> bool:
    """ "Ten to noon", "eleven to one": the half of the day is that of one end only."""
    return (
        claim.start is not None
        and claim.end is not None
        and claim.start[0] % 12 > claim.end[0] % 12
    )


def _around(hour: int) -> tuple[int, ...]:
    return tuple((hour - 1 + by) % 12 + 1 for by in (-1, 0, 1))


def _same(said: tuple[int, int], half: str, at: datetime) -> bool:
    hour, minute = said
    if minute != at.minute:
        return False
    if hour > 12 or hour == 0:
        return hour == at.hour
    if hour % 12 != at.hour % 12:
        return False
    return not half or (half == "pm") == (at.hour >= 12)
