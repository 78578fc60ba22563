"""An agent's words read into claims, each judged against what this call's tools returned."""

import re
from collections.abc import Iterator
from dataclasses import replace

from services.media_bridge.core.guards.claims import money, money_words, terms
from services.media_bridge.core.guards.claims.act import Act
from services.media_bridge.core.guards.claims.actions import acts
from services.media_bridge.core.guards.claims.claim import (
    AmountClaim,
    ClaimKind,
    ClaimVerdict,
    Judged,
)
from services.media_bridge.core.guards.claims.judge_acts import judge_act
from services.media_bridge.core.guards.claims.judge_money import judge_amount
from services.media_bridge.core.guards.claims.judge_when import judge_when
from services.media_bridge.core.guards.claims.ledger import Ledger
from services.media_bridge.core.guards.claims.sentences import PlainSentence, sentences
from services.media_bridge.core.guards.claims.whens import whens
from shared.domain.money import Cents, spoken

_YES = re.compile(
    r"(?: (?:yes|yeah|yep|yup|sure|correct|right|exactly|absolutely|definitely|certainly|of "
    r"course|deal|"
    r"that is (?:right|correct|it|fine)|you got it|you (?:are|have got it|got it|bet|do|can|"
    r"will be)|it is|it did|it does|they are|he is|she is|i am|we are|"
    r"i did|we did|sounds (?:good|right)|that works|all taken care of|i think we can do that|i "
    r"can do that|we can do that|you have a deal|works for me|fair enough|i can make that work|"
    r"indeed|mm hmm|uh huh|for "
    r"sure|no problem|"
    r"okay|perfect|great|all right|alright|fine|done|sir|ma'am|you can|we do|we can|i can|i "
    r"have|it has|"
    r"so|that|,|it will|will do|they do|there is|consider it done)(?= )(?: ,)?)+ "
)
_SO_YES = re.compile(
    r" (?:do that|enough|work|for me|yes|yeah|yep|yup|sure|correct|right|exactly|absolutely|"
    r"definitely|certainly|deal|of "
    r"course|is|are|did|does|do|have|works|care|done|bet|can|am|got it)(?= )"
)
_PLAIN_YES = re.compile(
    r" (?:do that|a deal|works for me|fair enough|make that work|yes|yeah|yep|yup|sure|correct|"
    r"right|exactly|absolutely|definitely|certainly|of course|"
    r"deal)(?= )"
)
_REQUEST = re.compile(
    r"^ (?:\w+ , )?(?:(?:so|and|okay|ok|but|then|great|please|well) )*(?:can|could|will|would) "
    r"(?:you|we|someone|he|they|i) "
)
_BACK = re.compile(
    r" (?:sorry|i am sorry|my mistake|i mean|i meant|no wait|wait|wait no|scratch that|"
    r"correction|make that|excuse me|or rather|well , not|actually , no|no , sorry|let me "
    r"correct that|my apologies|pardon)(?= )"
)
_TIMES = frozenset((ClaimKind.DATE, ClaimKind.WINDOW))
_GOES = re.compile(r" (?:what happens|how (?:does|would|will) (?:it|that|this))(?= )")
_DID = re.compile(r" (?:have|has|just|went ahead|already)(?= )")
_PRICES = frozenset(
    (ClaimKind.AMOUNT, ClaimKind.FREE, ClaimKind.DISCOUNT, ClaimKind.CAP, ClaimKind.HUMAN)
)
_KIND_OF = {Act.HUMAN: ClaimKind.HUMAN, Act.PROMISE: ClaimKind.PROMISE}
_RIGHT = {
    ClaimKind.DISCOUNT: "you can give no discount",
    ClaimKind.CAP: "the estimate is no cap; the technician confirms the price before any work",
    ClaimKind.EXTRA: "name no fee or tax that no tool returned",
    ClaimKind.HUMAN: "you are an AI assistant",
    ClaimKind.SUM: "the visit is credited toward the work, not added to it",
}


def read(said: str, ledger: Ledger, caller_last: str = "") -> tuple[Judged, ...]:
    """Every claim in `said`, in order. `caller_last` are the caller's last words, "" for none.

    Nothing is said about what cannot be read; a sentence takes some tenths of a millisecond.
    """
    caller = sentences(caller_last)
    asked = caller[-1] if caller else PlainSentence(" ", (), False)
    callers = frozenset(cents for each in caller for cents in money.callers_amounts(each))
    known = {figure.cents for figure in ledger.figures}
    about_money = bool(callers & known) or any(money.is_about_money(each) for each in caller)
    found: list[Judged] = []
    spoken_of = _last_words(sentences(said))
    before = asked.text  # what the agent's words answer
    for at, sentence in enumerate(spoken_of):
        if at == 0 and (asked.is_question or " deal " in f"{asked.text} {sentence.text}"):
            found += _affirmed(sentence, asked, ledger, about_money)
        found += _judged(sentence, ledger, about_money, callers, before, asked)
        about_money = about_money or money.is_about_money(sentence)
        before = sentence.text
    return tuple(_softened(found))


def _softened(found: list[Judged]) -> Iterator[Judged]:
    """Beside a time that is so, one that is not may be what it is compared with."""
    has_time = any(each.kind in _TIMES and each.verdict is ClaimVerdict.SUPPORTED for each in found)
    for each in found:
        if has_time and each.kind in _TIMES:
            yield replace(each, verdict=_at_most_unsure(each.verdict))
        else:
            yield each


def _judged(
    sentence: PlainSentence,
    ledger: Ledger,
    about_money: bool,
    callers: frozenset[int],
    before: str,
    asked: PlainSentence,
) -> Iterator[Judged]:
    times: frozenset[str] = frozenset()
    if ledger.now is not None:
        question = asked.text if asked.is_question else ""
        claims, times = whens(sentence, ledger.now.date(), question)
        prices = money.speaks_of(sentence, times, about_money)
        for when in claims:
            if prices and when.start is None and not when.is_impossible:
                continue  # which visit the price is of
            if _is_echo(sentence, asked):
                break
            kind = ClaimKind.DATE if when.start is None else ClaimKind.WINDOW
            yield Judged(kind, judge_when(when, ledger), when.words, ledger.times)
    amounts = list(
        money.amounts(
            sentence, times=times, before=before, caller_asks=about_money, callers=callers
        )
    )
    for amount in amounts:
        said = spoken(Cents(amount.cents)) + (
            f" to {spoken(Cents(amount.high))}" if amount.high else ""
        )
        verdict = judge_amount(amount, ledger, sentence)
        if not (amount.roles or amount.is_dollars or about_money or amount.is_agreed):
            verdict = _at_most_unsure(verdict)  # a bare number, of something else perhaps
        yield Judged(ClaimKind.AMOUNT, verdict, said, ledger.prices)
    has_amount = bool(amounts) or money.speaks_of(sentence, times, about_money)
    for kind in terms.terms(sentence, caller_asks=about_money, has_amount=has_amount):
        yield Judged(
            kind,
            _term(kind, sentence, amounts, ledger),
            f"a {kind.value}",
            _RIGHT.get(kind, ledger.prices),
        )
    # They asked how it goes, and are told: "I put you on the calendar, you get a text".
    goes = _GOES.search(asked.text) and not _DID.search(sentence.text)
    for act in () if goes else acts(sentence):
        kind = _KIND_OF.get(act.act, ClaimKind.ACTION)
        right = _RIGHT.get(kind, "say plainly what is done and what is not")
        yield Judged(kind, judge_act(act, ledger), act.act.value, right)


def _term(
    kind: ClaimKind, sentence: PlainSentence, amounts: list[AmountClaim], ledger: Ledger
) -> ClaimVerdict:
    if kind is ClaimKind.EXTRA:
        # "A quarter of it, so 138": a figure that is so.
        known = {figure.cents for figure in ledger.figures}
        is_so = not terms.is_fee(sentence) and all(claim.cents in known for claim in amounts)
        return ClaimVerdict.SUPPORTED if amounts and is_so else ClaimVerdict.UNSURE
    if kind is ClaimKind.CAP and not sentence.numbers:
        return ClaimVerdict.UNSURE
    if kind is ClaimKind.CAP:
        fixed = amounts and all(
            claim.roles and not claim.roles & money_words.OPEN_ENDED
            and judge_amount(claim, ledger, sentence) is ClaimVerdict.SUPPORTED
            for claim in amounts
        )  # fmt: skip
        known = {figure.cents for figure in ledger.figures}
        if not fixed and amounts and all(claim.cents in known for claim in amounts):
            return ClaimVerdict.UNSURE
        return ClaimVerdict.SUPPORTED if fixed else ClaimVerdict.CONTRADICTED
    if kind is ClaimKind.FREE and not _VISIT.search(sentence.text):
        return ClaimVerdict.UNSURE
    return ClaimVerdict.CONTRADICTED


_VISIT = re.compile(
    r" (?:visits?|estimates?|quotes?|calls?|inspections?|diagnos\w+|fees?|come out|charge)(?= )"
)


def _at_most_unsure(verdict: ClaimVerdict) -> ClaimVerdict:
    return ClaimVerdict.UNSURE if verdict is ClaimVerdict.CONTRADICTED else verdict


def _affirmed(
    sentence: PlainSentence, asked: PlainSentence, ledger: Ledger, about_money: bool
) -> Iterator[Judged]:
    """A yes to the caller's question claims what they asked."""
    words = _YES.match(sentence.text)
    if words is None or sentence.is_question or not _SO_YES.search(words[0]):
        return
    rest = sentence.text[words.end() - 1 :].split()
    if rest and not _PLAIN_YES.search(words[0]):
        return
    if any(word in ("not", "but", "no", "if", "actually", "never") for word in rest):
        return
    is_long = len(rest) > 6  # says more than yes
    claimed = _stated(asked)
    for judged in _judged(
        claimed, ledger, about_money, frozenset(), "", PlainSentence(" ", (), False)
    ):
        # A yes to a request does not say that it is done.
        if _REQUEST.match(asked.text) and judged.kind not in _PRICES:
            continue
        if judged.verdict is not ClaimVerdict.SUPPORTED:
            yield replace(judged, verdict=ClaimVerdict.UNSURE) if is_long else judged


_ASKS = re.compile(
    r"^ (?:(?:so|and|okay|ok|but|wait|then|now|just to confirm|to be clear|,) )*(?:(is|are|was|"
    r"will|would|can|could|do|does|did|have|has|am) (it|that|this|the estimate|the visit|the "
    r"deposit|i|you|he|she|they|we|there|my \w+|the \w+) )?"
)


def _stated(asked: PlainSentence) -> PlainSentence:
    """A question as the statement it asks for: "are you a person" is "i am a person"."""
    found = _ASKS.match(asked.text)
    text = asked.text
    if found and found[1]:
        who = {"i": "you", "you": "i"}.get(found[2], found[2])
        verb = (
            {"am": "are", "are": "am"}.get(found[1], found[1])
            if found[2] in ("i", "you")
            else found[1]
        )
        if verb in ("did", "do", "does", "can", "could", "would"):
            verb = "have" if verb == "did" else ""
        text = f" {who} {verb} {asked.text[found.end() :]}".replace("  ", " ")
    elif found:
        text = " " + asked.text[found.end() :].lstrip()
        text = re.sub(r"^ i am ", " you are ", text)
    return PlainSentence(text, asked.numbers, False)


_ECHO = 8  # words
_COURTESY = frozenset(
    ("okay", "ok", "got", "it", "thank", "you", "thanks", "sure", "so", "alright", "great", "or",
     "and", "then", "between", "perfect", "the", "at", "on")
)  # fmt: skip


def _is_echo(sentence: PlainSentence, asked: PlainSentence) -> bool:
    """The caller's own words taken up: "Thursday afternoon, okay." """
    own = sentence.text.replace(" , ", " ").split()
    if asked.is_question or len(own) > _ECHO:
        return False
    content = [word for word in own if word not in _COURTESY]
    values = {number.cents for number in asked.numbers}
    return bool(content) and all(
        f" {word} " in asked.text or (word[0] == "#" and sentence.number(word).cents in values)
        for word in content
    )


_LEAD = ("", "oh", "no", "oops", "actually", "and")


def _last_words(said: list[PlainSentence]) -> list[PlainSentence]:
    """What is taken back at once counts as its last word: "206, sorry, 248"."""
    kept: list[PlainSentence] = []
    for sentence in said:
        back = list(_BACK.finditer(sentence.text))
        if not back:
            kept.append(sentence)
            continue
        after = sentence.text[back[-1].end() :]
        has_more = re.search(r"#\d|day |tonight |tomorrow |not |that is ", after) is not None
        at_start = sentence.text[: back[0].start()].strip(" ,") in _LEAD
        if not has_more:
            kept.append(sentence)
        elif at_start:
            if kept and re.search(r"#\d|day |tonight |tomorrow ", kept[-1].text):
                kept.pop()
            kept.append(sentence)
        else:
            kept.append(
                PlainSentence(" " + after.lstrip(" ,"), sentence.numbers, sentence.is_question)
            )
    return kept
