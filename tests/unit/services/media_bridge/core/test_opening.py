"""A call begins: the token, the disclosure, the model, in whatever order they come."""

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.call import Phase
from services.media_bridge.core.session import CallSession
from tests.scripted import DISCLOSURE, ScriptedCall, some_terms, sound

TO_MODEL = (do.OpenSession, do.HearAudio, do.Respond, do.TellModel, do.TellSpoken, do.AnswerTool)


def names(commands: list[do.Command]) -> list[str]:
    return [type(command).__name__ for command in commands]


def test_an_opened_line_has_its_token_redeemed() -> None:
    session = CallSession()

    assert session.handle(ev.LineOpened(0, "CA1", "MZ1", "tok")) == [
        do.RedeemToken("tok", "CA1", "MZ1")
    ]
    assert session.deadline == 2000
    assert session.phase is Phase.REDEEMING


def test_nothing_is_sent_to_the_model_before_the_token_was_redeemed() -> None:
    call = ScriptedCall()
    call.feed(ev.ModelOpened(0))
    call.feed(ev.LineOpened(0, "CA1", "MZ1", "tok"))
    call.feed(ev.ModelReady(0))
    call.wait(1000)

    assert not [c for c in call.done if isinstance(c, TO_MODEL)]


@pytest.mark.parametrize("model_first", [True, False])
def test_the_disclosure_plays_at_once_and_the_session_opens_once_both_are_there(
    model_first: bool,
) -> None:
    call = ScriptedCall()
    call.feed(ev.LineOpened(0, "CA1", "MZ1", "tok"))
    if model_first:
        call.feed(ev.ModelOpened(5))
    redeemed = call.feed(ev.TokenRedeemed(10, some_terms()))
    if not model_first:
        assert "OpenSession" not in names(redeemed)
        call.feed(ev.ModelOpened(15))

    assert redeemed[:3] == [
        do.Measure("FirstAudioMs", 10),
        do.PlayAudio(sound(900)),
        do.PlaceMark("g1:clip-disclosure:900"),
    ]
    assert sum(len(c.payload) for c in call.all(do.PlayAudio)) == len(sound(2000))
    (opened,) = call.all(do.OpenSession)
    assert opened == do.OpenSession(
        "You answer the phone.", some_terms().tools, "gpt-realtime-2.1", "marin"
    )


def test_the_model_is_told_what_the_clip_said_and_waits_for_the_caller() -> None:
    call = ScriptedCall().live()

    assert call.all(do.TellSpoken) == [do.TellSpoken(DISCLOSURE)]
    assert call.all(do.Respond) == []


def test_the_disclosure_is_noted_with_wording_and_time_when_its_mark_came_back() -> None:
    call = ScriptedCall().open()
    call.wait(1900)
    assert call.all(do.NoteCall) == []
    call.wait(200)

    assert call.all(do.NoteCall) == [do.NoteCall(2000, stage="disclosed", disclosed=DISCLOSURE)]
    (turn,) = call.all(do.NoteTurn)
    assert (turn.seq, turn.at_ms, turn.role, turn.text, turn.cut) == (
        1,
        0,
        "assistant",
        DISCLOSURE,
        False,
    )


def test_the_caller_is_listened_to_only_after_the_disclosure_and_the_last_words_are_kept() -> None:
    call = ScriptedCall().open(disclosure_clip=ev.Clip(DISCLOSURE, sound(5000)))
    call.wait(4900)
    assert call.all(do.HearAudio) == []
    call.wait(200)

    heard = call.all(do.HearAudio)
    assert 150 <= len(heard) <= 160  # the last three seconds, then each frame as it comes


def test_a_caller_who_speaks_over_the_disclosure_does_not_stop_it() -> None:
    call = ScriptedCall().open()
    call.wait(500)
    call.feed(ev.CallerSpoke(call.at_ms, "u1"))
    call.wait(2000)

    assert call.all(do.ClearPlayback) == []
    assert call.heard["clip-disclosure"] == 2000


def test_without_a_clip_the_model_says_exactly_the_disclosure() -> None:
    call = ScriptedCall().open(disclosure_clip=None)

    assert call.asked == do.Respond("r1", f"Say exactly: {DISCLOSURE}")
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

    assert call.asked == do.Respond("r2", f"Say exactly: {DISCLOSURE}")


def test_a_disclosure_whose_mark_is_lost_holds_up_nothing() -> None:
    session = CallSession()
    session.handle(ev.LineOpened(0, "CA1", "MZ1", "tok"))
    session.handle(ev.ModelOpened(0))
    session.handle(ev.TokenRedeemed(0, some_terms()))
    session.handle(ev.ModelReady(0))
    session.handle(ev.Tick(4500))

    commands = session.handle(ev.Tick(5000))

    assert any(isinstance(c, do.NoteCall) and c.disclosed for c in commands)
    assert session.handle(ev.CallerAudio(5010, sound(20), 5155)) == [do.HearAudio(sound(20))]


@pytest.mark.parametrize("reason", ["used", "expired", "forged"])
def test_a_refused_token_ends_the_call(reason: str) -> None:
    session = CallSession()
    session.handle(ev.LineOpened(0, "CA1", "MZ1", "tok"))

    assert session.handle(ev.TokenRefused(40, reason)) == [  # type: ignore[arg-type]
        do.CloseModel(),
        do.CloseLine(),
        do.EndCall("refused"),
    ]


def test_a_redemption_that_our_side_cannot_do_sends_the_caller_to_a_human() -> None:
    session = CallSession()
    session.handle(ev.LineOpened(0, "CA1", "MZ1", "tok"))

    assert session.handle(ev.TokenRefused(40, "unavailable")) == [
        do.NoteCall(40, escalate="redemption_unavailable"),
        do.CloseModel(),
        do.CloseLine(),
        do.EndCall("failed", "redemption_unavailable"),
    ]


def test_a_redemption_not_settled_in_two_seconds_sends_the_caller_to_a_human() -> None:
    session = CallSession()
    session.handle(ev.LineOpened(100, "CA1", "MZ1", "tok"))
    assert session.handle(ev.Tick(2099)) == []

    commands = session.handle(ev.Tick(2100))

    assert commands[-1] == do.EndCall("failed", "redemption_late")
    assert do.NoteCall(2100, escalate="redemption_late") in commands
    assert session.handle(ev.TokenRedeemed(2200, some_terms())) == []


def test_a_model_that_is_never_ready_sends_the_caller_to_a_human() -> None:
    call = ScriptedCall()
    call.feed(ev.LineOpened(0, "CA1", "MZ1", "tok"))
    call.feed(ev.TokenRedeemed(0, some_terms()))
    call.wait(11_000)

    assert call.end() == do.EndCall("failed", "model_not_ready")
    assert call.measured("ModelSessionFailed") == [1]


def test_a_model_lost_before_the_token_is_good_fails_the_call_once_it_is() -> None:
    session = CallSession()
    session.handle(ev.LineOpened(0, "CA1", "MZ1", "tok"))
    assert session.handle(ev.ModelLost(10, "refused")) == []

    commands = session.handle(ev.TokenRedeemed(20, some_terms()))

    assert commands == [
        do.Measure("ModelSessionFailed", 1),
        do.NoteCall(20, escalate="model_lost"),
        do.CloseLine(),
        do.EndCall("failed", "model_lost"),
    ]
