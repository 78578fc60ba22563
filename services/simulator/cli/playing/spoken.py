"""What the model said, until the caller hears it: her ears may mis-hear, its text is exact."""

import re

_ENOUGH = 0.6  # of the words: a stand-in's ears write "sir" for "Sarah"


class NotHeardYet:
    """Texts in the order in which the model made them."""

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self._heard = ""  # what was heard last, by the model's own text

    def add(self, text: str) -> None:
        self._waiting.append(text)

    def heard(self, text: str) -> tuple[list[str], list[str]]:
        """Return which texts these words were, and those before them that were never heard."""
        there = [at for at, said in enumerate(self._waiting) if _same(said, text)]
        if not there:
            return [], []
        upto = self._waiting[: there[-1] + 1]
        self._waiting = self._waiting[there[-1] + 1 :]
        said = [each for at, each in enumerate(upto) if at in there]
        self._heard = " ".join(said)
        return said, [each for at, each in enumerate(upto) if at not in there]

    def repeats(self, text: str) -> bool:
        """Whether these words are the rest of what was heard before."""
        return bool(self._heard) and _share(text, self._heard) >= _ENOUGH


def words(text: str) -> str:
    """The words of a text, for comparing."""
    return " ".join(re.findall(r"\w+", text.lower()))


def _same(said: str, heard: str) -> bool:
    return _share(said, heard) >= _ENOUGH or _share(heard, said) >= _ENOUGH


def _share(part: str, whole: str) -> float:
    """How much of the words of `part` is in `whole`."""
    mine, theirs = words(part).split(), set(words(whole).split())
    return sum(word in theirs for word in mine) / len(mine) if mine else 0.0
