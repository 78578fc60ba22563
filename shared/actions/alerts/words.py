"""What whoever is asked reads and hears of an emergency: first the danger, and who is at home."""

import re
from collections.abc import Iterable
from typing import Final

from shared.actions.texts import wording
from shared.domain.business import Business
from shared.domain.models import HazardCategory, Turn

DANGERS: Final = {
    HazardCategory.GAS_LEAK: "a gas leak",
    HazardCategory.FIRE_SMOKE: "fire or smoke",
    HazardCategory.CARBON_MONOXIDE: "carbon monoxide",
    HazardCategory.ELECTRICAL_HAZARD: "an electrical hazard",
    HazardCategory.FLOOD_ELECTRICAL: "water near electricity",
    HazardCategory.SEWAGE: "sewage indoors",
    HazardCategory.NO_HEAT_FREEZING: "no heat in freezing weather",
    HazardCategory.MAJOR_LEAK: "a major leak",
}
# Whom a caller names, in their own words; whether they are out of the house, no pattern can tell.
_PEOPLE: Final = (
    ("a baby", re.compile(r"\b(?:bab(?:y|ies)|infants?|newborns?)\b", re.I)),
    (
        "children",
        re.compile(
            r"\b(?:my|our|the|small|little|young) (?:kids?|child(?:ren)?|toddlers?)\b", re.I
        ),
    ),
    (
        "an older person",
        re.compile(r"\b(?:elderly|grand(?:mother|father|ma|pa)|(?:7|8|9)\d years? old)\b", re.I),
    ),
    (
        "somebody sick or disabled",
        re.compile(r"\b(?:disabled|wheelchair|bedridden|oxygen|dialysis|hospice|pregnant)\b", re.I),
    ),
)
ANSWER: Final = " Answer 1 to say that you have it."
_ALONE: Final = re.compile(r"\b(?:i'?m|i am) (?:all )?(?:alone|by myself)\b", re.I)


def people(turns: Iterable[Turn]) -> tuple[str, ...]:
    """Whom the caller spoke of, as far as it matters to whoever comes."""
    said = " ".join(turn.text.replace("\u2019", "'") for turn in turns if turn.role == "user")
    found = tuple(name for name, pattern in _PEOPLE if pattern.search(said))
    return ("the caller, alone", *found) if _ALONE.search(said) else found


def at_home(named: tuple[str, ...]) -> str:
    """` They spoke of a baby and children.`; "" where nobody was spoken of."""
    if not named:
        return ""
    *first, last = named
    return f" They spoke of {', '.join(first)}{' and ' if first else ''}{last}."


def asking(
    business: Business, hazard: HazardCategory, named: tuple[str, ...], caller: str | None
) -> str:
    """The text to whoever is asked to take it."""
    return (
        f"DANGER: {DANGERS[hazard]}.{at_home(named)} {business.name}: call "
        f"{wording.number(caller)} back now. They were given the safety guidance."
        f"{ANSWER if business.sends_texts else ''}"
    )


def withdrawn(business: Business, hazard: HazardCategory, caller: str | None) -> str:
    """For whoever was asked: the caller took it back while they were told what to do."""
    return (
        f"TAKEN BACK: {wording.number(caller)} says there is no danger after all (it was taken "
        f"for {DANGERS[hazard]}). {business.name}: call them where that leaves a doubt."
    )


def spoken(business: Business, hazard: HazardCategory, named: tuple[str, ...]) -> str:
    """The same for the ear; without the number, which is in the text and behind the key."""
    return (
        f"Danger: {DANGERS[hazard]}.{at_home(named)} This is {business.name}'s line. A caller "
        "waits to be called back, and nobody has said that they have it."
    )


def taken(business: Business, hazard: HazardCategory | None, caller: str | None) -> str:
    """For whoever has said that they have it."""
    what = DANGERS[hazard] if hazard else "the emergency"
    return f"{business.name}: you have {what}. Call {wording.number(caller)} now."


def has_it(business: Business, hazard: HazardCategory | None, who: str) -> str:
    """For the others who were asked."""
    what = DANGERS[hazard] if hazard else "The emergency"
    return f"{business.name}: {wording.number(who)} has taken {what}. No need to call."
