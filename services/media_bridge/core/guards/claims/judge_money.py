"""Whether an amount is one that a tool returned, as what it was called."""

import re

from services.media_bridge.core.guards.claims.claim import AmountClaim, ClaimVerdict, Hedge
from services.media_bridge.core.guards.claims.days import days_in
from services.media_bridge.core.guards.claims.ledger import Ledger
from services.media_bridge.core.guards.claims.sentences import PlainSentence
from shared.domain.money import Figure, FigureRole

_BARE = 4  # words
_TOLERANCE = 0.05  # how far "about" may be off
_ENDS = frozenset((FigureRole.LOW, FigureRole.HIGH))
_LATE = re.compile(
    r" (?:tonight|after hours|emergency|weekends?|this evening|evenings|nights|overnight|"
    r"tonight 's|night)(?= )"
)
_EARLY = re.compile(
    r" (?:regular|daytime|during the day|weekdays?|business hours|normal|usual|standard)(?= )"
)
_BY_NAME = {
    "maintenance": r"tune ups?|maintenance|check ups?|inspection",
    "repair": r"repairs?|fix(?:ing)?",
}


def judge_amount(claim: AmountClaim, ledger: Ledger, sentence: PlainSentence) -> ClaimVerdict:
    if claim.cents in ledger.told and claim.high is None:
        return ClaimVerdict.SUPPORTED
    if claim.is_agreed and not _candidates(claim, ledger, sentence):
        return ClaimVerdict.CONTRADICTED
    if claim.high is not None:
        return _range(claim, ledger, sentence)
    fits = [figure for figure in _candidates(claim, ledger, sentence) if _is(claim, figure)]
    if fits and _is_of_another_thing(claim, ledger):
        return ClaimVerdict.UNSURE
    if fits:
        return _newest(claim, fits, ledger, sentence)
    if not ledger.figures and not claim.roles and not (claim.is_agreed or claim.is_dollars):
        return ClaimVerdict.UNSURE
    if claim.is_plain or claim.is_agreed:
        return ClaimVerdict.CONTRADICTED
    # A figure that was returned, of another role as far as the words tell.
    is_known = any(_is(claim, figure) for figure in ledger.figures)
    if not claim.roles and _is_reckoned(claim, ledger):
        return ClaimVerdict.SUPPORTED
    is_bare = len(claim.own.split()) <= _BARE  # "it is $99": nothing else it could be of
    is_sure = claim.is_dollars and not is_known and (claim.roles or is_bare or not ledger.figures)
    return ClaimVerdict.CONTRADICTED if is_sure else ClaimVerdict.UNSURE


def _is_reckoned(claim: AmountClaim, ledger: Ledger) -> bool:
    """What is left of one figure without another: "that leaves 385"."""
    return any(
        whole.cents - part.cents == claim.cents
        for whole in ledger.current
        for part in ledger.current
        if whole.role is FigureRole.ESTIMATE
        and part.role in (FigureRole.VISIT, FigureRole.DEPOSIT)
        and whole.after_hours == part.after_hours
    )


_THING = re.compile(
    r" (?:compressors?|capacitors?|motors?|thermostats?|parts?|new (?:unit|system|furnace|one|"
    r"ac)|water heaters?|coils?|blowers?|"
    r"boards?|faucets?|heat pumps?|condensers?|replacements?|disposals?) (?:is|are|runs?|costs?|"
    r"would|will|goes|usually|typically)(?= )"
)


def _is_of_another_thing(claim: AmountClaim, ledger: Ledger) -> bool:
    """The price of a part, or of something that was not quoted, is no tool's."""
    thing = _THING.search(claim.near)
    return thing is not None and not any(
        _names(service, thing[0] + " ") for service in ledger.services
    )


def _range(claim: AmountClaim, ledger: Ledger, sentence: PlainSentence) -> ClaimVerdict:
    figures = _of_service(claim, ledger)
    rate = _rate(claim, ledger, sentence)
    lows = {
        f.cents
        for f in figures
        if f.role is FigureRole.LOW and (rate is None or f.after_hours in (None, rate))
    }
    highs = {f.cents for f in figures if f.role is FigureRole.HIGH}
    if claim.cents in lows and claim.high in highs:
        return ClaimVerdict.SUPPORTED
    spread = {f.cents for f in figures if f.role not in _ENDS}
    if claim.high is not None and spread & {claim.cents} and spread & {claim.high}:
        return ClaimVerdict.UNSURE
    return ClaimVerdict.CONTRADICTED


def _candidates(claim: AmountClaim, ledger: Ledger, sentence: PlainSentence) -> list[Figure]:
    """The figures the claim may mean: of its roles, its service and its rate; the last of each."""
    roles = claim.roles or frozenset(FigureRole)
    rate = _rate(claim, ledger, sentence)
    return [
        figure
        for figure in _of_service(claim, ledger)
        if figure.role in roles and (rate is None or figure.after_hours in (None, rate))
    ]


def _of_service(claim: AmountClaim, ledger: Ledger) -> list[Figure]:
    services = ledger.services
    if len(services) < 2:
        return ledger.current
    named = {service for service in services if _names(service, claim.own)}
    named = named or {service for service in services if _names(service, claim.near)}
    if len(named) != 1:
        return ledger.current
    return [figure for figure in ledger.current if figure.service in named]


def _names(service: str, near: str) -> bool:
    words = [word for word in re.split(r"[_\W]+", service.lower()) if len(word) > 2]
    spelled = [_BY_NAME.get(word, rf"{re.escape(word)}s?") for word in words]
    specific = [
        each for word, each in zip(words, spelled, strict=True) if word != "repair"
    ] or spelled
    return any(re.search(rf" (?:{each})(?= )", near) for each in specific)


def _rate(claim: AmountClaim, ledger: Ledger, sentence: PlainSentence) -> bool | None:
    """Whether the words at an amount are of the after-hours rate; None: they do not say."""
    rates = (_rate_by(text, ledger, sentence) for text in (claim.own, claim.near, sentence.text))
    return next((rate for rate in rates if rate is not None), None)


def _rate_by(near: str, ledger: Ledger, sentence: PlainSentence) -> bool | None:
    late, early = _LATE.search(near) is not None, _EARLY.search(near) is not None
    if late != early:
        return late
    if late or ledger.now is None:
        return None
    today = ledger.now.date()
    days = [day for day in days_in(PlainSentence(near, sentence.numbers, False), today) if day.days]
    windows = [
        fact
        for fact in (*ledger.offered, *ledger.standing)
        if any(fact.start is not None and fact.start.date() in day.days for day in days)
    ]
    rates = {fact.after_hours for fact in windows}
    return rates.pop() if len(rates) == 1 else None


def _newest(
    claim: AmountClaim, fits: list[Figure], ledger: Ledger, sentence: PlainSentence
) -> ClaimVerdict:
    """A figure of another rate than the one settled on is old, unless the words name its rate."""
    settled = ledger.settled
    role = {figure.role for figure in fits}
    current = [f for f in settled if f.role in role and any(g.service == f.service for g in fits)]
    if not current or any(_is(claim, figure) for figure in current):
        return ClaimVerdict.SUPPORTED
    if _rate(claim, ledger, sentence) is not None or role & _ENDS:
        return ClaimVerdict.SUPPORTED
    # The windows that may be had are all of one rate: the talk is of that.
    offered = {fact.after_hours for fact in ledger.offered}
    if len(offered) == 1 and offered >= {figure.after_hours for figure in fits}:
        return ClaimVerdict.SUPPORTED
    is_of_other = FigureRole.DEPOSIT in claim.roles and ledger.standing
    return ClaimVerdict.CONTRADICTED if is_of_other else ClaimVerdict.UNSURE


def _is(claim: AmountClaim, figure: Figure) -> bool:
    if claim.hedge is Hedge.FLAT or claim.cents == figure.cents:
        return claim.cents == figure.cents
    if abs(claim.cents - figure.cents) > _TOLERANCE * figure.cents:
        return False
    if claim.hedge is Hedge.UNDER:
        return figure.cents <= claim.cents
    return claim.hedge is Hedge.ABOUT or figure.cents >= claim.cents
