"""What a call costs, estimated by list prices: those of docs/operations.md, "A call"."""

from dataclasses import dataclass
from math import ceil

from tests.evals.conversation.stage.played import Played

# US dollars a minute: transcription of the dearest model, an incoming call, its media stream, and
# what AWS takes for it.
TRANSCRIPTION, INCOMING, STREAM, CLOUD = 0.017, 0.0085, 0.004, 0.0005
SEGMENT = 0.011  # of a text
LETTERS = 153  # of one segment of several


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one call, in US dollars."""

    model: float  # as the product measures it, by each response's usage
    phone: float  # the line, its stream, the transcription
    texts: float

    @property
    def total(self) -> float:
        return self.model + self.phone + self.texts


def cost_of(played: Played) -> Cost:
    """Twilio bills begun minutes."""
    minutes = ceil(played.length_ms / 60_000)
    measured = (m.value for m in played.measures if m.metric == "EstimatedModelCostUsd")
    heard = TRANSCRIPTION * played.length_ms / 60_000
    segments = sum(ceil(len(text.body) / LETTERS) for text in played.left.texts.sent)
    phone = heard + (INCOMING + STREAM + CLOUD) * minutes
    return Cost(sum(measured), phone, SEGMENT * segments)
