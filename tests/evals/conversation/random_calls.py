"""Callers invented by chance, all of whom can be booked: what disturbs a call is a misfire."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from shared.businesses import by_id
from shared.domain.business import Business
from tests.evals.conversation.scenario import Scenario
from tests.evals.conversation.wordings import read

PARTS = Path(__file__).with_name("callers") / "invented.toml"
BUSINESSES = ("coolcare_hvac", "clearflow_plumbing", "brightwire_electric")
FIRST_DAY = date(2026, 2, 2)
DAYS = 240
# Who calls when: mostly by day, some in the evening.
HOURS = (8, 9, 9, 10, 10, 11, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20)
SOONEST = timedelta(hours=20)  # no window before: it may be taken for an emergency's


def invented(count: int, seed: int = 1) -> list[Scenario]:
    """So many callers; the same seed invents the same."""
    chance = Random(f"invented:{seed}")
    return [_caller(number, chance) for number in range(1, count + 1)]


def _caller(number: int, chance: Random) -> Scenario:
    parts, business = read(PARTS), by_id(chance.choice(BUSINESSES))
    assert business is not None
    now = _moment(business, chance)
    is_tune_up = business.id == "coolcare_hvac" and chance.random() < 0.2
    phone = f"+1937555{chance.randint(0, 9999):04}"
    start = _window(business, now, chance)
    other = chance.random() < 0.15
    name = f"{chance.choice(parts['first'])} {chance.choice(parts['last'])}"
    zip_code = chance.choice(parts["zip"])
    house = chance.choice(
        (chance.randint(2, 99), chance.randint(100, 999), chance.randint(1000, 4999))
    )
    facts = {
        "name": name,
        "phone": phone,
        "address": f"{house} {chance.choice(parts['street'])}, Springfield {zip_code}",
        "zip": zip_code,
    }
    if chance.random() < 0.4:
        facts["notes"] = chance.choice(parts["notes"])
    behaviours = []
    if chance.random() < 0.25:
        behaviours.append(f'asks "{chance.choice(parts["aside"])}"')
    if chance.random() < 0.1:
        behaviours.append("forgets the address")
    if chance.random() < 0.15:
        behaviours.append("rambles")
    caller_id = f"+1937555{chance.randint(0, 9999):04}" if other else phone
    return Scenario.model_validate(
        {
            "id": f"R{number:04}",
            "title": f"{name}, {business.name}",
            "kind": "invented callers",
            "business": business.id,
            "now": now.isoformat(),
            "caller_id": caller_id,
            "opening": chance.choice(parts["tune_ups" if is_tune_up else business.id]),
            "facts": facts,
            "behaviours": behaviours,
            "expected": {
                "call": {"outcome": "booked"},
                "customer": {"name": name, "phone": phone},
                "job": {
                    "service_type": "maintenance" if is_tune_up else "repair",
                    "window_start": start.isoformat(),
                    "is_emergency": False,
                    "address_contains": [str(house)],
                },
                "jobs_created": 1,
                "sms": ["deposit_link"],
            },
        }
    )


def _moment(business: Business, chance: Random) -> datetime:
    day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
    clock = time(chance.choice(HOURS), chance.randrange(60))
    return datetime.combine(day, clock, ZoneInfo(business.time_zone))


def _window(business: Business, now: datetime, chance: Random) -> datetime:
    """A regular window of one of the next open days."""
    day = (now + SOONEST).date()
    ahead = chance.choice((0, 0, 0, 1, 1, 2, 4))
    while True:
        is_open = f"{day:%a}".lower() in business.hours and day not in business.holidays
        if is_open and ahead <= 0:
            break
        ahead -= is_open
        day += timedelta(days=1)
    starts = [
        start for start in business.window_starts if day > (now + SOONEST).date() or start >= 14
    ]
    return datetime.combine(day, time(chance.choice(starts)), now.tzinfo)
