"""One word of an address: as the tables have it, and as it is written."""

from itertools import takewhile


def plain_word(word: str) -> str:
    """`word` as the tables have it: lower case, without the stops of "U.S." and "Ave."."""
    return word.lower().strip(",;:").replace(".", "")


_SMALL = frozenset({"of", "the", "and", "at", "to", "de", "del"})


def titled(words: list[str]) -> str:
    """`words` with capitals, as names are: "o'fallon" is "O'Fallon", "5th" stays."""
    return " ".join(
        word.lower() if at and word.lower() in _SMALL else _titled(word)
        for at, word in enumerate(words)
    )


def _titled(word: str) -> str:
    word = word.strip(".,")
    if any(c.isupper() for c in word[1:]) and not word.isupper():
        return word
    figures = "".join(takewhile(str.isdigit, word))
    if figures:
        return figures + word[len(figures) :].lower()
    return "-".join(
        "'".join(p[:1].upper() + p[1:].lower() for p in _names(w)) for w in word.split("-")
    )


def _names(word: str) -> list[str]:
    """ "o'fallon" is two names, "martin's" is one."""
    first, mark, rest = word.partition("'")
    return [first, rest] if mark and len(first) == 1 and len(rest) > 1 else [word]
