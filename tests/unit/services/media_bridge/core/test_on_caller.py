"""What the caller does: keys for a person, words over a goodbye."""

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.phases import Phase
from services.media_bridge.core.speaking.phrases import NO_TEXTS, ON_THE_LINE
from shared.domain.models import CallerKind, RecordingDrop
from shared.domain.outcomes import EndReason, EscalationReason
from tests.moments import HANDING_OVER, RECORDING_OFF
from tests.scripted import ScriptedCall, goodbye_said


def test_a_caller_who_goes_on_is_not_hung_up_on() -> None:
    call = goodbye_said()
    call.wait(500)
    call.caller_says("Wait, can you also check the thermostat?")
    call.agent_says("Of course.", 1000)
    call.wait(15_000)

    assert call.all(do.CloseLine) == []
    assert call.session.phase is Phase.LIVE
    assert "do not hang up" in call.all(do.TellModel)[-1].text


def test_key_zero_reaches_a_human_after_one_sentence() -> None:
    call = ScriptedCall().live()
    call.agent_says("Let me tell you a long story.", 5000)
    call.wait(500)
    pressed = call.keys("0#")

    assert pressed[0] == do.NoteCall(call.at_ms - 200, escalate=EscalationReason.CALLER_PRESSED_0)
    assert do.ClearPlayback() in pressed
    assert call.asked.sentence == HANDING_OVER
    call.agent_says(HANDING_OVER, 1000, asked=True)
    call.wait(1100)
    assert call.end() == do.EndCall(EndReason.HANDED_OVER)


def test_key_zero_reaches_a_human_even_when_the_model_says_nothing() -> None:
    call = ScriptedCall().live()
    call.keys("0")
    call.wait(1500 + 8200)

    assert call.end() == do.EndCall(EndReason.HANDED_OVER)


@pytest.mark.parametrize("speaks", [True, False])
def test_key_zero_again_does_not_begin_the_hand_over_anew(speaks: bool) -> None:
    """Who is in a hurry presses it more than once, and would wait longer for each."""
    call = ScriptedCall().live()
    call.keys("0")
    call.wait(1500)
    if speaks:
        call.agent_says(HANDING_OVER, 3000, asked=True)
    for _ in range(4):
        call.wait(1600)
        if call.session.deadline is not None:
            call.keys("0")
    call.wait(2000)

    assert [note.escalate for note in call.all(do.NoteCall) if note.escalate] == [
        "caller_pressed_0"
    ]
    assert len(call.all(do.Respond)) == 1
    assert call.end() == do.EndCall(EndReason.HANDED_OVER)


def test_key_zero_while_goodbye_is_said_still_reaches_a_human() -> None:
    call = goodbye_said()
    call.keys("0#")
    call.wait(12_000)

    assert call.end().reason == "handed_over"


def test_key_zero_during_the_disclosure_reaches_a_human() -> None:
    call = ScriptedCall().open()
    call.wait(200)
    call.keys("0")
    call.wait(12_000)

    assert call.end().reason == "handed_over"


def test_speech_and_keys_begin_the_silence_anew() -> None:
    call = ScriptedCall().live()
    call.wait(7_000)
    call.caller_says("Hold on.")
    call.agent_says("Sure.")
    call.wait(15_000)
    call.keys("5#")
    call.agent_says("Thanks.", asked=True)
    call.wait(15_000)

    assert [r.sentence for r in call.all(do.Respond)] == [None, None]


def dropped(call: ScriptedCall) -> list[RecordingDrop]:
    return [n.recording_dropped for n in call.all(do.NoteCall) if n.recording_dropped]


def objecting(call: ScriptedCall) -> ScriptedCall:
    user = call.caller_says("I don't want to be recorded.", words=False)
    response = call.starts()
    call.feed(ev.CallerSaid(call.at_ms, user, "I don't want to be recorded."))
    call.ends(response, "cancelled")
    return call


def test_who_objects_to_the_recording_is_told_that_it_is_off_and_asked_how_to_go_on() -> None:
    call = objecting(ScriptedCall().live(recorded=True))

    assert dropped(call) == [RecordingDrop.OBJECTION]
    assert call.asked.sentence == RECORDING_OFF
    call.agent_says(RECORDING_OFF, asked=True)
    objecting(call)
    assert dropped(call) == [RecordingDrop.OBJECTION]


def test_where_nothing_is_recorded_there_is_nothing_to_turn_off() -> None:
    call = objecting(ScriptedCall().live(recorded=False))

    assert dropped(call) == []
    assert call.besides == []


def test_who_is_on_the_line_is_kept_and_told_to_the_model_once() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello, this is relay operator 2215.")
    call.agent_says("Hello, how can I help?")
    call.wait(1500)
    call.caller_says("Relay operator again. My mom's at work.")

    noted = [note.caller_kinds for note in call.all(do.NoteCall) if note.caller_kinds]
    assert noted == [(CallerKind.RELAY,), (CallerKind.RELAY, CallerKind.MINOR)]
    told = [tell.text for tell in call.all(do.TellModel)]
    assert told == [ON_THE_LINE[CallerKind.RELAY], ON_THE_LINE[CallerKind.MINOR]]


def test_who_wants_no_texts_is_kept_as_that_once_and_the_model_is_told() -> None:
    call = ScriptedCall().live()
    call.caller_says("And please stop texting me.")
    call.agent_says("Sure, no more texts to this number.")
    call.wait(1500)
    call.caller_says("Really, no more texts.")

    assert [note.no_texts for note in call.all(do.NoteCall) if note.no_texts] == [True]
    assert [tell.text for tell in call.all(do.TellModel)] == [NO_TEXTS]


def test_a_relayed_caller_is_given_three_times_as_long() -> None:
    def asked_after(opening: str) -> int:
        call = ScriptedCall().live()
        call.caller_says(opening)
        call.agent_says("How can I help?")
        asked = len(call.all(do.Respond))
        waited = 0
        while len(call.all(do.Respond)) == asked:
            call.wait(1_000)
            waited += 1
        return waited

    usual = asked_after("Hello there.")
    assert 2.5 * usual < asked_after("Hello, relay operator 9 here.") < 3.5 * usual
