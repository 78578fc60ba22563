"""What a session is told of the business it answers for, fixed when the call begins."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from services.media_bridge.call.opening.keywords import keywords
from services.media_bridge.call.opening.prompt import PromptFacts, instructions
from services.media_bridge.core.events import CallSetup, Clip
from services.media_bridge.wire.realtime.client_events import SessionTuning
from shared.domain.business import Business
from shared.domain.calendar.hours import DAY, OpenHours
from shared.domain.calendar.scheduling import is_after_hours
from shared.domain.fields import DAYS
from shared.domain.models import Language
from shared.domain.moments import GUIDANCE_IN, CallMoment, first, wordings_of
from shared.domain.moments.english import CUT_OFF_RECORDED, DANGER_QUESTIONS, OF_ANY_TRADE
from shared.domain.stream_token import TokenClaims
from shared.schema import TRANSCRIPTION_MODEL
from shared.tools.availability import FURTHEST_DAYS
from shared.tools.schemas import TOOLS, TOOLS_TO_RESUME

ALL_DAY = OpenHours(opens=0, closes=DAY)


class ClipSource(Protocol):
    def get(self, words: str) -> Clip | None:
        """The sentence as sound, where it is ready; never blocks."""


@dataclass(frozen=True, slots=True)
class ModelVoice:
    """Which model speaks, and how."""

    model: str
    voice: str


def session_tuning(model: str) -> SessionTuning:
    """How we have `model` listen and speak in every call."""
    return SessionTuning(
        transcription_model=TRANSCRIPTION_MODEL,
        # Not one alone: pinned to English, a danger told in Spanish comes as English noise.
        languages=("en", "es"),
        noise_reduction="far_field",
        vad_threshold=0.5,
        prefix_padding_ms=300,
        # A caller's pause for breath is shorter, a wait for an answer longer.
        silence_ms=340,
        # About 50 seconds of speech: no turn of a phone call is longer.
        max_output_tokens=1024,
        # A conversation that is too long is cut in one big step: after each cut all that is
        # left of it is billed uncached once.
        retention_ratio=0.8,
        # Models before gpt-realtime-2 do not reason, and refuse to be asked for it.
        reasoning_effort="low" if model.startswith("gpt-realtime-2") else None,
    )


def call_setup(
    business: Business,
    claims: TokenClaims,
    voice: ModelVoice,
    clips: ClipSource,
    now: datetime,
    *,
    resumes: bool = False,
) -> CallSetup:
    """What the session of one call is told. `now` is business time; `resumes`: the caller was cut
    off a moment ago."""
    recorded = business.recording is not None and not claims.synthetic
    first_words = cut_off_words(business) if resumes else business.wording.disclosure
    english, english_clips = _guidance(Language.ENGLISH, clips)
    spanish, spanish_clips = _guidance(Language.SPANISH, clips)
    waiting = (clips.get(words) for words in wordings_of(CallMoment.WAITING))
    several = business.trades if business.more_trades else ()
    services = business.card.services if several else ()
    return CallSetup(
        call_sid=claims.call_sid,
        business_id=business.id,
        business_name=business.name,
        instructions=instructions(_facts(business, claims.caller, now, first_words), resumes),
        tools=TOOLS_TO_RESUME if resumes else TOOLS,
        model=voice.model,
        voice=business.voice or voice.voice,
        keywords=keywords(business),
        danger_question=OF_ANY_TRADE if several else _question(business, business.trade),
        danger_questions={trade: _question(business, trade) for trade in several},
        service_trades={name: str(business.work(name).trade) for name in services},
        disclosure=first_words,
        disclosure_clip=clips.get(first_words),
        recorded=recorded,
        guidance=english,
        guidance_clips=english_clips,
        spanish_guidance=spanish,
        spanish_clips=spanish_clips,
        waiting_clips=tuple(clip for clip in waiting if clip),
        # With the offset alone: a journal holds no zone, and must replay the same.
        now=datetime.fromisoformat(business.local(now).isoformat()),
    )


def _guidance(language: Language, clips: ClipSource) -> tuple[dict[str, str], dict[str, Clip]]:
    """By category: the words, and the clips that are ready."""
    words = {str(category): text for category, text in GUIDANCE_IN[language].items()}
    rendered = {category: clips.get(text) for category, text in words.items()}
    return words, {category: clip for category, clip in rendered.items() if clip}


def sentences(businesses: Iterable[Business]) -> tuple[str, ...]:
    """What may have to be said word for word: first the disclosures, which every call needs."""
    known = tuple(businesses)
    disclosures = (business.wording.disclosure for business in known)
    guidance = (words for spoken in GUIDANCE_IN.values() for words in spoken.values())
    resumed = dict.fromkeys(cut_off_words(business) for business in known)
    return (*disclosures, *wordings_of(CallMoment.WAITING), *guidance, *resumed)


def _question(business: Business, trade: str) -> str:
    """About danger. The file's own is for trades that have none, or for the only one."""
    own = business.wording.danger_question
    if own and (trade not in DANGER_QUESTIONS or business.trades == (trade,)):
        return own
    return DANGER_QUESTIONS[trade]


def sentences_by_voice(businesses: Iterable[Business]) -> dict[str | None, tuple[str, ...]]:
    """The same for each voice; None is the usual one."""
    known = tuple(businesses)
    voices = dict.fromkeys(business.voice for business in known)
    return {voice: sentences(b for b in known if b.voice == voice) for voice in voices}


def cut_off_words(business: Business) -> str:
    """What who was cut off hears first: they know whom they talk to, and this call is another."""
    return first(CallMoment.CUT_OFF) if business.recording is None else CUT_OFF_RECORDED


def _facts(business: Business, caller: str | None, now: datetime, first_words: str) -> PromptFacts:
    local = business.local(now)
    return PromptFacts(
        business_name=business.name,
        trade=business.wording.trade_words,
        hours=_hours(business, local.date()),
        services=tuple(business.card.services),
        service_area=", ".join(business.service_zips) or "everywhere nearby",
        now=f"{local:%A, %B} {local.day}, {local:%Y, %I:%M %p %Z}",
        after_hours=is_after_hours(business, now),
        caller=caller,
        disclosure=first_words,
        deposit_terms=_deposit_terms(business),
        texts=business.sends_texts,
        topics=tuple(business.topics),
    )


def _hours(business: Business, today: date) -> str:
    """The week's hours, and on which days to come the business is closed all the same."""
    closed = [
        f"{day:%A, %B} {day.day}"
        for day in (today + timedelta(days=n) for n in range(FURTHEST_DAYS + 1))
        if business.is_holiday(day)
    ]
    return _week(business) + (f"; closed on {', '.join(closed)}" if closed else "")


def _week(business: Business) -> str:
    hours = [(day, known) for day in DAYS for name, known in business.hours.items() if name == day]
    if not hours:
        return "none, every visit is at after-hours rates"
    if len(hours) == len(DAYS) and all(known == ALL_DAY for _, known in hours):
        return "open day and night, every day of the week"
    return ", ".join(f"{day.capitalize()} {_span(known)}" for day, known in hours)


def _span(hours: OpenHours) -> str:
    times = _times(hours)
    breaks = " and ".join(f"{_clock(a % DAY)}-{_clock(b % DAY)}" for a, b in hours.breaks)
    return f"{times} (no visits {breaks})" if breaks else times


def _times(hours: OpenHours) -> str:
    if hours.closes <= DAY:
        return f"{_clock(hours.opens)}-{_clock(hours.closes)}"
    return f"{_clock(hours.opens)}-{_clock(hours.closes - DAY)} the next day"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


_TAKEN = {
    "always": "",
    "after_hours": "A deposit is taken for visits after hours only. ",
    "new_customers": "A deposit is taken of new customers only; the tools know who is one. ",
}


def _deposit_terms(business: Business) -> str:
    card = business.card
    if not card.deposit_share or card.deposit == "never":
        return "No deposit is taken."
    return (
        f"{_TAKEN[card.deposit]}The deposit is refundable when the visit is canceled at least "
        f"{business.policy.refundable_before_hours} hours before it."
    )
