"""What the caller says before they may be heard is kept, and then heard."""

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.hearing.kept_audio import KEPT_FRAMES, KeptAudio
from shared.domain.outcomes import EndReason, Failure
from tests.scripted import DISCLOSURE, ScriptedCall, sound


def test_the_caller_is_listened_to_only_after_the_disclosure_and_all_they_said_is_kept() -> None:
    call = ScriptedCall().open(disclosure_clip=ev.Clip(DISCLOSURE, sound(8000)))
    call.wait(7900)
    assert call.all(do.HearAudio) == []
    call.wait(200)

    assert len(call.all(do.HearAudio)) == 8100 // 20  # every frame since the line opened


def test_all_that_is_said_over_a_disclosure_said_twice_is_kept() -> None:
    call = ScriptedCall().open(disclosure_clip=None)
    call.agent_says("Hello!", 4000, asked=True)
    call.wait(3000)
    call.agent_says(DISCLOSURE, 6000, asked=True)
    call.wait(6200)

    assert len(call.all(do.HearAudio)) == 9_200 // 20


def test_a_caller_who_could_not_be_kept_any_longer_gets_a_person() -> None:
    call = ScriptedCall().open(disclosure_clip=ev.Clip(DISCLOSURE, sound(90_000)))
    call.wait(61_000)

    assert call.end() == do.EndCall(EndReason.HANDED_OVER, Failure.DISCLOSURE_UNHEARD)
    assert call.at_ms - 61_000 < 1_000
    assert call.all(do.HearAudio) == []


def test_what_was_kept_is_given_once() -> None:
    audio = KeptAudio()
    audio.keep("AAAA")
    audio.keep("BBBB")
    assert not audio.passes and not audio.full

    assert audio.let_through() == ["AAAA", "BBBB"]
    assert audio.passes and audio.let_through() == []


def test_a_minute_is_all_that_is_kept() -> None:
    audio = KeptAudio()
    for _ in range(KEPT_FRAMES):
        assert not audio.full
        audio.keep("AAAA")

    assert audio.full
