"""One response at a time, each asked for by us."""

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from tests.moments import NO_CARDS
from tests.scripted import ScriptedCall

BUSY = "conversation_already_has_active_response"


def asked_for_a_tool() -> tuple[ScriptedCall, str, str]:
    """A call in which a response has called a tool and not ended."""
    call = ScriptedCall().live()
    call.caller_says("How much is a repair?")
    response = call.starts()
    return call, response, call.calls_tool("get_pricing_quote", response_id=response)


def test_the_end_of_the_callers_turn_is_answered_at_our_request_before_its_words_are_here() -> None:
    call = ScriptedCall().live()
    call.caller_says("How much is a repair?", words=False)

    assert call.last == [do.Respond("r1")]


def test_a_tool_answer_is_given_at_once_and_the_response_asked_for_when_the_old_one_ended() -> None:
    call, response, tool = asked_for_a_tool()
    call.tool_answers(tool)
    assert call.all(do.AnswerTool) == [do.AnswerTool(tool, '{"ok":true}')]
    assert call.besides == []

    assert call.ends(response) == [do.Respond("r2")]


def test_every_tool_of_a_response_is_answered_before_the_next_is_asked_for() -> None:
    call, response, first = asked_for_a_tool()
    second = call.calls_tool("check_availability", response_id=response)
    call.ends(response)
    call.tool_answers(first)
    assert call.besides == []
    call.tool_answers(second)

    assert call.besides == [do.Respond("r2")]


def test_a_response_refused_because_one_is_active_is_asked_for_again_after_it() -> None:
    call, response, tool = asked_for_a_tool()
    call.tool_answers(tool)
    call.ends(response)
    other = call.starts("not_ours")
    call.feed(ev.ModelRefused(call.at_ms, BUSY, "…", "r2"))
    call.wait(400)
    assert len(call.besides) == 1

    assert call.ends(other) == [do.Respond("r3")]


def test_a_refusal_because_of_a_response_nobody_knows_of_is_a_failure() -> None:
    call, response, tool = asked_for_a_tool()
    call.tool_answers(tool)
    call.ends(response)

    assert call.feed(ev.ModelRefused(call.at_ms, BUSY, "…", "r2")) == [do.Respond("r3")]
    call.feed(ev.ModelRefused(call.at_ms, BUSY, "…", "r3"))
    assert call.end().failure == "response_refused"


def test_one_response_answers_a_tool_and_the_caller_who_spoke_meanwhile() -> None:
    call, response, tool = asked_for_a_tool()
    call.ends(response)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))
    call.tool_answers(tool)
    assert call.besides == []
    call.feed(ev.CallerStopped(call.at_ms, "u9"))
    call.agent_says("Let me see.")
    call.wait(2000)

    assert len(call.all(do.Respond)) == 2


def test_an_answer_that_comes_after_the_request_for_the_turn_is_told_in_another() -> None:
    call, response, tool = asked_for_a_tool()
    call.ends(response)
    call.caller_says("Are you there?")
    call.tool_answers(tool)
    own = call.starts()

    assert call.ends(own)[-1] == do.Respond("r3")


def test_a_response_of_ours_that_begins_while_the_caller_speaks_is_cancelled() -> None:
    call, response, tool = asked_for_a_tool()
    call.tool_answers(tool)
    call.ends(response)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))
    ours = call.starts("r2")

    assert [c.response_id for c in call.all(do.CancelResponse)] == [ours]
    played = len(call.all(do.PlayAudio))
    call.speaks(ours, "You would not hear me.")
    assert len(call.all(do.PlayAudio)) == played


def test_a_cancel_that_came_too_late_changes_nothing() -> None:
    call = ScriptedCall().live()
    refusal = ev.ModelRefused(call.at_ms, "response_cancel_not_active", "no active response", "c1")

    assert call.feed(refusal) == []


def test_a_recital_does_not_wait_for_the_end_of_what_was_abandoned_but_the_rest_does() -> None:
    call = ScriptedCall().live()
    call.caller_says("My card is 4242 4242 4242 4242.")
    abandoned = call.starts("r1")
    assert call.asked.sentence == NO_CARDS
    call.agent_says(NO_CARDS, asked=True)
    call.wait(1_200)
    call.caller_says("Okay.")
    assert call.asked.sentence == NO_CARDS  # the server would refuse another one yet

    assert call.ends(abandoned, "cancelled")[-1] == do.Respond(call.asked.request_id)
