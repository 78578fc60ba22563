"""What one response of the model costs, estimated from its usage. US dollars a million tokens."""

from dataclasses import dataclass

from services.media_bridge.core.events import Usage


@dataclass(frozen=True, slots=True)
class Prices:
    text_in: float
    text_cached: float
    text_out: float
    audio_in: float
    audio_cached: float
    audio_out: float


# developers.openai.com/api/docs/models, read in November 2026.
# A dated name costs what its family does; any other model the full price.
FULL = Prices(4.0, 0.40, 24.0, 32.0, 0.40, 64.0)
MINI = Prices(0.60, 0.06, 2.40, 10.0, 0.30, 20.0)
MODELS = {"gpt-realtime-2.1-mini": MINI}


def prices(model: str) -> Prices:
    return next((at for name, at in MODELS.items() if model.startswith(name)), FULL)


def cost_usd(model: str, usage: Usage) -> float:
    """Cached tokens are part of the input tokens and cost less."""
    at = prices(model)
    return (
        (usage.text_in - usage.text_cached) * at.text_in
        + usage.text_cached * at.text_cached
        + usage.text_out * at.text_out
        + (usage.audio_in - usage.audio_cached) * at.audio_in
        + usage.audio_cached * at.audio_cached
        + usage.audio_out * at.audio_out
    ) / 1_000_000
