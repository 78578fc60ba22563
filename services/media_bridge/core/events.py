"""What can happen to a call, as values. `at_ms` is milliseconds since the socket opened.

Events are all a CallSession ever learns: time, tokens, tool answers and clips come in here.
Audio is base64 G.711 mu-law, 8 bytes a millisecond, exactly as it came off the wire.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import msgspec

from services.media_bridge.core.call_setup import CallSetup as CallSetup
from services.media_bridge.core.call_setup import Clip as Clip
from services.media_bridge.core.guards.claims.claim import Odds
from shared.domain.facts import Fact
from shared.domain.money import Figure
from shared.domain.read_back import Recitation
from shared.domain.telling import Telling


class _Timed(msgspec.Struct, frozen=True):
    """What every event has. `Event`, at the end of this module, is the list of all of them.

    No dataclass, because that costs eight times as much to make, and a call makes a hundred such
    values a second.
    """

    at_ms: int


# -- the caller's line ---------------------------------------------------------------------


class LineOpened(_Timed, frozen=True):
    """Twilio's `start`."""

    call_sid: str
    stream_sid: str
    token: str


class CallerAudio(_Timed, frozen=True):
    payload: str
    media_ms: int  # Twilio's media clock; the first is not 0


class MarkEchoed(_Timed, frozen=True):
    name: str


class KeyPressed(_Timed, frozen=True):
    """One key. In a journal "x" is a digit of a card number, "X" the one that completed it.

    `card_items`: as in CallerSaid, where the number was begun in speech.
    """

    digit: str
    card_items: tuple[str, ...] = ()


class LineClosed(_Timed, frozen=True):
    """Twilio's `stop`, a closed socket, or a frame that is not Twilio's."""

    reason: Literal["hung_up", "dropped", "protocol"]


# -- our own shell -------------------------------------------------------------------------


class TokenRedeemed(_Timed, frozen=True):
    """The token was good, the calls row is written, the call may begin."""

    setup: CallSetup


class TokenRefused(_Timed, frozen=True):
    reason: Literal[
        "used", "expired", "forged", "unavailable", "model_down", "calls_often", "over_budget"
    ]


class ToolAnswered(_Timed, frozen=True):
    """`output` is the JSON for the model; the rest is what code must know of it."""

    call_id: str
    output: str
    took_ms: int
    timed_out: bool = False  # the shell gave up waiting; a second, late answer may follow
    figures: tuple[Figure, ...] = ()  # every amount in `output`, with what it is the price of
    facts: tuple[Fact, ...] = ()  # what the tool did or found
    hang_up: bool = False  # end_call
    hand_over: bool = False  # escalate_to_human: close the line after the goodbye
    recitation: Recitation | None = None  # to be said word for word; the tool was confirm_details
    telling: Telling | None = None  # to be said word for word, in place of the model's words
    danger: str | None = None  # report_danger: a HazardCategory, and the words that told of it
    danger_words: str = ""
    broke: bool = False  # what the tool needs did not answer


class CallerQuiet(_Timed, frozen=True):
    """The caller's frames have been near silence since ListenForQuiet asked."""


class CallerUnnoticed(_Timed, frozen=True):
    """Since ListenForSpeech asked, something was said on the line, and nothing after it."""


class Tick(_Timed, frozen=True):
    """The deadline the session asked for has come."""


class Draining(_Timed, frozen=True):
    """The container is being stopped: hand the caller to a human."""


# -- the model -----------------------------------------------------------------------------


class ModelOpened(_Timed, frozen=True):
    """session.created."""


class ModelReady(_Timed, frozen=True):
    """session.updated."""


class ModelLost(_Timed, frozen=True):
    """The socket closed, never opened, or the session expired.

    `for_good`: another session would meet the same.
    """

    reason: str
    for_good: bool = False


class CallerSpoke(_Timed, frozen=True):
    """input_audio_buffer.speech_started."""

    item_id: str


class CallerStopped(_Timed, frozen=True):
    """input_audio_buffer.speech_stopped."""

    item_id: str


class CallerSaid(_Timed, frozen=True):
    """The transcript of what the caller said; asynchronous, before or after the reply.

    Two fields are for journals, whose text is masked: `masked`, whether it was, and `card_items`,
    the other items and tool calls that held parts of the card number these words completed, or
    this one alone. `hazard` is the verdict of the shell's classifier on the words: a hazard's name,
    "none" or "unsure"; None where no classifier was asked. It is on the event, so that a call
    replays whatever the weights have become.
    """

    item_id: str
    text: str
    masked: bool = False
    card_items: tuple[str, ...] = ()
    hazard: str | None = None


class CallerUnheard(_Timed, frozen=True):
    """The transcription of an utterance failed."""

    item_id: str


class ResponseStarted(_Timed, frozen=True):
    response_id: str
    request_id: str | None  # of our own Respond; None when VAD made it


class AgentAudio(_Timed, frozen=True):
    response_id: str
    item_id: str
    payload: str


class AgentSaid(_Timed, frozen=True):
    """The whole transcript of one spoken item.

    `odds`: what models of the shell read in each of its sentences; empty where none were asked. As
    CallerSaid's `hazard` they are on the event, so that a call replays.
    """

    response_id: str
    item_id: str
    text: str
    odds: tuple[Odds, ...] = ()


class Recited(_Timed, frozen=True):
    """How far the words of a recital agree with its sentence by now.

    `letters`: of the sentence as `same_words.folded` has it; None where the model says something
    else.
    """

    response_id: str
    letters: int | None


class ToolCalled(_Timed, frozen=True):
    """A completed function call. `name` is whatever the model called, a tool of ours or not."""

    response_id: str
    call_id: str
    name: str
    arguments: Mapping[str, object] | None  # None: what it gave was no JSON object


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one response, for the cost estimate."""

    text_in: int = 0
    text_cached: int = 0
    text_out: int = 0
    audio_in: int = 0
    audio_cached: int = 0
    audio_out: int = 0


class ResponseEnded(_Timed, frozen=True):
    response_id: str
    status: str  # completed, cancelled, failed, incomplete
    reason: str | None = None  # turn_detected, max_output_tokens, insufficient_quota …
    usage: Usage | None = None


class ModelRefused(_Timed, frozen=True):
    """An `error` event: the session goes on. `request_id` is our event_id where it was ours."""

    code: str
    message: str
    request_id: str | None


# -- all of them ---------------------------------------------------------------------------

# The legs and the token: what counts also while nobody is known to be there.
LifecycleEvent: TypeAlias = (
    LineOpened
    | LineClosed
    | TokenRedeemed
    | TokenRefused
    | ModelOpened
    | ModelReady
    | ModelLost
    | Draining
    | Tick
)
# What is said, heard, keyed and done in a call.
ConversationEvent: TypeAlias = (
    CallerAudio
    | MarkEchoed
    | KeyPressed
    | CallerSpoke
    | CallerStopped
    | CallerSaid
    | CallerUnheard
    | CallerQuiet
    | CallerUnnoticed
    | ResponseStarted
    | AgentAudio
    | AgentSaid
    | Recited
    | ResponseEnded
    | ModelRefused
    | ToolCalled
    | ToolAnswered
)
# A closed list: whoever matches on an event ends in `assert_never`, and mypy finds the one that
# was forgotten.
Event: TypeAlias = LifecycleEvent | ConversationEvent
