"""What must be done about an event, as values; the bridge does them in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shared.domain.models import CallStage


@dataclass(frozen=True, slots=True)
class Command:
    pass


# -- to the caller's line ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlayAudio(Command):
    payload: str


@dataclass(frozen=True, slots=True)
class PlaceMark(Command):
    name: str


@dataclass(frozen=True, slots=True)
class ClearPlayback(Command):
    pass


@dataclass(frozen=True, slots=True)
class CloseLine(Command):
    """Close the WebSocket: Twilio then asks /after-stream what to do with the caller."""


# -- to the model --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenSession(Command):
    """session.update."""

    instructions: str
    tools: tuple[dict[str, object], ...]
    model: str
    voice: str


@dataclass(frozen=True, slots=True)
class HearAudio(Command):
    payload: str


@dataclass(frozen=True, slots=True)
class CommitAudio(Command):
    """input_audio_buffer.commit: what was heard so far is the caller's turn. Makes no response."""

    request_id: str


@dataclass(frozen=True, slots=True)
class Respond(Command):
    """response.create. `request_id` is its event_id; `instructions` hold for this one only."""

    request_id: str
    instructions: str | None = None


@dataclass(frozen=True, slots=True)
class CancelResponse(Command):
    request_id: str
    response_id: str


@dataclass(frozen=True, slots=True)
class Truncate(Command):
    """Tell the model how much of `item_id` was heard; at least 1 ms."""

    request_id: str
    item_id: str
    heard_ms: int


@dataclass(frozen=True, slots=True)
class ForgetItem(Command):
    """conversation.item.delete: nothing of it was heard."""

    request_id: str
    item_id: str


@dataclass(frozen=True, slots=True)
class TellModel(Command):
    """A system message into the conversation; makes no response by itself.

    `item_id`: a name of ours, where the message may have to be forgotten.
    """

    text: str
    item_id: str | None = None


@dataclass(frozen=True, slots=True)
class TellSpoken(Command):
    """An assistant message: what was already said to the caller by a clip."""

    text: str


@dataclass(frozen=True, slots=True)
class AnswerTool(Command):
    call_id: str
    output: str


@dataclass(frozen=True, slots=True)
class CloseModel(Command):
    pass


# -- to our own shell ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RedeemToken(Command):
    token: str
    call_sid: str
    stream_sid: str


@dataclass(frozen=True, slots=True)
class ListenForQuiet(Command):
    """Tell with CallerQuiet, once, when the caller's frames have been near silence for 1.5 s."""


@dataclass(frozen=True, slots=True)
class RunTool(Command):
    """Run a tool beside the audio; the answer comes as ToolAnswered, within `limit_ms` or not.

    `confirmed` of phone and address: read back by the agent, answered with a yes; the name
    stands among them when it was said and not denied. It is told beside the arguments, which are
    the model's own.
    """

    call_id: str
    name: str
    arguments: Mapping[str, object] | None  # card numbers masked; None: they were no JSON object
    limit_ms: int
    confirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteTurn(Command):
    """One row for agent_turns. Times are `at_ms`; the recorder turns them into datetimes.

    The same seq may be noted again, completed or masked: the newer replaces the older.
    """

    seq: int
    at_ms: int
    role: Literal["assistant", "user", "tool", "system"]
    text: str = ""
    latency_ms: int | None = None
    cut: bool = False
    heard: str | None = None
    heard_ms: int | None = None
    sent_ms: int | None = None
    item_id: str | None = None
    tool: str | None = None
    arguments: Mapping[str, object] | None = None  # of a tool; the row gets them as JSON
    result: str | None = None
    took_ms: int | None = None


@dataclass(frozen=True, slots=True)
class NoteCall(Command):
    """Changes to the calls row: fields of shared.domain.models.Call that code learned."""

    at_ms: int
    stage: CallStage | None = None  # disclosed or qualified: a tool writes its own stage itself
    disclosed: str | None = None  # the wording, when all of it was heard
    disclosure_heard: str | None = None  # the words of it that were, when they were others or fewer
    disclosure_heard_ms: int | None = None
    hazard: str | None = None
    escalate: str | None = None  # reason: store the intent before the line is closed


@dataclass(frozen=True, slots=True)
class AlertHazard(Command):
    """Text on-call at once: a hazard was heard."""

    category: str


@dataclass(frozen=True, slots=True)
class Measure(Command):
    """One metric of shared.schema.METRICS."""

    metric: str
    value: float


@dataclass(frozen=True, slots=True)
class EndCall(Command):
    """The session is over: settle the calls row, close both legs. Always the last command."""

    # goodbye, hung_up, dropped, handed_over, silence, too_long, refused, draining, failed
    reason: str
    failure: str | None = None  # what broke, also when a human takes over
