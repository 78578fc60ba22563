"""Dangers a caller may be in."""

from enum import StrEnum

from shared.domain.models.value import Value


class HazardCategory(StrEnum):
    GAS_LEAK = "gas_leak"
    FIRE_SMOKE = "fire_smoke"
    CARBON_MONOXIDE = "carbon_monoxide"
    ELECTRICAL_HAZARD = "electrical_hazard"
    FLOOD_ELECTRICAL = "flood_electrical"
    SEWAGE = "sewage"
    NO_HEAT_FREEZING = "no_heat_freezing"
    MAJOR_LEAK = "major_leak"


class Hazard(Value):
    """A danger heard in the caller's words."""

    category: HazardCategory
    guidance: str  # what is said to the caller, word for word
    call_911: bool  # tier 1: the guidance sends the caller to 911
    matched: str  # the words that raised it
