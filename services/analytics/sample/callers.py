"""Who calls, and about what: made up, all of it. Numbers are of the 555-01xx range."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

FIRST = ("Ana", "Ben", "Carla", "Dev", "Elena", "Grace", "Hugo", "Imani", "Kira", "Liam", "Maya")
LAST = ("Adams", "Baker", "Chen", "Diaz", "Fischer", "Garcia", "Ito", "Khan", "Moore", "Patel")
STREETS = ("Oak St", "Maple Ave", "High St", "Limestone St", "Fountain Ave", "Wittenberg Ave")
ZIPS = ("45501", "45502", "45503", "45504", "45505", "45506")
AREAS = ("614", "513", "740", "419", "330", "216")

PROBLEMS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "hvac": (
        ("repair", "AC not cooling; outdoor unit rattling."),
        ("repair", "The furnace does not start."),
        ("repair", "Refrigerant leak at the outdoor unit."),
        ("repair", "Air handler in the attic drips."),
        ("maintenance", "Yearly tune-up of the heat pump."),
    ),
    "plumbing": (
        ("repair", "The kitchen sink does not drain."),
        ("repair", "Sewer main backs up into the basement floor drain."),
        ("repair", "Water heater gives only lukewarm water."),
        ("repair", "A pipe behind the wall drips."),
        ("maintenance", "Yearly check of the water heater."),
    ),
    "electrical": (
        ("repair", "Half of the outlets have no power."),
        ("repair", "Breaker panel hums and trips."),
        ("repair", "Light in the attic flickers."),
        ("repair", "An outdoor outlet is dead."),
        ("maintenance", "Safety check before selling the house."),
    ),
}
HAZARDS: Mapping[str, tuple[str, ...]] = {
    "hvac": ("gas_leak", "carbon_monoxide", "no_heat_freezing"),
    "plumbing": ("major_leak", "sewage", "gas_leak"),
    "electrical": ("electrical_hazard", "fire_smoke"),
}
REASONS = (
    "asked for a person",
    "asked for a person",
    "angry about an earlier visit",
    "warranty question",
    "billing question",
    "agent could not help",
)
MESSAGES = (
    "Please call back about the invoice.",
    "Wants to move next week's visit.",
    "Asks for an estimate for a new unit.",
)


@dataclass(frozen=True, slots=True)
class SampleCaller:
    name: str
    phone: str
    address: str
    zip: str


def caller(rng: random.Random) -> SampleCaller:
    """Somebody; the same number is always the same person."""
    number = f"+1{rng.choice(AREAS)}55501{rng.randrange(100):02d}"
    who = random.Random(number)
    zip_code = who.choice(ZIPS)
    street = f"{who.randrange(1, 2000)} {who.choice(STREETS)}"
    return SampleCaller(
        f"{who.choice(FIRST)} {who.choice(LAST)}",
        number,
        f"{street}, Springfield, OH {zip_code}",
        zip_code,
    )
