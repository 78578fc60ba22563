"""Whether a caller objects to being recorded."""

import re

_RECORD = r"record(?:ed|ing|s)?"
_YOU = r"(?:you|y'all|this|that|anyone|anybody|people|them|it)"

# Wishes and refusals; a question ("am I being recorded?") or a story is neither.
_OBJECTIONS = re.compile(
    rf"""
    \b(?:
        (?:do\s*n[o']?t|dont|never)\s+(?:you\s+)?{_RECORD}\b
      | no\s+recordings?\b(?!\s+of)
      | (?:do\s*n[o']?t|dont|not)\s+(?:really\s+)?(?:want|wanna|wish|like|agree|consent|okay|ok|
            comfortable|fine|give\s+(?:you\s+)?(?:my\s+)?(?:permission|consent))\b
            (?:\s+(?:to|with|for|about|me|be|being|getting|get|having|{_YOU}|my|our|call|voice|
            permission|consent))*\s+{_RECORD}\b
      | (?:rather|prefer)\s+(?:you\s+)?(?:not|didn'?t)\b
            (?:\s+(?:to|be|being|get|me|this|it))*\s+{_RECORD}\b
      | (?:stop|quit|turn\s+off|shut\s+off|cut\s+off|switch\s+off|end|cancel|disable)\s+
            (?:(?:the|this|that|your|my|all)\s+)*{_RECORD}\b
      | turn\s+(?:the|that|this|your)\s+{_RECORD}\s+off\b
      | object\s+to\s+(?:(?:being|this|the|my|call|you|getting)\s+)*{_RECORD}\b
      | without\s+(?:(?:being|the|getting|this|you|it|me)\s+)*{_RECORD}\b
      | (?:can'?t|cannot|may\s+not|not\s+allowed\s+to|have\s+no\s+(?:right|permission)\s+to|
            did\s*n'?t\s+(?:agree|consent)\s+to|no\s+permission\s+to)\s+(?:(?:be|this|being)\s+)*{_RECORD}\b
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)


def objects_to_recording(words: str) -> bool:
    """Whether the caller says that they do not want to be recorded.

    >>> objects_to_recording("I don't consent to being recorded.")
    True
    >>> objects_to_recording("Is this call recorded?")
    False
    """
    return "record" in words.lower() and _OBJECTIONS.search(words) is not None
