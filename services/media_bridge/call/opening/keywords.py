"""The words a transcriber should expect in a business's calls: names it cannot guess, dangers."""

from typing import Final

from shared.domain.business import Business

# OpenAI publishes no limit; these keep a large file from becoming a large prompt.
MOST, LONGEST = 50, 60  # words or phrases; characters of one

DANGERS: Final = ("carbon monoxide", "gas leak")
TRADES: Final = {
    "hvac": ("furnace", "heat pump", "thermostat", "condenser", "mini split", "pilot light"),
    "plumbing": ("water heater", "sump pump", "shutoff valve", "sewer line", "P-trap"),
    "electrical": ("breaker panel", "GFCI", "outlet", "sparking", "EV charger"),
}


def keywords(business: Business) -> tuple[str, ...]:
    """Dangers behind the business's name, its towns and streets, then the words of its trades.

    Many streets leave the trade's words out, which a transcriber guesses better than names.
    """
    towns = (city.rpartition(",")[0] for city in business.service_cities)
    trades = (word for trade in business.trades for word in TRADES.get(trade, ()))
    kinds = (word for kind in business.card.kinds for word in kind.words)
    trade_names = business.wording.trade_names or tuple(trades)
    wanted = (business.name, *DANGERS, *towns, *business.streets, *trade_names, *kinds)
    once: dict[str, str] = {}
    for word in wanted:
        if len(word) <= LONGEST:
            once.setdefault(word.casefold(), word)
    return tuple(once.values())[:MOST]
