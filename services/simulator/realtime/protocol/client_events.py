"""What a client may send, field by field: a reading of the GA Realtime reference, nothing more."""

from typing import Annotated, Literal

from pydantic import Field

from services.simulator.realtime.protocol.session_fields import (
    CustomVoice,
    Format,
    FunctionTool,
    MaxTokens,
    Modalities,
    Reasoning,
    SessionFields,
    Strict,
    ToolChoice,
    VoiceName,
)

# -- items ---------------------------------------------------------------------------------


class InputText(Strict):
    type: Literal["input_text"]
    text: str


class InputAudio(Strict):
    type: Literal["input_audio"]
    audio: str
    transcript: str | None = None


class OutputText(Strict):
    """The only content of an assistant message a client may write: its audio is the model's."""

    type: Literal["output_text"]
    text: str


UserContent = Annotated[InputText | InputAudio, Field(discriminator="type")]


class ItemBase(Strict):
    id: Annotated[str, Field(min_length=1, max_length=32)] | None = None
    object: Literal["realtime.item"] | None = None
    status: Literal["completed", "incomplete", "in_progress"] | None = None


class SystemMessage(ItemBase):
    type: Literal["message"]
    role: Literal["system"]
    content: list[InputText]


class UserMessage(ItemBase):
    type: Literal["message"]
    role: Literal["user"]
    content: list[UserContent]


class AssistantMessage(ItemBase):
    type: Literal["message"]
    role: Literal["assistant"]
    content: list[OutputText]


class FunctionCall(ItemBase):
    type: Literal["function_call"]
    name: str
    arguments: str
    call_id: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]+$", max_length=32)] | None = None


class FunctionCallOutput(ItemBase):
    type: Literal["function_call_output"]
    call_id: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]+$", max_length=32)]
    output: str


Message = Annotated[SystemMessage | UserMessage | AssistantMessage, Field(discriminator="role")]
Item = Annotated[Message | FunctionCall | FunctionCallOutput, Field(discriminator="type")]


# -- events --------------------------------------------------------------------------------


class ClientEvent(Strict):
    event_id: Annotated[str, Field(max_length=512)] | None = None


class SessionUpdate(ClientEvent):
    type: Literal["session.update"]
    session: SessionFields


class Append(ClientEvent):
    type: Literal["input_audio_buffer.append"]
    audio: str


class Commit(ClientEvent):
    type: Literal["input_audio_buffer.commit"]


class Clear(ClientEvent):
    type: Literal["input_audio_buffer.clear"]


class ItemCreate(ClientEvent):
    type: Literal["conversation.item.create"]
    previous_item_id: str | None = None
    item: Item


class ItemRetrieve(ClientEvent):
    type: Literal["conversation.item.retrieve"]
    item_id: str


class ItemTruncate(ClientEvent):
    type: Literal["conversation.item.truncate"]
    item_id: str
    content_index: Annotated[int, Field(ge=0)]
    audio_end_ms: Annotated[int, Field(ge=0)]


class ItemDelete(ClientEvent):
    type: Literal["conversation.item.delete"]
    item_id: str


class ResponseOutput(Strict):
    format: Format | None = None
    voice: VoiceName | CustomVoice | None = None


class ResponseAudio(Strict):
    output: ResponseOutput | None = None


class ResponseFields(Strict):
    instructions: str | None = None
    output_modalities: Modalities | None = None
    audio: ResponseAudio | None = None
    tools: list[FunctionTool] | None = None
    tool_choice: ToolChoice | None = None
    max_output_tokens: MaxTokens | None = None
    parallel_tool_calls: bool | None = None
    reasoning: Reasoning | None = None
    conversation: Literal["auto", "none"] = "auto"
    metadata: (
        Annotated[
            dict[
                Annotated[str, Field(max_length=64)],
                Annotated[str, Field(max_length=512)],
            ],
            Field(max_length=16),
        ]
        | None
    ) = None
    input: list[Item] | None = None
    prompt: None = None


class ResponseCreate(ClientEvent):
    type: Literal["response.create"]
    response: ResponseFields = ResponseFields()


class ResponseCancel(ClientEvent):
    type: Literal["response.cancel"]
    response_id: str | None = None


AnyClientEvent = (
    SessionUpdate
    | Append
    | Commit
    | Clear
    | ItemCreate
    | ItemRetrieve
    | ItemTruncate
    | ItemDelete
    | ResponseCreate
    | ResponseCancel
)
EVENTS: dict[str, type[AnyClientEvent]] = {
    "session.update": SessionUpdate,
    "input_audio_buffer.append": Append,
    "input_audio_buffer.commit": Commit,
    "input_audio_buffer.clear": Clear,
    "conversation.item.create": ItemCreate,
    "conversation.item.retrieve": ItemRetrieve,
    "conversation.item.truncate": ItemTruncate,
    "conversation.item.delete": ItemDelete,
    "response.create": ResponseCreate,
    "response.cancel": ResponseCancel,
}
