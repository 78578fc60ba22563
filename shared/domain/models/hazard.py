"""Dangers a caller may be in."""

from enum import StrEnum

from shared.domain.models.language import Language
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


# The guidance for these sends the caller to 911; the others do so only if it gets worse.
LIFE_SAFETY = frozenset(
    {
        HazardCategory.GAS_LEAK,
        HazardCategory.FIRE_SMOKE,
        HazardCategory.CARBON_MONOXIDE,
        HazardCategory.ELECTRICAL_HAZARD,
        HazardCategory.FLOOD_ELECTRICAL,
    }
)


class Hazard(Value):
    """A danger heard in the caller's words."""

    category: HazardCategory
    guidance: str  # what is said to the caller, word for word, in their language
    language: Language = Language.ENGLISH  # of the words that told of it
