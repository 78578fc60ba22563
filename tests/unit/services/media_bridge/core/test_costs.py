"""What a response is estimated to cost."""

import pytest

from services.media_bridge.core import events as ev
from tests.scripted import ScriptedCall


@pytest.mark.parametrize(
    ("model", "dollars"),
    [
        ("gpt-realtime-2.1", (500 * 4 + 500 * 0.40 + 100 * 32 + 80 * 64) / 1e6),
        ("gpt-realtime-2.1-mini-2026-08-01", (500 * 0.60 + 500 * 0.06 + 100 * 10 + 80 * 20) / 1e6),
        ("gpt-realtime-2.1-mini", (500 * 0.60 + 500 * 0.06 + 100 * 10 + 80 * 20) / 1e6),
    ],
)
def test_usage_is_priced_by_the_model_of_the_call(model: str, dollars: float) -> None:
    call = ScriptedCall().live(model=model)
    response = call.starts()
    usage = ev.Usage(text_in=1000, text_cached=500, audio_in=100, audio_out=80)
    call.feed(ev.ResponseEnded(call.at_ms, response, "completed", None, usage))

    (cost,) = call.measured("EstimatedModelCostUsd")
    assert cost == pytest.approx(dollars)
