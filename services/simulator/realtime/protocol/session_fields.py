"""The fields of a session that a client may set: a reading of the GA Realtime reference."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Modalities = Annotated[list[Literal["text", "audio"]], Field(min_length=1, max_length=1)]
MaxTokens = Annotated[int, Field(ge=1, le=4096)] | Literal["inf"]
VoiceName = Literal[
    "alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar"
]


class Strict(BaseModel):
    """Frozen, no unknown field, no silent conversion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


# -- formats -------------------------------------------------------------------------------


class Pcm(Strict):
    type: Literal["audio/pcm"]
    rate: Literal[24000] = 24000


class Pcmu(Strict):
    """8000 Hz always: the real one refuses a `rate` here."""

    type: Literal["audio/pcmu"]


class Pcma(Strict):
    type: Literal["audio/pcma"]


Format = Annotated[Pcm | Pcmu | Pcma, Field(discriminator="type")]


# -- the session ---------------------------------------------------------------------------


class NoiseReduction(Strict):
    type: Literal["near_field", "far_field"]
    strength: Annotated[float, Field(ge=0, le=1)] | None = None


Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]  # ISO 639-1


class Transcription(Strict):
    """Without the models that OpenAI shuts down on 2027-02-26.

    How many keywords it takes is not published, so any number is taken here.
    """

    model: Literal["gpt-transcribe", "gpt-live-transcribe", "gpt-realtime-whisper"]
    language: Language | None = None
    languages: Annotated[list[Language], Field(min_length=1)] | None = None
    prompt: str | None = None
    keywords: list[Annotated[str, Field(min_length=1)]] | None = None
    delay: Literal["minimal", "low", "medium", "high", "xhigh"] | None = None


class ServerVad(Strict):
    type: Literal["server_vad"]
    threshold: Annotated[float, Field(ge=0, le=1)] = 0.5
    prefix_padding_ms: Annotated[int, Field(ge=0, le=5000)] = 300
    silence_duration_ms: Annotated[int, Field(ge=0, le=10000)] = 200
    idle_timeout_ms: Annotated[int, Field(ge=5000, le=30000)] | None = None
    create_response: bool = True
    interrupt_response: bool = True


class SemanticVad(Strict):
    type: Literal["semantic_vad"]
    eagerness: Literal["low", "medium", "high", "auto"] = "auto"
    create_response: bool = True
    interrupt_response: bool = True


TurnDetection = Annotated[ServerVad | SemanticVad, Field(discriminator="type")]


class AudioInput(Strict):
    format: Format = Pcm(type="audio/pcm")
    noise_reduction: NoiseReduction | None = None
    transcription: Transcription | None = None
    turn_detection: TurnDetection | None = None


class CustomVoice(Strict):
    id: str


class AudioOutput(Strict):
    format: Format = Pcm(type="audio/pcm")
    voice: VoiceName | CustomVoice = "alloy"
    speed: Annotated[float, Field(ge=0.25, le=1.5)] = 1.0


class Audio(Strict):
    input: AudioInput = AudioInput()
    output: AudioOutput = AudioOutput()


class FunctionTool(Strict):
    """The only kind of tool here: this server reaches no MCP server."""

    type: Literal["function"]
    name: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")]
    description: str | None = None
    parameters: dict[str, Any] = {}


class FunctionChoice(Strict):
    type: Literal["function"]
    name: str


ToolChoice = Literal["auto", "none", "required"] | FunctionChoice


class Reasoning(Strict):
    effort: Literal["minimal", "low", "medium", "high", "xhigh"]


class TokenLimits(Strict):
    post_instructions: Annotated[int, Field(ge=0)]


class RetentionRatio(Strict):
    type: Literal["retention_ratio"]
    retention_ratio: Annotated[float, Field(ge=0, le=1)]
    token_limits: TokenLimits | None = None


class Tracing(Strict):
    workflow_name: str | None = None
    group_id: str | None = None
    metadata: dict[str, Any] | None = None


class SessionFields(Strict):
    type: Literal["realtime"]
    model: str | None = None
    output_modalities: Modalities | None = None
    instructions: str | None = None
    audio: Audio | None = None
    tools: list[FunctionTool] | None = None
    tool_choice: ToolChoice | None = None
    max_output_tokens: MaxTokens | None = None
    parallel_tool_calls: bool | None = None
    reasoning: Reasoning | None = None
    truncation: Literal["auto", "disabled"] | RetentionRatio | None = None
    tracing: Literal["auto"] | Tracing | None = None
    prompt: None = None
    include: list[Literal["item.input_audio_transcription.logprobs"]] | None = None
