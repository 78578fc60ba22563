"""One response at a time."""

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from tests.scripted import ScriptedCall

BUSY = "conversation_already_has_active_response"


def asked_for_a_tool() -> tuple[ScriptedCall, str, str]:
    """A call in which a response has called a tool and not ended."""
    call = ScriptedCall().live()
    call.caller_says("How much is a repair?")
    response = call.starts()
    return call, response, call.calls_tool("get_pricing_quote", response_id=response)


def test_a_tool_answer_is_given_at_once_and_the_response_asked_for_when_the_old_one_ended() -> None:
    call, response, tool = asked_for_a_tool()
    call.tool_answers(tool)
    assert call.all(do.AnswerTool) == [do.AnswerTool(tool, '{"ok":true}')]
    assert call.all(do.Respond) == []

    assert call.ends(response) == [do.Respond("r1")]


def test_every_tool_of_a_response_is_answered_before_the_next_is_asked_for() -> None:
    call, response, first = asked_for_a_tool()
    second = call.calls_tool("check_availability", response_id=response)
    call.ends(response)
    call.tool_answers(first)
    assert call.all(do.Respond) == []
    call.tool_answers(second)

    assert call.all(do.Respond) == [do.Respond("r1")]


def test_a_response_refused_because_one_is_active_is_asked_for_again_after_it() -> None:
    call, response, tool = asked_for_a_tool()
    call.tool_answers(tool)
    call.ends(response)
    call.feed(ev.ModelRefused(call.at_ms, BUSY, "…", None))
    other = call.starts()
    call.wait(400)
    assert len(call.all(do.Respond)) == 1

    assert call.ends(other) == [do.Respond("r2")]


def test_a_refused_response_is_not_asked_for_again_before_the_other_is_known() -> None:
    call, response, tool = asked_for_a_tool()
    call.tool_answers(tool)
    call.ends(response)

    assert call.feed(ev.ModelRefused(call.at_ms, BUSY, "…", "r1")) == []
    call.wait(1000)
    assert len(call.all(do.Respond)) == 1
    call.wait(1000)  # no other response came after all
    assert len(call.all(do.Respond)) == 2


def test_no_response_is_asked_for_while_the_caller_speaks() -> None:
    call, response, tool = asked_for_a_tool()
    call.ends(response)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))
    call.tool_answers(tool)
    assert call.all(do.Respond) == []
    call.feed(ev.CallerStopped(call.at_ms, "u9"))
    own = call.starts()  # the server's, made after the answer: it covers it
    call.speaks(own, "Let me see.")
    call.wait(2000)

    assert call.all(do.Respond) == []


def test_when_the_server_makes_no_response_after_the_caller_we_ask_for_ours() -> None:
    call, response, tool = asked_for_a_tool()
    call.ends(response)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))
    call.tool_answers(tool)
    call.feed(ev.CallerStopped(call.at_ms, "u9"))
    call.wait(1400)
    assert call.all(do.Respond) == []
    call.wait(200)

    assert call.all(do.Respond) == [do.Respond("r1")]


def test_an_answer_given_after_the_caller_spoke_is_not_taken_for_covered() -> None:
    call, response, tool = asked_for_a_tool()
    call.ends(response)
    call.caller_says("Are you there?")
    call.tool_answers(tool)
    own = call.starts()

    assert do.Respond("r1") in call.ends(own)


def test_a_response_of_ours_that_begins_while_the_caller_speaks_is_cancelled() -> None:
    call, response, tool = asked_for_a_tool()
    call.tool_answers(tool)
    call.ends(response)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))
    ours = call.starts("r1")

    assert [c.response_id for c in call.all(do.CancelResponse)] == [ours]
    played = len(call.all(do.PlayAudio))
    call.speaks(ours, "You would not hear me.")
    assert len(call.all(do.PlayAudio)) == played


def test_a_cancel_that_came_too_late_changes_nothing() -> None:
    call = ScriptedCall().live()
    refusal = ev.ModelRefused(call.at_ms, "response_cancel_not_active", "no active response", "c1")

    assert call.feed(refusal) == []
