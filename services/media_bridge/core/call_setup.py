"""All the session needs to know of a business, fixed when the token is redeemed."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Clip:
    """A sentence rendered beforehand: its words and its sound (base64 mu-law)."""

    text: str
    audio: str


@dataclass(frozen=True, slots=True)
class CallSetup:
    """All the session needs to know of the business, fixed when the token is redeemed."""

    call_sid: str
    business_id: str
    business_name: str
    instructions: str  # the system prompt
    tools: tuple[dict[str, object], ...]  # JSON schemas as session.update wants them
    model: str
    voice: str
    disclosure: str  # the exact first sentence(s)
    disclosure_clip: Clip | None  # None: the model says it
    # category -> the exact guidance, and its clip where one was rendered
    guidance: dict[str, str] = field(default_factory=dict)
    guidance_clips: dict[str, Clip] = field(default_factory=dict)
    # The same in Spanish.
    spanish_guidance: dict[str, str] = field(default_factory=dict)
    spanish_clips: dict[str, Clip] = field(default_factory=dict)
    # What is played, one after the other, to a caller who has to wait.
    waiting_clips: tuple[Clip, ...] = ()
    danger_question: str = ""  # asked once, of who tells of something broken
    # By trade, where the business has several; `danger_question` is then asked while none is known.
    danger_questions: dict[str, str] = field(default_factory=dict)
    service_trades: dict[str, str] = field(default_factory=dict)  # of each service, there
    keywords: tuple[str, ...] = ()  # what the transcriber should expect to hear
    recorded: bool = False  # the call is, and the disclosure says so
    max_call_ms: int = 1_500_000
    warn_before_ms: int = 120_000
    now: datetime | None = None  # business time at which this was made, with the zone's offset
    silence_ms: int = 20_000  # after the agent fell silent; asked twice, then goodbye
