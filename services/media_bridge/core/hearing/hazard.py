"""Danger in what the caller said, also in a bare yes to the agent's own question about it."""

import re
from collections import deque

from shared.domain.hazards.answered import answered
from shared.domain.hazards.asked import Asks, asks
from shared.domain.hazards.denial import denied
from shared.domain.hazards.detect import GUIDANCE, detect, heard
from shared.domain.models import Hazard, HazardCategory

# -- an answer without danger --------------------------------------------------------------------

_NOT_ANY = frozenset(("no", "nope", "nah", "none", "nothing", "nobody", "neither"))
_NO_MORE_THAN = frozenset(("just", "only"))
_DANGER_WORDS = """
gas smoke smoky carbon monoxide alarm alarms detector detectors smell smells smelling odor
odors fumes burning fire flames sparks sparking leak co
"""
_DANGERS = frozenset(_DANGER_WORDS.split())
_WHOLE_SENTENCE = 5  # words
_TROUBLE_WORDS = """
ac a c air conditioner conditioning cooling cool cold heat heating heater furnace boiler thermostat
unit units system fan vent outside outdoor inside house water drain drains sink toilet faucet pipe
dishwasher outlet outlets breaker light lights power noise noises sound rattling rattle humming
leaking dripping clogged broken working work blowing running stopped repair maintenance tune up
"""
_TROUBLE = frozenset(_TROUBLE_WORDS.split())
_PLAIN_WORDS = """
and or nor but the my our it its it's is isn't are aren't was not of that that's this there there's
any anyone anything anybody like at all i i'm we we're don't doesn't won't do does have haven't has
hear see notice know so think making coming from here sorry um uh oh well okay ok ma'am sir thanks
with on in hot warm loud
"""
_PLAIN = frozenset(_PLAIN_WORDS.split())
_KNOWN = _NOT_ANY | _NO_MORE_THAN | _DANGERS | _TROUBLE | _PLAIN
_SAYS_NOT = re.compile(r"\b(?:don't (?:smell|think so)|not at all|not that i (?:know|smell|see))\b")
_UNSURE = re.compile(r"\bdon't know\b")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?|,")
_SENTENCE = re.compile(r"[.!;:\n]+")


_REMEMBERED = 6  # utterances
_COMMON = frozenset("a an and the is it its in on of to my our".split())  # noqa: SIM905
_DENIALS = frozenset(("no", "not", "nope", "nobody", "nothing", "none", "without"))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower().replace("'", "").replace("’", ""))


class HazardWatch:
    """What a call knows of danger: which kinds were told of, and whether there is none."""

    def __init__(self) -> None:
        # Kinds whose guidance the caller was given: each is told once in a call.
        self._told: set[HazardCategory] = set()
        # The question about danger was answered, and there is none; never taken back.
        self._qualified = False
        # The newest words of the caller's, each utterance as its set of words.
        self._heard: deque[set[str]] = deque(maxlen=_REMEMBERED)
        # They were asked whether there is danger, by us or by the model of itself.
        self.was_asked = False
        # The call is about upkeep: nothing is broken, and danger not asked about.
        self.is_upkeep = False
        # The kind whose guidance they began to speak over, in their newest utterance.
        self.spoken_over: str | None = None
        # The kind the caller is asked about because the model took something for it.
        self.asking: HazardCategory | None = None

    def hears(self, text: str, hazard: Hazard | None) -> Hazard | None:
        """Take in the caller's words; `hazard` is what is in them.

        A yes to our question whether anybody is in danger is of the kind that was asked about.
        """
        self._heard.append(set(_words(text)))
        asking, self.asking = self.asking, None
        if hazard is None or asking is None or detect(text) is not None:
            return hazard
        return Hazard(category=asking, guidance=GUIDANCE[asking], language=hazard.language)

    @property
    def is_open(self) -> bool:
        """Nobody knows yet whether there is danger."""
        return not (self.was_asked or self._qualified or self._told or self.is_upkeep)

    def was_told(self, category: HazardCategory) -> bool:
        return category in self._told

    def withdrawn(self, category: HazardCategory) -> None:
        """They took it back: heard anew, it is told anew."""
        self._told.discard(category)
        self.spoken_over = None

    def caller_said(self, words: str) -> bool:
        """Whether the caller used most of these words in one of the newest utterances, and denied
        nothing in it. True where none of their words are known at all."""
        wanted = set(_words(words)) - _COMMON
        if not any(self._heard):
            return True
        said = [heard for heard in self._heard if not heard & _DENIALS]
        return bool(wanted) and any(2 * len(wanted & heard) >= len(wanted) for heard in said)

    def is_new(self, hazard: Hazard) -> bool:
        """Whether its guidance is to be told now; from now on it counts as told."""
        new = hazard.category not in self._told
        self._told.add(hazard.category)
        return new

    def qualifies(self, text: str, asked: str, *, is_asked: bool = False) -> bool:
        """Whether these words, which hold no danger, are the first to deny that there is any.

        `asked` is what the agent said last; `is_asked`: that was the question about danger.
        """
        about = is_asked or asks_about_danger(asked)
        if self._qualified or not (about and denies_danger(text)):
            return False
        self._qualified = True
        return True


def asks_about_danger(asked: str) -> bool:
    """Whether the agent's words are a question to which a yes is a danger."""
    found = asks(asked)
    return found is not None and found[0] is Asks.DANGER


def heard_danger(
    text: str, asked: str, verdict: str | None = None, *, is_asked: bool = False
) -> Hazard | None:
    """The hazard in `text`; `asked` is what the agent said last, `verdict` is of the models that
    know both. `is_asked`: that was the question about danger, whatever its words.

    A yes to "gas, smoke or carbon monoxide?" names none of them. The guidance for gas fits all
    three: leave, take everyone along, call 911 from outside. Where there is no verdict, the
    patterns alone decide.
    """
    if verdict is not None:
        return heard(text, verdict)
    hazard, category = heard(text, None), answered(asked, text, is_of_danger=is_asked)
    # What a short answer is to is known better from the question than from its few words.
    if category is None or hazard is not None:
        return hazard
    return Hazard(category=category, guidance=GUIDANCE[category])


def withdraws(text: str) -> bool:
    """Whether who is told to leave says that there is no such danger. It has to be named: a mere
    "no!" is no answer to that."""
    words = set(_WORD.findall(text.lower().replace("’", "'")))
    return not _DANGERS.isdisjoint(words) and denies_danger(text)


def denies_danger(text: str) -> bool:
    """Whether an answer to the question about danger says that there is none.

    Known by what it is: "no", "nothing like that", "just the cooling and the noise", or a whole
    sentence about what is broken; in plain English words every one of which is known, and with no
    danger named but in a denial. Whatever could not be read, was a question, or holds any other
    word says nothing, and so does not clear.
    """
    plain = text.lower().replace("’", "'").replace("thank you", "thanks")
    words = [word for word in _WORD.findall(plain) if word != ","]
    if "?" in plain or not _KNOWN.issuperset(words) or _UNSURE.search(plain):
        return False
    trouble = len(_TROUBLE.intersection(words))
    denies = not _NOT_ANY.isdisjoint(words) or _SAYS_NOT.search(plain)
    only_that = trouble and not _NO_MORE_THAN.isdisjoint(words)
    describes = trouble > 1 and len(words) >= _WHOLE_SENTENCE
    if not (denies or only_that or describes):
        return False
    return all(_none_named(sentence) for sentence in _SENTENCE.split(plain))


def _none_named(sentence: str) -> bool:
    """Every danger named in `sentence` is denied there: "no gas", but not "no, just gas"."""
    words = _WORD.findall(sentence)
    named = [at for at, word in enumerate(words) if word in _DANGERS]
    return all(denied(" ".join(words[:at]).replace("'", "") + " ") for at in named)
