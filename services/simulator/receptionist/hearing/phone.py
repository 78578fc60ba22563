"""A callback number in what was heard, and how it is read back."""

from services.simulator.receptionist.hearing.numbers import digits


def phone(text: str) -> str | None:
    """Return the ten digits of a North American number, None unless there are exactly ten."""
    said = digits(text)
    if len(said) == 11 and said.startswith("1"):
        said = said[1:]
    if len(said) == 20 and said[:10] == said[10:]:
        said = said[:10]  # said twice, to be sure
    return said if len(said) == 10 else None


def in_groups(ten: str) -> str:
    """Return a number as it is read back: 555, 123, 0000."""
    return f"{ten[:3]}, {ten[3:6]}, {ten[6:]}"
