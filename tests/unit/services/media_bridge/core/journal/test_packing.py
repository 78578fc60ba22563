"""Values as plain JSON and back."""

import json
from typing import Any

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.journal.packing import EVENTS, pack, unpack
from shared.domain.outcomes import CallStage, EndReason, EscalationReason, Failure
from tests.scripted import some_setup, sound

VALUES: list[Any] = [
    do.EndCall(EndReason.FAILED, Failure.MODEL_LOST),
    do.NoteCall(5, stage=CallStage.QUOTED),
    do.NoteCall(5, escalate=EscalationReason.CALLER_PRESSED_0),
    do.NoteCall(5, escalate=Failure.LINE_DEAD),
    ev.CallerSaid(5, "u1", "Hi.", card_items=("u0", "a1")),
    ev.ResponseEnded(5, "R1", "completed", usage=ev.Usage(text_in=3)),
]


def there_and_back(value: Any) -> Any:
    return unpack(type(value), json.loads(json.dumps(pack(value))))


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    assert there_and_back(value) == value


def test_enums_come_back_as_enums_and_are_written_as_their_words() -> None:
    end = do.EndCall(EndReason.FAILED, Failure.MODEL_LOST)

    assert pack(end) == {"reason": "failed", "failure": "model_lost"}
    assert (there_and_back(end).reason, there_and_back(end).failure) == (
        EndReason.FAILED,
        Failure.MODEL_LOST,
    )
    assert type(there_and_back(end).reason) is EndReason
    assert type(there_and_back(do.NoteCall(5, escalate=Failure.LINE_DEAD)).escalate) is Failure


def test_a_setup_comes_back_with_silence_for_its_clips() -> None:
    event = ev.TokenRedeemed(5, some_setup())
    packed = pack(event)

    assert packed["setup"]["disclosure_clip"]["audio"] == 16_000
    assert there_and_back(event) == event  # whose clips are silence
    assert event.setup.guidance_clips["gas_leak"].audio == sound(3000)


def test_every_event_can_be_read_again() -> None:
    assert {"LineOpened", "ModelRefused", "Tick"} <= set(EVENTS)
