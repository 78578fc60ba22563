"""The question about danger: once in a call about something broken, and before anything else."""

import re
from collections.abc import Collection
from typing import Final

_OF_TRADE: Final = {
    "hvac": re.compile(
        r"\b(?:furnace|boiler|heat pump|heat|heating|air condition\w*|ac|a c|cooling|cold air|"
        r"cool air|thermostat|condenser|compressor|mini ?splits?|pilot light|ducts?|vents?|hvac|"
        r"refrigerant|air handler|blowing)\b"
    ),
    "plumbing": re.compile(
        r"\b(?:plumb\w*|pipes?|drains?|sinks?|toilets?|faucets?|taps?|shower|tub|water heater|"
        r"hot water|sump pump|sewer|sewage|septic|garbage disposal|shut ?off valve|hose bibb?|"
        r"water (?:pressure|main|line|softener)|clog\w*)\b"
    ),
    "electrical": re.compile(
        r"\b(?:electric\w*|breakers?|breaker box|panel|outlets?|sockets?|switch(?:es)?|gfci|"
        r"wires?|wiring|lights?|fixtures?|flicker\w*|fuses?|ev charger|chandelier|ceiling fan)\b"
    ),
}
_BROKEN: Final = re.compile(
    r"\b(?:broke\w*|stopped|quit\w*|died|dead|leak\w*|drip\w*|clog\w*|flood\w*|burst|frozen|froze|"
    r"rattl\w*|humm?ing|buzz\w*|bang\w*|squeal\w*|grind\w*|flicker\w*|tripp\w*|trips|spark\w*|"
    r"overflow\w*|back(?:ed|ing|s) up|acting up|noises?|smell\w*|malfunction\w*|repair\w*|fix\w*|"
    r"(?:is|are|it's|was|has been) (?:out|down|off|stuck|running nonstop|making)|"
    r"(?:isn't|is not|not|aren't|doesn't|won't|wont|isnt|can't|barely|hardly|no longer|never) "
    r"(?:\w+ )?(?:work\w*|cool\w*|heat\w*|blow\w*|run\w*|turn\w*|start\w*|come|coming|drain\w*|"
    r"flush\w*|light\w*|kick\w*|fire|firing|getting|get|ignit\w*|keep\w*|shut\w*|stop\w*|go|going)|"
    r"no (?:heat|hot water|cold air|cool air|air|power|electricity|water|ac|a c|pressure|cooling)|"
    r"(?:keeps?|problems?|trouble|issues?|something(?:'s| is)? wrong|wrong) (?:\w+ )?(?:with|on|"
    r"off|running|tripping|going|shutting|turning|making))\b"
)
_OTHER: Final = re.compile(
    r"\b(?:tune ?ups?|maintenance|check ?ups?|inspect\w*|annual|seasonal|resched\w*|cancel\w*|"
    r"appointments?|invoices?|bills?|billing|charged?|refund\w*|payments?|receipt|warranty|"
    r"technician (?:is|was|coming|still)|where(?:'s| is)|already (?:booked|scheduled|paid)|"
    r"last (?:week|visit|time)|you (?:guys )?(?:were|came|fixed|installed|replaced)|website|google|"
    r"marketing|advertis\w*|job opening|hiring|wrong number|new (?:unit|system|furnace|ac|water "
    r"heater|panel)|install\w*|replac\w*|upgrade|ev charger|remodel\w*)\b"
)


def trade_of(text: str, trades: Collection[str]) -> str | None:
    """Which of the trades a caller's words are about; None where they tell none, or several."""
    plain = _plain(text)
    told = [name for name, words in _OF_TRADE.items() if name in trades and words.search(plain)]
    return told[0] if len(told) == 1 else None


def states_problem(text: str) -> bool:
    """Whether a caller's words tell of something broken, and of no other business with us.

    What it misses is asked before the price, the windows or the read-back.
    """
    plain = _plain(text)
    return _BROKEN.search(plain) is not None and _OTHER.search(plain) is None


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").replace("-", " ").split())
