"""An agent's words judged claim by claim: what models read in them against what tools returned.

For whatever a mention may be, and for every deed that may be said, the ledger says whether it would
be so; what is not so is as unsure, or as wrong, as its odds are high. A wrong cut is worse than an
unsure word that passes: so CUT is far above FLAG.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.media_bridge.core.guards.claims.claim import (
    WORDS,
    ClaimKind,
    ClaimVerdict,
    Deed,
    Judged,
    Odds,
    Role,
)
from services.media_bridge.core.guards.claims.corrected import taken_back
from services.media_bridge.core.guards.claims.judge_acts import is_so
from services.media_bridge.core.guards.claims.judge_money import AmountsOf
from services.media_bridge.core.guards.claims.judge_when import judge_when
from services.media_bridge.core.guards.claims.ledger import Ledger
from services.media_bridge.core.guards.claims.mentions import ANY_DAY, ClaimMention, mentions
from services.media_bridge.core.guards.claims.numbers import SaidNumber
from services.media_bridge.core.guards.claims.sentences import PlainSentence, sentences
from services.media_bridge.core.guards.claims.stated import stated
from shared.domain.money import Cents, spoken

# Odds from which a claim is cut and corrected, and from which it is flagged: chosen by counts on
# turns whose writers did not train, see docs/evals.md. What a figure is called is read least well.
CUT, FLAG = 0.94, 0.5
_FLAGGED = {
    ClaimKind.AMOUNT: 0.6, ClaimKind.ROLE: 0.97, ClaimKind.WHEN: 0.8, ClaimKind.HUMAN: 0.6,
    ClaimKind.AGREED: 0.4,
}  # fmt: skip
_NOT_OURS = 0.8  # odds from which a day is the caller's, or nobody's
_SAID = 0.1  # from here a deed is named to the model
_TIMES = frozenset((Role.OPEN, Role.SET, Role.FULL, Role.ARRIVE))
_TERMS = frozenset((Deed.FREE, Deed.DISCOUNT, Deed.CAP, Deed.EXTRA))
# Wrong as these are, the model may be about to do them, or they cannot be known.
_SOFT = frozenset(
    (Deed.NOTED, Deed.MESSAGE, Deed.TRANSFER, Deed.ALERTED, Deed.PROMISE, Deed.REFUND_ASKED,
     Deed.OPTED_OUT, Deed.OTHER, Deed.EXTRA, Deed.YES)
)  # fmt: skip
_BEGUN = re.compile(r" (?:i|we) (?:am|are) (?:\w+ )?\w+ing ")
_BY_TOOL = frozenset((Deed.BOOKED, Deed.MOVED, Deed.CANCELED, Deed.TEXTED, Deed.TEXTED_AGAIN))
_ROLES, _DEEDS = frozenset(Role), frozenset(Deed)
_RIGHT = {
    Deed.DISCOUNT: "you can give no discount",
    Deed.CAP: "the estimate is no cap; the technician confirms the price before any work",
    Deed.HUMAN: "you are an AI assistant",
}
_PLAINLY = "say plainly what is done and what is not"
_KINDS = {
    Deed.PROMISE: ClaimKind.PROMISE, Deed.HUMAN: ClaimKind.HUMAN, Deed.YES: ClaimKind.AGREED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Doubt:
    """How likely it is that a claim is not borne out, and that it is wrong."""

    unsure: float
    wrong: float
    kind: ClaimKind
    said: str
    right: str


def read(
    said: str,
    odds: Sequence[Odds],
    ledger: Ledger,
    caller_last: str = "",
    heard: str | None = None,
) -> tuple[Judged, ...]:
    """Every claim in `said` that is not borne out, in order.

    `odds` are those of its sentences, `caller_last` are the caller's last words. `heard` is as much
    of it as was heard, None for all: nothing was claimed with what comes behind.
    """
    whole = sentences(said)
    if len(whole) != len(odds):
        return ()  # digits were masked since it was read, and with them a stop
    left = sum(map(_words, whole if heard is None else sentences(heard)))
    found: list[Judged] = []
    for sentence, likely in zip(whole, odds, strict=True):
        found += (
            Judged(doubt.kind, verdict, doubt.said, doubt.right)
            for doubt in _doubts(sentence, likely, ledger, caller_last, left)
            if (verdict := _verdict(doubt)) is not ClaimVerdict.SUPPORTED
        )
        left -= _words(sentence)
    return tuple(found)


def _words(sentence: PlainSentence, end: int | None = None) -> int:
    """How many it has, up to `end`."""
    return sum(word != "," for word in sentence.text[:end].split())


def _verdict(doubt: _Doubt) -> ClaimVerdict:
    if doubt.unsure < _FLAGGED.get(doubt.kind, FLAG):
        return ClaimVerdict.SUPPORTED
    return ClaimVerdict.CONTRADICTED if doubt.wrong >= CUT else ClaimVerdict.UNSURE


def _doubts(
    sentence: PlainSentence, likely: Odds, ledger: Ledger, caller_last: str, heard: int
) -> Iterator[_Doubt]:
    """`heard`: how many of its words."""
    found = mentions(sentence, ledger.now.date() if ledger.now else ANY_DAY)
    if len(found) == len(likely.roles):  # else digits were masked since it was read
        amounts = AmountsOf(sentence, found, ledger)
        back = taken_back(sentence)
        for mention, roles in zip(found, likely.roles, strict=True):
            if mention.end > back and _words(sentence, mention.end) <= heard:
                yield _of_mention(mention, roles, sentence, amounts, ledger)
    if _words(sentence) <= heard:
        yield _of_deeds(sentence, likely, ledger, _agreed(likely, ledger, caller_last))


def _agreed(likely: Odds, ledger: Ledger, caller_last: str) -> float:
    """How likely it is that what was asked is not so: a yes says it."""
    if likely.agreed is None or (asked := stated(caller_last)) is None:
        return 0.0
    doubts = _doubts(asked, likely.agreed, ledger, "", _words(asked))
    return max((doubt.unsure for doubt in doubts), default=0.0)


def _of_mention(
    mention: ClaimMention,
    roles: dict[str, float],
    sentence: PlainSentence,
    amounts: AmountsOf,
    ledger: Ledger,
) -> _Doubt:
    if mention.day is not None and mention.day.is_impossible and ledger.now is not None:
        # "Friday, August 28th" where that is a Thursday: not so, whoever says it.
        none = roles.get(Role.NONE, 0.0)
        is_ours = none < _NOT_OURS and not sentence.is_question
        return _Doubt(1.0 if is_ours else 1 - none, float(is_ours), ClaimKind.WHEN, "that day",
                      ledger.times)  # fmt: skip
    wrong = unsure = 0.0
    not_so: dict[Role, float] = {}
    for role, share in ((Role(name), share) for name, share in roles.items() if name in _ROLES):
        verdict = _verdict_as(role, mention, sentence, amounts, ledger)
        wrong += share * (verdict is ClaimVerdict.CONTRADICTED)
        if verdict is not ClaimVerdict.SUPPORTED:
            unsure += share
            not_so[role] = share
    if max(not_so, key=not_so.__getitem__, default=Role.NONE) in _TIMES:
        words = sentence.text[mention.start : mention.end].replace(" ,", ",")
        said = re.sub(r"#\d+", lambda mark: _clock(sentence.number(mark[0])), words)
        return _Doubt(unsure, wrong, ClaimKind.WHEN, said, ledger.times)
    said = " to ".join(spoken(Cents(number.cents)) for number in mention.numbers)
    # What a tool returned is called something else: unsure, and what the models know least.
    kind = ClaimKind.AMOUNT if wrong > unsure / 2 else ClaimKind.ROLE
    return _Doubt(unsure, wrong, kind, said, ledger.prices)


def _clock(number: SaidNumber) -> str:
    if number.hour is None or number.is_ordinal:
        return str(number.whole)
    return f"{number.hour}:{number.minute:02d} {number.half}".replace(":00 ", " ").strip()


def _verdict_as(
    role: Role, mention: ClaimMention, sentence: PlainSentence, amounts: AmountsOf, ledger: Ledger
) -> ClaimVerdict:
    if role in _TIMES and ledger.now is not None:
        return judge_when(mention, role, sentence, ledger)
    if role is Role.NONE or role in _TIMES or not mention.numbers:
        return ClaimVerdict.SUPPORTED
    return amounts.verdict(mention, role)


def _of_deeds(sentence: PlainSentence, likely: Odds, ledger: Ledger, agreed: float) -> _Doubt:
    """`agreed`: how likely what was asked is not so."""
    deeds = {Deed(name): share for name, share in likely.deeds.items() if name in _DEEDS}
    not_so = {
        deed: share * (agreed if deed is Deed.YES else 1)
        for deed, share in deeds.items()
        if not is_so(deed, sentence.text, ledger)
    }
    most = max(not_so, key=not_so.__getitem__, default=Deed.OTHER)
    by_odds = sorted(not_so, key=lambda deed: -not_so[deed])
    said = [WORDS[deed] for deed in by_odds if deed is most or not_so[deed] >= _SAID]
    # "I'm booking that": the tool's call comes behind these words.
    soft = _SOFT | (_BY_TOOL if _BEGUN.search(sentence.text) else frozenset())
    hard = sum(share for deed, share in not_so.items() if deed not in soft)
    right = ledger.prices if most is Deed.FREE else _RIGHT.get(most, _PLAINLY)
    return _Doubt(sum(not_so.values()), hard, _kind(most), ", ".join(said), right)


def _kind(deed: Deed) -> ClaimKind:
    if deed in _TERMS:
        return ClaimKind.TERM
    return _KINDS.get(deed, ClaimKind.ACTION)
