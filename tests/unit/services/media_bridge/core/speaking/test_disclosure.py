"""The disclosure counts only when all of it was heard, in its own words."""

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from shared.domain.outcomes import CallStage, EndReason, Failure
from tests.scripted import DISCLOSURE, ScriptedCall, sound


def test_the_disclosure_is_noted_with_wording_and_time_when_its_mark_came_back() -> None:
    call = ScriptedCall().open()
    call.wait(1900)
    assert call.all(do.NoteCall) == []
    call.wait(200)

    assert call.all(do.NoteCall) == [
        do.NoteCall(2000, stage=CallStage.DISCLOSED, disclosed=DISCLOSURE)
    ]
    (turn,) = call.all(do.NoteTurn)
    assert (turn.seq, turn.at_ms, turn.role, turn.text, turn.cut) == (
        1,
        0,
        "assistant",
        DISCLOSURE,
        False,
    )


def test_a_caller_who_speaks_over_the_disclosure_does_not_stop_it() -> None:
    call = ScriptedCall().open()
    call.wait(500)
    call.feed(ev.CallerSpoke(call.at_ms, "u1"))
    call.wait(2000)

    assert call.all(do.ClearPlayback) == []
    assert call.heard["clip-disclosure"] == 2000


def test_without_a_clip_the_model_says_exactly_the_disclosure() -> None:
    call = ScriptedCall().open(disclosure_clip=None)

    assert call.asked == do.Respond("r1", sentence=DISCLOSURE)
    call.agent_says(DISCLOSURE, 2000, asked=True)
    assert call.all(do.HearAudio) == []
    call.wait(2200)

    assert [c.disclosed for c in call.all(do.NoteCall)] == [DISCLOSURE]
    assert call.all(do.HearAudio)
    assert [turn.text for turn in call.all(do.NoteTurn)] == [DISCLOSURE]


def test_a_disclosure_that_the_model_was_cut_off_in_is_said_again() -> None:
    call = ScriptedCall().open(disclosure_clip=None)
    response = call.starts("r1")
    call.ends(response, "cancelled", "turn_detected")

    assert call.asked == do.Respond("r2", sentence=DISCLOSURE)


def heard(call: ScriptedCall) -> list[tuple[str | None, int | None]]:
    """What was noted of a disclosure that was not heard whole."""
    return [
        (note.disclosure_heard, note.disclosure_heard_ms)
        for note in call.all(do.NoteCall)
        if note.disclosure_heard is not None
    ]


def disclosed(call: ScriptedCall) -> list[str]:
    return [note.disclosed for note in call.all(do.NoteCall) if note.disclosed is not None]


def frames(call: ScriptedCall, ms: int) -> None:
    """The caller's audio goes on, but no mark comes back."""
    for _ in range(ms // 20):
        call.at_ms += 20
        call.feed(ev.CallerAudio(call.at_ms, sound(20), 155 + call.at_ms))
        if call.session.deadline is not None and call.session.deadline <= call.at_ms:
            call.feed(ev.Tick(call.at_ms))


def test_a_disclosure_whose_last_mark_is_lost_was_heard_by_the_media_clock() -> None:
    call = ScriptedCall().open()
    frames(call, 1900)
    for sent_ms in (900, 1800):
        call.feed(ev.MarkEchoed(call.at_ms, f"g1:clip-disclosure:{sent_ms}"))
    frames(call, 3300)

    assert disclosed(call) == [DISCLOSURE]
    assert heard(call) == []
    assert call.all(do.HearAudio)


def test_a_disclosure_of_which_a_fifth_of_a_second_was_played_is_said_again() -> None:
    call = ScriptedCall().open()
    frames(call, 200)
    call.feed(ev.Tick(5000))  # the line gives no sign of life since

    assert disclosed(call) == []
    assert heard(call) == [("Thanks", 180)]  # counted from the first frame of the caller
    assert call.all(do.HearAudio) == []
    assert do.ClearPlayback() in call.last
    assert call.last.count(do.PlaceMark("g2:clip-disclosure-2:2000")) == 1


def test_a_disclosure_heard_at_the_second_time_lets_the_call_go_on() -> None:
    call = ScriptedCall().open()
    frames(call, 200)
    call.at_ms = 5000
    call.feed(ev.Tick(5000))
    frames(call, 2100)
    call.feed(ev.MarkEchoed(call.at_ms, "g2:clip-disclosure-2:2000"))

    assert disclosed(call) == [DISCLOSURE]
    assert call.all(do.HearAudio)


def test_a_disclosure_never_heard_whole_brings_a_person_after_three_times() -> None:
    call = ScriptedCall().open()
    for _ in range(3):
        frames(call, 200)
        call.at_ms += 4_900
        call.feed(ev.Tick(call.at_ms))

    assert disclosed(call) == []
    assert call.end() == do.EndCall(EndReason.HANDED_OVER, Failure.DISCLOSURE_UNHEARD)
    assert [note.escalate for note in call.all(do.NoteCall) if note.escalate] == [
        "disclosure_unheard"
    ]
    assert len(heard(call)) == 3
    assert not [c for c in call.done if isinstance(c, do.HearAudio | do.Respond)]


def test_a_disclosure_said_in_other_words_is_never_heard_and_is_said_again() -> None:
    call = ScriptedCall().open(disclosure_clip=None)
    call.agent_says("Hey, it's Max! What's up?", 1000, asked=True)
    call.wait(1200)

    assert disclosed(call) == []
    assert heard(call) == [("", 0)]
    assert call.all(do.PlayAudio) == []
    assert call.all(do.HearAudio) == []
    call.agent_says(DISCLOSURE.upper().replace(".", " -"), 2000, asked=True)
    call.wait(2200)
    assert disclosed(call) == [DISCLOSURE]


def test_a_model_that_keeps_saying_other_words_loses_the_caller_to_a_person() -> None:
    call = ScriptedCall().open(disclosure_clip=None)
    for _ in range(3):
        call.agent_says(DISCLOSURE.replace("the AI assistant", "Max"), 2000, asked=True)
        call.wait(2200)

    assert call.end() == do.EndCall(EndReason.HANDED_OVER, Failure.DISCLOSURE_UNHEARD)
    assert disclosed(call) == []
    assert call.all(do.HearAudio) == []


@pytest.mark.parametrize("said", ["", DISCLOSURE])
def test_a_disclosure_without_sound_was_not_heard(said: str) -> None:
    call = ScriptedCall().open(disclosure_clip=None)
    call.agent_says(said, 0, asked=True)
    call.wait(1_600)

    assert disclosed(call) == []
    assert call.asked.sentence == DISCLOSURE
    assert len(call.all(do.Respond)) == 2


def test_a_disclosure_of_the_model_that_is_cut_in_playing_is_said_again() -> None:
    call = ScriptedCall().open(disclosure_clip=None)
    call.agent_says(DISCLOSURE, 2000, asked=True)
    call.wait(1000)
    call.feed(ev.CallerSpoke(call.at_ms, "u1"))

    assert disclosed(call) == []
    ((words, ms),) = heard(call)
    assert ms is not None and abs(ms - 1000) <= 20
    assert words and DISCLOSURE.startswith(words)


def test_a_caller_who_hangs_up_in_the_disclosure_leaves_what_they_heard() -> None:
    call = ScriptedCall().open()
    call.wait(1000)
    call.feed(ev.LineClosed(call.at_ms, "hung_up"))

    assert disclosed(call) == []
    ((words, ms),) = heard(call)
    assert ms is not None and abs(ms - 1000) <= 20
    assert words and DISCLOSURE.startswith(words)
