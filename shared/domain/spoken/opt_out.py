"""Whether somebody wants no texts, in words of their own, spoken or written."""

import re

_TEXTS = r"(?:text|texts|text\s+messages?|messages|sms)"
_WISHES = re.compile(
    rf"""
    \b(?:
        (?:stop|quit)\s+(?:(?:sending|with)\s+)?(?:(?:me|us|the|your|these|those|all|any|more)\s+)*
            (?:texting|messaging|{_TEXTS})\b(?!\s+(?:him|her|them|my|while|and\s+driv))
      | (?:do\s*n[o']?t|dont|never)\s+(?:you\s+)?(?:ever\s+)?(?:text|message)\s+
            (?:me|us|this\s+(?:number|phone)|my\s+(?:number|phone|cell))\b
            (?!\s+(?:the|that|it|about|until|till|before|yet|unless|at|on))
      | (?:do\s*n[o']?t|dont|never)\s+send\s+(?:(?:me|us|any|more|your)\s+)*{_TEXTS}\b
            (?!\s+(?:until|till|before|yet|to))
      | (?:do\s*n[o']?t|dont)\s+(?:want|wish|like|wanna\s+get)\s+(?:to\s+(?:get|receive)\s+)?
            (?:(?:any|more|your|these|those)\s+)*(?:texts|text\s+messages)\b
      | no\s+more\s+(?:texting|{_TEXTS})\b
      | (?:take|remove)\s+(?:me|us|(?:my|this)\s+number)\s+(?:off|from)\s+(?:of\s+)?
            (?:(?:the|your|this|that|any)\s+)?(?:(?:text|texting|sms|message|messaging)\s+)?lists?\b
      | opt(?:ing)?\s+(?:me\s+)?out\s+(?:of|from)\s+(?:(?:the|your|these|all|any)\s+)*
            (?:texting|{_TEXTS})\b
      | unsubscribe\s+(?:me|us|from)\b
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
# "Why did you stop texting me?" is a question about it.
_ASKED = re.compile(r"\b(?:why|when|did|have|has)\s+(?:did\s+)?(?:you|they|it)?\s*$", re.IGNORECASE)


def wants_no_texts(words: str) -> bool:
    """Whether these words say so; what is only told or asked about texts is neither.

    >>> wants_no_texts("Please stop texting me.")
    True
    >>> wants_no_texts("Don't text me the link yet.")
    False
    """
    found = _WISHES.search(words.replace("\u2019", "'"))
    return found is not None and _ASKED.search(words[: found.start()]) is None
