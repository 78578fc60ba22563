"""Which line of the rate card a caller's problem is, by the names the instructions tell."""

import re
from collections.abc import Sequence

PLAIN = ("repair", "maintenance")  # where the instructions name none
_UPKEEP = ("tune-up", "tune up", "maintenance", "annual", "inspection")
# Words of a problem that belong to a word of a name.
_ABOUT = {
    "hvac": r"furnace|boiler|heat(?:ing|er)?|ac|a/c|air|cool(?:ing|s)?|thermostat|unit",
    "heating": r"furnace|boiler|heat",
    "cooling": r"ac|a/c|air|cool(?:ing|s)?",
    "plumbing": r"toilets?|sinks?|drains?|pipes?|faucets?|leak(?:s|ing)?|shower|sewage|sewer|water",
    "drain": r"drains?|clog(?:ged)?|sewer|sink|toilet|back(?:ed|ing) up",
    "electrical": r"outlets?|breakers?|panel|lights?|wir(?:es?|ing)|sparks?|power",
    "installation": r"new|install(?:ed)?|replac(?:e|ed|ing|ement)",
}


def service(description: str, known: Sequence[str]) -> str:
    """Return the name that has most to do with the problem; the plainest where none has."""
    names, said = tuple(known) or PLAIN, description.lower()
    if any(word in said for word in _UPKEEP):
        upkeep = [name for name in names if re.search(r"maintenance|inspection|tune", name)]
        if upkeep:
            return upkeep[0]
    best = max(names, key=lambda name: _fits(name, said))
    if _fits(best, said) > (0, 0):
        return best
    return next((name for name in names if name.endswith("repair")), names[0])


def _fits(name: str, said: str) -> tuple[int, int]:
    """How many words of a name are said, and how many of them the problem is about; nothing where
    one of them is not meant at all. Nobody says "repair" to mean a line of a rate card."""
    words = [word for word in name.split("_") if word != "repair"]
    own = [word for word in words if re.search(rf"\b{word}", said)]
    meant = [word for word in words if word in own or _about(word, said)]
    return (len(own), len(meant)) if words and len(meant) == len(words) else (0, 0)


def _about(word: str, said: str) -> bool:
    about = _ABOUT.get(word)
    return about is not None and re.search(rf"\b(?:{about})\b", said) is not None
