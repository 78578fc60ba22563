"""Whether an amount is one that a tool returned, as what it is called."""

import re

from services.media_bridge.core.guards.claims.claim import ClaimVerdict, Role
from services.media_bridge.core.guards.claims.days import days_in
from services.media_bridge.core.guards.claims.ledger import Ledger
from services.media_bridge.core.guards.claims.mentions import ClaimMention
from services.media_bridge.core.guards.claims.sentences import PlainSentence
from shared.domain.money import Figure, FigureRole

_SMALLEST = 20_00  # what is less and not called dollars is an hour or a count
_TOLERANCE = 0.05  # how far "about" may be off
_ENDS = frozenset((FigureRole.LOW, FigureRole.HIGH))
_OPEN_ENDED = _ENDS | {FigureRole.ESTIMATE}
_FIXED = frozenset((FigureRole.VISIT, FigureRole.DEPOSIT))  # what may not change
_ABOUT = re.compile(
    r" (?:about|around|roughly|approximately|approx|close to|near|nearly|almost|somewhere|ballpark|"
    r"maybe|(?:in the (?:neighborhood|area|range) of))(?: of| around| about| a| an)? $"
)
_ABOUT_AFTER = re.compile(r" ?,? ?(?:or so|give or take|ish|or thereabouts|more or less|roughly) ")
_UNDER = re.compile(r" (?:under|below|shy of|less than|short of)(?: an?)? $")
_OVER = re.compile(r" (?:over|above|more than|north of)(?: an?)? $")
_PARTS = re.compile(r" (?:[,;:]|and|but|plus|or|so|of which|while|then) ")
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
_IS_SO, _IS_NOT = ClaimVerdict.SUPPORTED, ClaimVerdict.CONTRADICTED


class AmountsOf:
    """The amounts of one sentence against a ledger."""

    def __init__(self, sentence: PlainSentence, found: list[ClaimMention], ledger: Ledger) -> None:
        self._sentence, self._found, self._ledger = sentence, found, ledger

    def verdict(self, mention: ClaimMention, role: Role) -> ClaimVerdict:
        """What becomes of `mention`, if it is said to be `role`."""
        number = mention.numbers[-1]
        cents = number.cents
        is_one = len(mention.numbers) == 1
        if (is_one and cents in self._ledger.told) or (cents < _SMALLEST and not number.is_money):
            return _IS_SO
        known = {figure.cents for figure in self._ledger.figures}
        match role:
            case Role.AGREE:
                return _IS_SO if cents in known else _IS_NOT
            case Role.CAPS:
                fixed = {f.cents for f in self._ledger.figures if f.role in _FIXED}
                if cents in fixed:
                    return _IS_SO
                return ClaimVerdict.UNSURE if cents in known else _IS_NOT
            case Role.EXTRA:
                return _IS_SO if cents in known or self._is_reckoned(cents) else _IS_NOT
            case _ if len(mention.numbers) > 1:
                return self._range(mention)
            case Role.RANGE:
                return ClaimVerdict.UNSURE
        figure_role = FigureRole(role.value)
        # What the work may come to: its ends and its middle are told apart by few words.
        meant = _OPEN_ENDED if figure_role in _OPEN_ENDED else {figure_role}
        near = self._near(mention)
        candidates = [f for f in self._candidates(mention, near) if f.role in meant]
        fits = [figure for figure in candidates if self._is(mention, figure)]
        if fits:
            return self._newest(fits, mention, near)
        # A figure that was returned, of another role, rate or service as far as words tell.
        is_known = any(self._is(mention, figure) for figure in self._ledger.figures)
        return ClaimVerdict.UNSURE if is_known else _IS_NOT

    def _is_reckoned(self, cents: int) -> bool:
        """What is left of one figure without another: "that leaves 385"."""
        current = self._ledger.current
        return any(
            whole.cents - part.cents == cents
            for whole in current
            for part in current
            if whole.role is FigureRole.ESTIMATE and part.role in _FIXED
            and whole.after_hours == part.after_hours
        )  # fmt: skip

    def _range(self, mention: ClaimMention) -> ClaimVerdict:
        low, high = mention.numbers[0], mention.numbers[-1]
        cents = low.cents
        if low.whole < 20 and high.whole >= 100 and high.cents % 10_000 == 0:
            cents *= 100  # "three to eight hundred"
        figures = self._candidates(mention, self._near(mention))
        lows = {f.cents for f in figures if f.role is FigureRole.LOW}
        highs = {f.cents for f in figures if f.role is FigureRole.HIGH}
        if cents in lows and high.cents in highs:
            return _IS_SO
        known = {figure.cents for figure in self._ledger.figures}
        return ClaimVerdict.UNSURE if known >= {cents, high.cents} else _IS_NOT

    def _candidates(self, mention: ClaimMention, near: str) -> list[Figure]:
        """The figures the amount may mean: of its service and its rate; the last of each."""
        rate = self._rate(mention, near)
        figures = self._of_service(near)
        return [f for f in figures if rate is None or f.after_hours in (None, rate)]

    def _of_service(self, near: str) -> list[Figure]:
        current, services = self._ledger.current, self._ledger.services
        if len(services) < 2:
            return current
        named = {service for service in services if _names(service, near)}
        return [f for f in current if f.service in named] if len(named) == 1 else current

    def _rate(self, mention: ClaimMention, near: str) -> bool | None:
        """Whether the words at an amount are of the after-hours rate; None: they do not say."""
        for text in (self._part(mention), near, self._sentence.text):
            if (rate := self._rate_by(text)) is not None:
                return rate
        return None

    def _rate_by(self, near: str) -> bool | None:
        late, early = _LATE.search(near) is not None, _EARLY.search(near) is not None
        if late != early:
            return late
        if late or self._ledger.now is None:
            return None
        sentence = PlainSentence(near, self._sentence.numbers, False)
        days = [day for day in days_in(sentence, self._ledger.now.date()) if day.days]
        rates = {
            fact.after_hours
            for fact in (*self._ledger.offered, *self._ledger.standing)
            if any(fact.start is not None and fact.start.date() in day.days for day in days)
        }
        return rates.pop() if len(rates) == 1 else None

    def _newest(self, fits: list[Figure], mention: ClaimMention, near: str) -> ClaimVerdict:
        """A figure of another rate than the one settled on is old, unless the words name its
        rate."""
        role = fits[0].role
        current = [
            f
            for f in self._ledger.settled
            if f.role is role and any(fit.service == f.service for fit in fits)
        ]
        if not current or any(self._is(mention, figure) for figure in current) or role in _ENDS:
            return _IS_SO
        if self._rate(mention, near) is not None:
            return _IS_SO
        # The windows that may be had are all of one rate: the talk is of that.
        offered = {fact.after_hours for fact in self._ledger.offered}
        if len(offered) == 1 and offered >= {figure.after_hours for figure in fits}:
            return _IS_SO
        return ClaimVerdict.UNSURE

    def _is(self, mention: ClaimMention, figure: Figure) -> bool:
        """ "About" allows a twentieth, in the direction that was said."""
        cents = mention.numbers[-1].cents
        if cents == figure.cents:
            return True
        if abs(cents - figure.cents) > _TOLERANCE * figure.cents:
            return False
        text = self._sentence.text
        before, after = text[: mention.start], text[mention.end :]
        if _UNDER.search(before):
            return figure.cents <= cents
        if _OVER.search(before):
            return figure.cents >= cents
        return bool(_ABOUT.search(before) or _ABOUT_AFTER.match(after))

    def _part(self, mention: ClaimMention) -> str:
        """The words around an amount, up to a stop or the next clause."""
        text = self._sentence.text
        begins = max(
            (m.end() - 1 for m in _PARTS.finditer(text) if m.end() <= mention.start + 1), default=0
        )
        stop = _PARTS.search(text, mention.end)
        return text[begins : stop.start() + 1 if stop else len(text)]

    def _near(self, mention: ClaimMention) -> str:
        """The words that tell of which service and rate it is, up to the amounts beside it."""
        amounts = [each for each in self._found if not each.is_time]
        begins = max((m.end for m in amounts if m.end <= mention.start), default=0)
        ends = min((m.start for m in amounts if m.start >= mention.end), default=None)
        text = self._sentence.text
        return f" {text[begins : mention.start]} {text[mention.end : ends]} "


def _names(service: str, near: str) -> bool:
    words = [word for word in re.split(r"[_\W]+", service.lower()) if len(word) > 2]
    spelled = [_BY_NAME.get(word, rf"{re.escape(word)}s?") for word in words]
    specific = [
        each for word, each in zip(words, spelled, strict=True) if word != "repair"
    ] or spelled
    return any(re.search(rf" (?:{each})(?= )", near) for each in specific)
