"""A danger to somebody there: said what to do at once, or asked about first."""

from collections.abc import Iterator

from services.media_bridge.core import commands as do
from services.media_bridge.core.call_setup import Clip
from services.media_bridge.core.speaking import announcing
from services.media_bridge.core.speaking.announcements import Announcement
from services.media_bridge.core.speaking.phrases import WITHDRAWN
from services.media_bridge.core.state import CallState
from shared.domain.facts import ToolFactKind
from shared.domain.hazards.detect import GUIDANCE
from shared.domain.hazards.question import trade_of
from shared.domain.models import Hazard, HazardCategory, Language
from shared.domain.moments import GUIDANCE_IN, CallMoment
from shared.domain.spoken.whether_ai import asks_whether_ai


def raised(call: CallState, at_ms: int, hazard: Hazard) -> Iterator[do.Command]:
    """Tell the caller what to do before anything else is heard, and on-call at once."""
    category = hazard.category.value
    yield from call.interrupt(at_ms)
    text, clip = _guidance(call, hazard)
    announcement = Announcement(category, clip.text if clip else text, clip.audio if clip else None)
    yield from announcing.announce(call, at_ms, announcement)
    yield do.NoteCall(at_ms, hazard=category)
    yield do.AlertHazard(category)
    call.guards.claims.done(ToolFactKind.ALERTED)
    if clip is not None and call.model_ready:
        yield do.TellSpoken(clip.text)
        yield do.TellModel(announcing.after_guidance(call, clip.text))
        if call.live:
            call.responses.want()
    call.bound_closing(at_ms)


def _guidance(call: CallState, hazard: Hazard) -> tuple[str, Clip | None]:
    """What to tell them, in the language that they speak, and its clip where one was rendered."""
    setup, category = call.setup, hazard.category.value
    if setup is None:
        return hazard.guidance, None
    if call.wordings.language is Language.SPANISH:
        own = GUIDANCE_IN[Language.SPANISH][hazard.category]
        return setup.spanish_guidance.get(category, own), setup.spanish_clips.get(category)
    return setup.guidance.get(category, hazard.guidance), setup.guidance_clips.get(category)


def withdrawn(call: CallState, at_ms: int, category: str) -> Iterator[do.Command]:
    """The caller took it back while they were told what to do: the rest is not said."""
    if call.announcements.guidance == category:
        yield from call.audio_out.cut(call.responses.active)
        yield from announcing.done(call, at_ms)
    call.hearing.hazards.withdrawn(HazardCategory(category))
    yield do.NoteCall(at_ms, hazard_withdrawn=category)
    if call.model_ready:
        yield do.TellModel(WITHDRAWN)
        call.responses.answer_caller()


def asks_first(call: CallState) -> bool:
    """Whether the caller is asked about danger before the call goes on."""
    setup = call.setup
    return (
        call.live
        and setup is not None
        and bool(setup.danger_question)
        and (call.hearing.hazards.is_open)
    )


def ask(call: CallState, at_ms: int, *, said: str = "", service: str = "") -> Iterator[do.Command]:
    """Ask, in place of whatever the model was going to say: what the trade of the job asks, as the
    service or the caller's words tell it."""
    setup = call.setup
    assert setup is not None
    yield from call.interrupt(at_ms)
    call.hearing.hazards.was_asked = True
    trade = setup.service_trades.get(service) or trade_of(said, setup.danger_questions)
    question = call.wordings.danger(setup.danger_questions.get(trade or "", setup.danger_question))
    if asks_whether_ai(said):
        answer = call.wordings.next(CallMoment.AN_AI).rpartition(". ")[0]
        question = f"{answer}. {question}"
    call.recite(CallMoment.DANGER_QUESTION, question)


def reported(call: CallState, at_ms: int, category: str, words: str) -> Iterator[do.Command]:
    """The model took something for a danger. In the caller's own words it is one; what they did
    not say is asked about, and tells nobody before their yes."""
    hazards, found = call.hearing.hazards, HazardCategory(category)
    if hazards.was_told(found):
        call.responses.want()
    elif hazards.caller_said(words):
        hazard = Hazard(category=found, guidance=GUIDANCE[found])
        hazards.is_new(hazard)
        yield from raised(call, at_ms, hazard)
    else:
        hazards.asking = found
        call.say(CallMoment.IN_DANGER)
