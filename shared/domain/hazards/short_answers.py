"""What a short answer tells of danger: what was asked, what the answer says, and what they make.

Three linear models with readable weights. One reads the agent's last question for what a yes to it
would say, one reads the answer for what it does, and a judge of a few dozen weights makes the odds
of a danger of both, of what the patterns of `asked` and `answered` read, and of the classifier's
margin of the answer's own words. `tests/evals/short_answers/train.py` makes the weights;
`shared/adapters/hazard_weights` holds them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp

from shared.domain.hazards.answered import answered, reading
from shared.domain.hazards.asked import asks, last_question
from shared.domain.hazards.classifier import NONE, Classifier, Score
from shared.domain.hazards.detect import detect
from shared.domain.hazards.features import features
from shared.domain.linear import BIAS, Linear

ASKS = ("danger", "no_danger", "safe", "innocent")
SAYS = ("yes", "no", "tells", "denies", "else")
LONGEST = 18  # words: what is longer is judged by itself
BARE = 5  # words: so few are read by what was asked, whatever that was
_MOST_MARGIN = 6.0
_SENTENCES = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class ShortAnswers:
    questions: Linear  # of ASKS
    answers: Linear  # of SAYS
    judge: Mapping[str, float]
    limit: float  # the odds from which an answer is a danger
    classifier: Classifier

    def verdict(self, text: str, asked: str = "") -> str:
        """A danger's name, "none" or "unsure", of the caller's `text` after what the agent said
        last."""
        found = features(text)
        score = self.classifier.score_of(found)
        alone = self.classifier.judged(found, score)
        words = len(text.split())
        if not last_question(asked) or not 0 < words <= LONGEST:
            return alone
        asking = self.questions.odds(question_features(asked))
        if asking[ASKS.index("innocent")] > 0.5 and words > BARE:
            return alone
        saying = self.answers.odds(answer_features(text, found))
        seen = evidence(asked, text, asking, saying, score)
        odds = self.judge[BIAS] + sum(self.judge.get(name, 0.0) * seen[name] for name in seen)
        plain = detect(text) if any(each[0] == "#" for each in found) else None
        if 1 / (1 + exp(-odds)) < self.limit and plain is None:
            return NONE
        about = asks(asked)
        category = (plain and plain.category) or answered(asked, text) or (about and about[1])
        return (category or score.category).value


def evidence(
    asked: str, text: str, asking: tuple[float, ...], saying: tuple[float, ...], score: Score
) -> dict[str, float]:
    """What the judge weighs, by name: `asking` and `saying` are the odds of ASKS and SAYS."""
    about, said = asks(asked), reading(text)
    margin = max(-_MOST_MARGIN, min(_MOST_MARGIN, score.margin)) / 3
    seen = {
        f"{one}, {two}": first * second
        for one, first in zip(ASKS, asking, strict=True)
        for two, second in zip(SAYS, saying, strict=True)
    }
    seen |= {f"{one}, read {said}": first for one, first in zip(ASKS, asking, strict=True)}
    seen |= {f"{one}, margin": first * margin for one, first in zip(ASKS, asking, strict=True)}
    seen[f"read {about and about[0].value}, {said}"] = 1.0
    seen["read as danger"] = float(answered(asked, text) is not None)
    return seen


@lru_cache(maxsize=64)  # a day asks the same few questions
def question_features(asked: str) -> frozenset[str]:
    """Of the last question, and the words of what was said before it."""
    *before, question = _SENTENCES.split(asked.strip())
    found = features(question) | set(_edges(question))
    words = features(" ".join(before))
    words = {f"before {each}" for each in words if each[0] != "~" and " " not in each}
    return frozenset(found | words)


def answer_features(text: str, found: set[str]) -> set[str]:
    """`found` are the features of `text` as the classifier counts them."""
    words = _words(text)
    own = set(_edges(text)) | {f"length {min(len(words), 12) // 3}"}
    return found | own | {f"={' '.join(words)}" if len(words) < 4 else "=long"}


def _edges(text: str) -> Iterator[str]:
    """How it begins and how it ends."""
    words = _words(text)
    yield from (f"^{' '.join(words[:count])}" for count in (1, 2, 3) if len(words) >= count)
    yield from (f"{' '.join(words[-count:])}$" for count in (1, 2) if len(words) >= count)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower().replace("'", "").replace("’", ""))
