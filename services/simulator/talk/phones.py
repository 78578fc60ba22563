"""Whose phone a number is, and what each business can be rung by."""

from typing import Any
from zoneinfo import ZoneInfo

from services.simulator.scenarios import businesses


def whose(number: str) -> str:
    """Return "office", "on call" or, for anybody else, "caller"."""
    for each in businesses.ids():
        terms = businesses.terms(each)
        if number == terms.get("office"):
            return "office"
        if number in terms.get("on_call", ()):
            return "on call"
    return "caller"


def zone_of(business: str) -> ZoneInfo:
    """The clock of a business; UTC of one that is not here."""
    known = business in businesses.ids()
    return ZoneInfo(str(businesses.terms(business).get("time_zone", "UTC")) if known else "UTC")


def choices() -> list[dict[str, Any]]:
    """Return what can be rung: id, name, number and time zone of each business with a number."""
    return [
        {
            "id": each,
            "name": str(businesses.terms(each).get("name", each)),
            "number": number,
            "zone": str(businesses.terms(each).get("time_zone", "UTC")),
        }
        for each in businesses.ids()
        if (number := businesses.number(each))
    ]
