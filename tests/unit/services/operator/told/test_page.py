"""A call's story as a page: masked like the rest, and with its sound where that is handed in."""

import io
import wave
from zoneinfo import ZoneInfo

import pytest

from services.operator.told import story
from services.operator.told.page import page, sound_of
from services.operator.where.rows import LeftRows
from services.operator.where.trouble import CannotTell

OHIO = ZoneInfo("America/New_York")
LEFT = LeftRows(
    call={"call_sid": "CA1", "started_at": "2025-08-28T23:12:00Z", "outcome": "booked",
          "business_id": "coolcare_hvac", "caller": "+15551230000", "quote_total": 82500},
    turns=(
        {"seq": 1, "role": "assistant", "at": "2025-08-28T23:12:01Z", "text": "Hello"},
        {"seq": 2, "role": "user", "at": "2025-08-28T23:12:04Z",
         "text": "<script>alert(1)</script> I'm Sarah Miller"},
    ),
    jobs=({"job_id": "j1", "created_at": "2025-08-28T23:13:00Z", "customer_name": "Sarah Miller",
           "deposit": 20600, "status": "scheduled"},),
    payments=(), waiting=(),
)  # fmt: skip


def wav(channels: int = 2, rate: int = 8000) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"\x10\x20" * channels * rate)
    return out.getvalue()


def made(*, unmasked: bool = False, sound: bytes | None = None) -> str:
    mask = story.mask_of(LEFT, off=unmasked)
    heard = sound_of(sound) if sound else None
    return page(LEFT, OHIO, mask, list(story.moments(LEFT, mask)), heard)


def test_who_it_was_is_masked_and_nothing_a_caller_said_runs() -> None:
    text = made()
    for hidden in ("Sarah", "Miller", "1555", "<script>alert"):
        assert hidden not in text
    assert "$206.00" in text
    assert "$825.00" in text


def test_the_recording_is_on_the_page_it_is_handed_to() -> None:
    assert "data:audio/wav;base64," in made(unmasked=True, sound=wav())
    assert "<audio" not in made()


@pytest.mark.parametrize("sound", [b"", b"RIFF", wav(channels=1), wav(rate=16_000)])
def test_what_is_no_telephone_sound_is_said_in_words(sound: bytes) -> None:
    with pytest.raises(CannotTell):
        sound_of(sound)
