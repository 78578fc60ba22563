"""What must be done about an event, as values; the bridge does them in order."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

from shared.domain.models import CallerKind, RecordingDrop
from shared.domain.outcomes import CallStage, EndReason, EscalationReason, Failure


class _Command(msgspec.Struct, frozen=True):
    """What all commands are: a hundred are made a second, a tenth as dear as a frozen dataclass."""


# -- to the caller's line ------------------------------------------------------------------


class PlayAudio(_Command, frozen=True):
    payload: str


class PlaceMark(_Command, frozen=True):
    name: str


class ClearPlayback(_Command, frozen=True):
    pass


class CloseLine(_Command, frozen=True):
    """Close the WebSocket: Twilio then asks /after-stream what to do with the caller."""


# -- to the model --------------------------------------------------------------------------


class OpenSession(_Command, frozen=True):
    """session.update."""

    instructions: str
    tools: tuple[dict[str, object], ...]
    model: str
    voice: str
    keywords: tuple[str, ...] = ()


class HearAudio(_Command, frozen=True):
    payload: str


class CommitAudio(_Command, frozen=True):
    """input_audio_buffer.commit: what was heard so far is the caller's turn. Makes no response."""

    request_id: str


class Respond(_Command, frozen=True):
    """response.create. `request_id` is its event_id; `instructions` hold for this one only.

    `sentence`: a recital. It is read word for word beside the conversation, which does not learn
    of it.
    """

    request_id: str
    instructions: str | None = None
    sentence: str | None = None


class CancelResponse(_Command, frozen=True):
    request_id: str
    response_id: str


class Truncate(_Command, frozen=True):
    """Tell the model how much of `item_id` was heard; at least 1 ms."""

    request_id: str
    item_id: str
    heard_ms: int


class ForgetItem(_Command, frozen=True):
    """conversation.item.delete: nothing of it was heard, or nothing of it may be kept.

    `retold`: the session knows it from TellHeard or TellSpoken.
    """

    request_id: str
    item_id: str
    retold: bool = False


class TellModel(_Command, frozen=True):
    """A system message into the conversation; makes no response by itself.

    `item_id`: a name of ours, where the message may have to be forgotten.
    """

    text: str
    item_id: str | None = None


class TellSpoken(_Command, frozen=True):
    """An assistant message: what was said to the caller by a clip, beside the conversation, or in
    a session that was lost, there as `item_id`."""

    text: str
    item_id: str | None = None


class TellHeard(_Command, frozen=True):
    """A message of the caller's: what they said to a session that was lost, there as `item_id`."""

    text: str
    item_id: str


class RecallTool(_Command, frozen=True):
    """A call of a tool in a session that was lost, under a new id; AnswerTool follows."""

    call_id: str
    name: str
    arguments: Mapping[str, object] | None


class AnswerTool(_Command, frozen=True):
    call_id: str
    output: str


class ReopenModel(_Command, frozen=True):
    """Leave the model's session, whatever it still sends, and open another."""

    after_ms: int = 0  # so long from now


class CloseModel(_Command, frozen=True):
    pass


# -- to our own shell ----------------------------------------------------------------------


class RedeemToken(_Command, frozen=True):
    token: str
    call_sid: str
    stream_sid: str


class ListenForSpeech(_Command, frozen=True):
    """Tell with CallerUnnoticed when somebody has spoken on the line and is quiet again: the
    model's server should have said so long before. Takes the place of any other listening."""


class ListenForQuiet(_Command, frozen=True):
    """Tell with CallerQuiet, once, when the caller's frames have been near silence for 1.5 s."""


class RunTool(_Command, frozen=True):
    """Run a tool beside the audio; the answer comes as ToolAnswered, within `limit_ms` or not.

    `confirmed`: for book_appointment what of phone and address was read back and answered with a
    yes; for confirm_details what of name, phone and address need not be read again. It is told
    beside the arguments, which are the model's own.
    """

    call_id: str
    name: str
    arguments: Mapping[str, object] | None  # card numbers masked; None: they were no JSON object
    limit_ms: int
    confirmed: tuple[str, ...] = ()


class NoteTurn(_Command, frozen=True):
    """One row for agent_turns. Card numbers are masked in every text of it.

    The same seq may be noted again, completed or masked: the newer replaces the older.
    """

    seq: int  # from 1, in the order of the conversation
    at_ms: int  # when it began; the shell makes a datetime of it
    role: Literal["assistant", "user", "tool", "system"]
    text: str = ""  # all the words, heard or not; "" for a tool, or where they never came
    # Of the agent: how long the caller waited for the first sound; whether they cut it short, and
    # then what they had heard of it, in words and sound, and how much sound was sent.
    latency_ms: int | None = None
    cut: bool = False
    heard: str | None = None
    heard_ms: int | None = None
    sent_ms: int | None = None
    item_id: str | None = None  # of agent and caller
    unsure: str | None = None  # of the agent: kinds of claims that no tool bears out for certain
    # Of a tool: its name, the JSON it was given and gave, and how long it took.
    tool: str | None = None
    arguments: Mapping[str, object] | None = None  # of a tool; the row gets them as JSON
    result: str | None = None
    took_ms: int | None = None


class NoteCall(_Command, frozen=True):
    """Changes to the calls row: fields of shared.domain.models.Call that code learned."""

    at_ms: int
    stage: CallStage | None = None  # disclosed or qualified: a tool writes its own stage itself
    disclosed: str | None = None  # the wording, when all of it was heard
    disclosure_heard: str | None = None  # the words of it that were, when they were others or fewer
    disclosure_heard_ms: int | None = None
    hazard: str | None = None  # a HazardCategory
    hazard_withdrawn: str | None = None  # the same; on-call is told
    # The recording of the call may not stay.
    recording_dropped: RecordingDrop | None = None
    caller_kinds: tuple[CallerKind, ...] = ()  # all that are known
    no_texts: bool = False  # they want none; kept of their number
    # Why a person is to be rung: the intent is stored before the line is closed.
    escalate: EscalationReason | Failure | None = None


class AlertHazard(_Command, frozen=True):
    """Text on-call at once: a hazard was heard."""

    category: str  # a HazardCategory


class Measure(_Command, frozen=True):
    """One metric of shared.schema.METRICS."""

    metric: str
    value: float


class EndCall(_Command, frozen=True):
    """The session is over: settle the calls row, close both legs. Always the last command."""

    reason: EndReason
    failure: Failure | None = None  # what broke, also when a human takes over


# -- all of them ---------------------------------------------------------------------------

# A closed list: whoever does commands ends in `assert_never`, and mypy finds the one that was
# forgotten.
Command: TypeAlias = (
    PlayAudio
    | PlaceMark
    | ClearPlayback
    | CloseLine
    | OpenSession
    | HearAudio
    | CommitAudio
    | Respond
    | CancelResponse
    | Truncate
    | ForgetItem
    | TellModel
    | TellSpoken
    | TellHeard
    | RecallTool
    | AnswerTool
    | ReopenModel
    | CloseModel
    | RedeemToken
    | ListenForSpeech
    | ListenForQuiet
    | RunTool
    | NoteTurn
    | NoteCall
    | AlertHazard
    | Measure
    | EndCall
)
