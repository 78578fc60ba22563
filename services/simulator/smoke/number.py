"""Which number a smoke call dials."""

import re
from pathlib import Path

from services.simulator.scenarios import businesses

# 555-0100 to 555-0199, which nobody can own: the examples have such numbers.
FICTION = re.compile(r"\+1[2-9][0-9]{2}55501[0-9]{2}")


class NoTarget(Exception):
    """The deployment cannot be found or asked; the message says what is missing."""


def number_of(business: str | None, where: Path | None = None, *, deployed: bool = False) -> str:
    """The number customers dial; where no business is named, of the first that is no example.

    Raises:
        NoTarget: there is none of that name, or none at all; of a deployment, none but examples.
    """
    known = businesses.ids(where)
    if business is not None and business not in known:
        raise NoTarget(f"no business {business!r}; there are: {', '.join(known)}")
    chosen = known if business is None else (business,)
    numbers = [number for each in chosen if (number := businesses.number(each, where))]
    if not numbers:
        raise NoTarget("there is no business file")
    real = [number for number in numbers if not FICTION.fullmatch(number)]
    if deployed and business is None and not real:
        raise NoTarget(
            "all businesses are examples, whose numbers nobody has: describe one of your own in "
            "shared/businesses and deploy it"
        )
    return (real or numbers)[0]
