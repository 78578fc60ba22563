"""What a session is told of the business it answers for, fixed when the call begins."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.media_bridge.core.events import CallTerms, Clip
from services.media_bridge.core.prompt import PromptFacts, instructions
from shared.actions.front_desk import TOOLS
from shared.domain.business import DAYS, Business
from shared.domain.safety import GUIDANCE
from shared.domain.scheduling import is_after_hours
from shared.domain.stream_token import TokenClaims


class Shelf(Protocol):
    def get(self, words: str) -> Clip | None:
        """The sentence as sound, where it is ready; never blocks."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Which model speaks, and how."""

    model: str
    voice: str


def terms(
    business: Business, claims: TokenClaims, voice: Voice, shelf: Shelf, now: datetime
) -> CallTerms:
    """The terms of one call. `now` is business time."""
    guidance = {str(category): words for category, words in GUIDANCE.items()}
    clips = {category: shelf.get(words) for category, words in guidance.items()}
    return CallTerms(
        call_sid=claims.call_sid,
        business_id=business.id,
        business_name=business.name,
        instructions=instructions(_facts(business, claims.caller, now)),
        tools=TOOLS,
        model=voice.model,
        voice=voice.voice,
        disclosure=business.wording.disclosure,
        disclosure_clip=shelf.get(business.wording.disclosure),
        guidance=guidance,
        guidance_clips={category: clip for category, clip in clips.items() if clip},
    )


def sentences(businesses: Iterable[Business]) -> tuple[str, ...]:
    """What may have to be said word for word: first the disclosures, which every call needs."""
    return (*(business.wording.disclosure for business in businesses), *GUIDANCE.values())


def _facts(business: Business, caller: str | None, now: datetime) -> PromptFacts:
    local = business.local(now)
    return PromptFacts(
        business_name=business.name,
        trade=business.wording.trade_words,
        hours=_hours(business),
        services=tuple(business.card.services),
        service_area=", ".join(business.service_zips) or "everywhere nearby",
        now=f"{local:%A, %B} {local.day}, {local:%Y, %I:%M %p %Z}",
        after_hours=is_after_hours(business, now),
        caller=caller,
        disclosure=business.wording.disclosure,
        deposit_terms=_deposit_terms(business),
    )


def _hours(business: Business) -> str:
    opening = (
        f"{day.capitalize()} {opens:%H:%M}-{closes:%H:%M}"
        for day in DAYS
        for known, (opens, closes) in business.hours.items()
        if known == day
    )
    return ", ".join(opening)


def _deposit_terms(business: Business) -> str:
    if not business.card.deposit_share:
        return "No deposit is taken."
    return (
        "The deposit is refundable when the visit is canceled at least "
        f"{business.policy.refundable_before_hours} hours before it."
    )
