"""An address as it is said: "123 Oak St, Dayton, OH" is "123 Oak Street, Dayton, Ohio"."""

from typing import Final

from shared.domain.spoken.addresses.address import Address
from shared.domain.spoken.addresses.postal import DIRECTIONS, LONG_SUFFIXES, STATES, UNITS

_STATES: Final = {code: name.title() for name, code in STATES.items()}
_DIRECTIONS: Final = {
    short: name.title() for name, short in DIRECTIONS.items() if len(name) > 2 and " " not in name
}
_UNITS: Final = {short: name for name, short in reversed(UNITS.items()) if name.isalpha()}


def aloud(address: Address, *, home: frozenset[str] = frozenset()) -> str:
    """What of it a caller can check: house, street, unit, city and state, in whole words; a state
    that is one of `home` ("OH") goes without saying."""
    if address.said:
        return address.said
    street = address.street
    line = (
        address.number,
        _DIRECTIONS.get(street.predirectional, street.predirectional),
        street.name,
        LONG_SUFFIXES.get(street.suffix, street.suffix),
        _DIRECTIONS.get(street.postdirectional, street.postdirectional),
    )
    state = "" if address.state in home else _STATES.get(address.state, address.state)
    parts = (" ".join(filter(None, line)), _unit(address.unit), address.city, state)
    return ", ".join(filter(None, parts))


def _unit(unit: str) -> str:
    words = [_UNITS.get(word, "number" if word == "#" else word) for word in unit.split()]
    return " ".join(words)
