"""Which stack a person wants to talk to: whose business, and what time it is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.simulator.scenarios import businesses
from services.simulator.scenarios.businesses import BadBusinessFile
from services.simulator.talk.desk import NotDone


@dataclass(frozen=True, slots=True)
class WantedStack:
    """`business` is rung first: an id, or a file of one's own, which then is all there is."""

    at: datetime
    business: str


def wanted(asked: Mapping[str, Any], before: WantedStack, home: Path) -> WantedStack:
    """Return what a page asks for; `home` has the files there are beside any of one's own.

    Raises:
        NotDone: there is no such business, the file is none, or the time cannot be read.
    """
    business = str(asked.get("business", "")).strip() or before.business
    if business.endswith(".toml"):
        business = str(Path(business).expanduser())
    return WantedStack(_time(str(asked.get("at", "")), _zone(business, home)), business)


def _zone(business: str, home: Path) -> str:
    if business in businesses.ids(home):
        terms = businesses.terms(business, home)
    else:
        try:
            with businesses.rung(business) as there:
                terms = businesses.terms(there)
        except BadBusinessFile as exc:
            raise NotDone(f"{exc}; a file of your own ends in .toml") from exc
    return str(terms.get("time_zone", "UTC"))


def _time(text: str, zone: str) -> datetime:
    if text in ("", "now"):
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    except (ValueError, ZoneInfoNotFoundError) as exc:
        raise NotDone(f"{text!r} is no time like 2025-08-28T19:12") from exc
