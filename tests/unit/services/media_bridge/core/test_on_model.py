"""What the model does when it fails, is lost, or never comes."""

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.session import CallSession
from shared.domain.outcomes import EndReason, Failure
from tests.scripted import DISCLOSURE, ScriptedCall, goodbye_said, some_setup


def test_a_model_lost_during_the_goodbye_does_not_keep_the_caller() -> None:
    call = goodbye_said()
    call.wait(200)
    call.feed(ev.ModelLost(call.at_ms, "1006"))
    call.wait(2000)

    assert call.end() == do.EndCall(EndReason.GOODBYE)


def test_the_model_is_told_what_the_clip_said_and_waits_for_the_caller() -> None:
    call = ScriptedCall().live()

    assert call.all(do.TellSpoken) == [do.TellSpoken(DISCLOSURE)]
    assert call.all(do.Respond) == []


@pytest.mark.parametrize("for_good", [False, True])
def test_a_model_lost_before_the_token_is_good_counts_once_it_is(for_good: bool) -> None:
    session = CallSession()
    session.handle(ev.LineOpened(0, "CA1", "MZ1", "tok"))
    assert session.handle(ev.ModelLost(10, "refused", for_good)) == []

    commands = session.handle(ev.TokenRedeemed(20, some_setup()))

    ended = do.EndCall(EndReason.FAILED, Failure.MODEL_LOST)
    assert commands[-1] == (ended if for_good else do.ReopenModel())


def test_a_failed_response_is_tried_once_more_and_then_a_human_takes_over() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    first = call.starts()
    assert call.ends(first, "failed", "server_error") == [do.Respond("r2")]
    second = call.starts(call.asked.request_id)

    commands = call.ends(second, "failed", "server_error")

    assert do.NoteCall(call.at_ms, escalate=Failure.RESPONSE_FAILED) in commands
    assert do.Measure("ModelSessionFailed", 1) in commands
    assert commands[-1] == do.EndCall(EndReason.FAILED, Failure.RESPONSE_FAILED)


def test_an_exhausted_quota_is_not_tried_again() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    response = call.starts()
    call.ends(response, "failed", "insufficient_quota")

    assert call.end() == do.EndCall(EndReason.FAILED, Failure.RESPONSE_FAILED)


def test_a_completed_response_forgives_an_earlier_failure() -> None:
    call = ScriptedCall().live()
    for _ in range(3):
        call.caller_says("Hello?")
        call.ends(call.starts(), "incomplete", "max_output_tokens")
        call.wait(1600)
        call.agent_says("Sorry, go on.", asked=True)
        call.wait(1400)

    assert call.all(do.EndCall) == []


def test_a_response_that_shows_no_life_is_asked_of_another_session() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    call.starts()
    call.wait(5_900)
    assert call.all(do.ReopenModel) == []
    call.wait(200)

    assert call.all(do.ReopenModel) == [do.ReopenModel()]


def test_a_model_that_is_of_no_use_any_more_sends_the_caller_to_a_human() -> None:
    call = ScriptedCall().live()

    assert call.feed(ev.ModelLost(call.at_ms, "connect: 401", for_good=True)) == [
        do.Measure("ModelSessionFailed", 1),
        do.NoteCall(call.at_ms, escalate=Failure.MODEL_LOST),
        do.CloseLine(),
        do.EndCall(EndReason.FAILED, Failure.MODEL_LOST),
    ]
