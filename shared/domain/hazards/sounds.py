"""What a word sounds like, roughly: recognisers write one spoken word as another, or as two.

The consonants in their order, those that are taken for each other written alike: "breaker" and
"brake her" are "prkr", "outlet" and "out let" are "atlt".
"""

import re

_ALIKE = (
    (re.compile(r"(?:dg|(?<=[a-z])g)(?=[eiy])"), "j"),  # sewage, "sue edge"
    (re.compile(r"ph"), "f"),
    (re.compile(r"[ckq]+(?=[ei]?t?ch)|ck|q|c(?![eiyh])"), "k"),
    (re.compile(r"[czx]|th(?=r)"), "s"),
    (re.compile(r"^(?:kn|gn)"), "n"),
    (re.compile(r"^wr"), "r"),
    (re.compile(r"d"), "t"),
    (re.compile(r"b"), "p"),
    (re.compile(r"v"), "f"),
    (re.compile(r"(?<=.)[aeiouyhw]+"), ""),
    (re.compile(r"^[aeiou]"), "a"),
    (re.compile(r"(.)\1+"), r"\1"),
)


def sound(word: str) -> str:
    """`word` in lower case, without accents; "" where it holds no letter of the alphabet."""
    for pattern, letter in _ALIKE:
        word = pattern.sub(letter, word)
    return word
