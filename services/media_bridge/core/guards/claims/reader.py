"""What a sentence claims, read by two linear models with readable weights.

One reads a sentence for the deeds and terms it says are so, one reads each amount, day and time in
it for what it is said to be. `tests/evals/claims/train.py` makes the weights, `process/
claim_weights` holds them. What is true they do not know: `read` holds their odds against what tools
returned.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.media_bridge.core.guards.claims.claim import Deed, Odds, Role
from services.media_bridge.core.guards.claims.features import mention_features, sentence_features
from services.media_bridge.core.guards.claims.mentions import ANY_DAY, ClaimMention, mentions
from services.media_bridge.core.guards.claims.sentences import PlainSentence, sentences
from services.media_bridge.core.guards.claims.stated import stated
from shared.domain.linear import Linear

NO_DEED = "none"
DEEDS = (NO_DEED, *(deed.value for deed in Deed))
ROLES = tuple(role.value for role in Role)
_UNLIKELY = 0.02


@dataclass(frozen=True, slots=True)
class Looked:
    """A sentence of the agent's and what is counted of it: for its deeds, and for each mention."""

    sentence: PlainSentence
    found: tuple[ClaimMention, ...]
    counted: frozenset[str]
    of_mentions: tuple[frozenset[str], ...]


def look(said: str, caller_last: str = "") -> Iterator[Looked]:
    """At each sentence of `said`; the first answers the last of `caller_last`, "" for none."""
    callers = sentences(caller_last)
    asked = callers[-1].text if callers else ""
    amounts = frozenset(number.cents for each in callers for number in each.numbers)
    before = ""
    for sentence in sentences(said):
        yield _looked(sentence, asked, before, amounts)
        asked, before = "", sentence.text


def _looked(
    sentence: PlainSentence,
    asked: str,
    before: str,
    amounts: frozenset[int],
) -> Looked:
    found = tuple(mentions(sentence, ANY_DAY))
    of_mentions = map(frozenset, mention_features(sentence, found, asked, before, amounts))
    counted = frozenset(sentence_features(sentence, found, asked))
    return Looked(sentence, found, counted, tuple(of_mentions))


@dataclass(frozen=True, slots=True)
class ClaimReader:
    deeds: Linear  # of DEEDS
    roles: Linear  # of ROLES

    def read(self, said: str, caller_last: str = "") -> tuple[Odds, ...]:
        """For each sentence of `said` what it may claim; `caller_last` as for `look`."""
        odds = [self._odds(looked) for looked in look(said, caller_last)]
        if odds and Deed.YES in odds[0].deeds and (asked := stated(caller_last)):
            odds[0] = replace(odds[0], agreed=self._odds(_looked(asked, "", "", frozenset())))
        return tuple(odds)

    def _odds(self, looked: Looked) -> Odds:
        deeds = _likely(self.deeds, looked.counted)
        deeds.pop(NO_DEED, None)
        roles = tuple(_likely(self.roles, counted) for counted in looked.of_mentions)
        return Odds(deeds, roles)


def _likely(model: Linear, counted: frozenset[str]) -> dict[str, float]:
    shares = zip(model.classes, model.odds(counted), strict=True)
    return {name: round(share, 2) for name, share in shares if share > _UNLIKELY}
