"""Whether a day or a window is one that was offered, or that stands."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from services.media_bridge.core.guards.claims.claim import ClaimVerdict, Role
from services.media_bridge.core.guards.claims.corrected import NAMED
from services.media_bridge.core.guards.claims.ledger import Ledger
from services.media_bridge.core.guards.claims.mentions import ClaimMention
from services.media_bridge.core.guards.claims.sentences import PlainSentence
from services.media_bridge.core.guards.claims.times import ClockMention
from shared.domain.facts import Fact, ToolFactKind
from shared.schema import ToolName

# The talk is of a window that stood before, too.
_PAST = re.compile(
    r" (?:canceled|off|moved from|instead of|old|original|originally|gone|no longer|used to|were|"
    r"was)(?= )"
)
_FIRST = re.compile(
    r" (?:earliest|soonest|first (?:i|one|opening|available|slot|window|we|thing i)|next (?:day|"
    r"available|opening|one|slot|window|time)(?: i| we| is| available)?|the first)(?= )"
)
_BESIDE = 4  # words
_DEADLINE = frozenset(("by", "before", "until", "till"))
_LOOSE = frozenset(("around", "about", "like"))


def judge_when(
    mention: ClaimMention, role: Role, sentence: PlainSentence, ledger: Ledger
) -> ClaimVerdict:
    """What becomes of `mention`, if it is said to be `role`."""
    if role is Role.ARRIVE:
        return ClaimVerdict.UNSURE
    if role is Role.FULL:
        taken = {fact.start for fact in ledger.standing}
        free = [fact for fact in ledger.offered if fact.start not in taken]
        # Without a day it may be any day's, without a time there may be exceptions.
        is_open = mention.day is not None and any(_fits(mention, fact) for fact in free)
        if not is_open:
            return ClaimVerdict.SUPPORTED
        return ClaimVerdict.CONTRADICTED if mention.time else ClaimVerdict.UNSURE
    windows = _meant(mention, role, sentence, ledger)
    if not windows:
        return _unknown(mention, ledger)
    if role is Role.OPEN and not ledger.standing and _is_called_first(sentence, mention):
        known = [fact for fact in windows if fact.start is not None]
        windows = sorted(known, key=lambda fact: str(fact.start))[:1]
    if any(_fits(mention, fact) for fact in windows):
        return ClaimVerdict.SUPPORTED
    if any(_is_within(mention, fact) for fact in windows):
        is_loose = mention.time is not None and mention.time.how in _LOOSE
        return ClaimVerdict.SUPPORTED if is_loose else ClaimVerdict.UNSURE
    return ClaimVerdict.CONTRADICTED


def _is_called_first(sentence: PlainSentence, mention: ClaimMention) -> bool:
    """ "The soonest is eight to ten, and after that ten to noon": the one it leads to."""
    led = f"{sentence.text[: mention.start]} "
    return _FIRST.search(led) is not None and NAMED.search(led) is None


def _near(sentence: PlainSentence, mention: ClaimMention) -> str:
    """The words beside it."""
    before, after = sentence.text[: mention.start].split(), sentence.text[mention.end :].split()
    return f" {' '.join(before[-_BESIDE:])} , {' '.join(after[:_BESIDE])} "


def _meant(
    mention: ClaimMention, role: Role, sentence: PlainSentence, ledger: Ledger
) -> Sequence[Fact]:
    if not ledger.standing:
        return ledger.offered
    if _PAST.search(_near(sentence, mention)):
        return [fact for fact in ledger.facts if fact.start is not None]
    if role is Role.OPEN or _offers_later(ledger):
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


def _unknown(mention: ClaimMention, ledger: Ledger) -> ClaimVerdict:
    """No window was offered and none stands."""
    if ledger.runs(ToolName.CHECK_AVAILABILITY):
        return ClaimVerdict.UNSURE
    if ledger.has(ToolFactKind.CANCELED):
        return ClaimVerdict.SUPPORTED
    looked = ledger.has(ToolFactKind.OFFERED)
    return ClaimVerdict.CONTRADICTED if looked and mention.time else ClaimVerdict.UNSURE


def _fits(mention: ClaimMention, fact: Fact) -> bool:
    if fact.start is None or fact.end is None:
        return False
    if mention.day is not None and fact.start.date() not in mention.day.days:
        return False
    if not _fits_part(mention, fact.start, fact.end):
        return False
    time = mention.time
    return time is None or _fits_time(time, _half(mention, time), fact.start, fact.end)


def _part(mention: ClaimMention) -> str:
    return mention.part or (mention.day.part if mention.day else "")


def _half(mention: ClaimMention, time: ClockMention) -> str:
    """ "am" or "pm", where it was said or is known from the part of the day."""
    part = _part(mention)
    return time.half or (("am" if part == "morning" else "pm") if part else "")


def _is_within(mention: ClaimMention, fact: Fact) -> bool:
    """A time inside a window, not its beginning: "he may be there by three"."""
    time = mention.time
    if time is None or time.end is not None or fact.start is None or fact.end is None:
        return False
    if mention.day is not None and fact.start.date() not in mention.day.days:
        return False
    hour, minute = time.start
    half = _half(mention, time)
    said = fact.start.replace(hour=hour % 24, minute=minute)
    halves = (said,) if half or hour > 12 else (said, said + timedelta(hours=12))
    if half:
        halves = (said.replace(hour=hour % 12 + (12 if half == "pm" else 0)),)
    return any(fact.start <= each <= fact.end for each in halves)


def _fits_part(mention: ClaimMention, start: datetime, end: datetime) -> bool:
    match _part(mention):
        case "morning":
            return start.hour < 12
        case "afternoon" if mention.time is not None and _crosses(mention.time):
            return start.hour < 18 and end.hour >= 12  # "eleven to one in the afternoon"
        case "afternoon":
            return 12 <= start.hour < 18
        case "evening":
            return start.hour >= 16 or start.hour < 5
    return True


def _fits_time(time: ClockMention, half: str, start: datetime, end: datetime) -> bool:
    if time.end is not None:
        half = "" if half and _crosses(time) else half
        return _same(time.start, half, start) and _same(time.end, "", end)
    if time.how in _DEADLINE:
        return _same(time.start, half, end)
    if time.how in _LOOSE:
        return any(_same((hour, 0), half, start) for hour in _around(time.start[0]))
    return _same(time.start, half, start)


def _crosses(time: ClockMention) -> bool:
    """ "Ten to noon", "eleven to one": the half of the day is that of one end only."""
    return time.end is not None and time.start[0] % 12 > time.end[0] % 12


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
