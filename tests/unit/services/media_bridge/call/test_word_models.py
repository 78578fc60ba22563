"""What models read in words goes on the event."""

from services.media_bridge.call.word_models import NO_MODELS, WordModels
from services.media_bridge.core import events as ev
from services.media_bridge.core.guards.claims.claim import Odds
from tests.scripted import ScriptedCall

BOOKED = Odds({"booked": 0.9})
MODELS = WordModels(lambda text, asked: f"{asked}|{text}", lambda text, caller: (BOOKED,))


def test_the_agents_words_are_read_with_the_callers_last() -> None:
    call = ScriptedCall().live()
    call.caller_says("Is it booked?")
    heard: list[tuple[str, str]] = []

    def claims_in(text: str, caller: str) -> tuple[Odds, ...]:
        heard.append((text, caller))
        return (BOOKED,)

    said = ev.AgentSaid(call.at_ms, "R9", "a9", "You're booked.")
    read = WordModels(claims_in=claims_in).read(said, call.session)

    assert heard == [("You're booked.", "Is it booked?")]
    assert isinstance(read, ev.AgentSaid)
    assert read.odds == (BOOKED,)


def test_the_callers_words_are_read_with_what_they_answer() -> None:
    call = ScriptedCall().live()
    call.agent_says("Do you smell gas?")
    call.wait(1200)
    user = call.caller_says("A little.", words=False)
    read = MODELS.read(ev.CallerSaid(call.at_ms, user, "A little."), call.session)

    assert isinstance(read, ev.CallerSaid)
    assert read.hazard == "Do you smell gas?|A little."


def test_without_models_nothing_is_read() -> None:
    call = ScriptedCall().live()
    said = ev.AgentSaid(call.at_ms, "R9", "a9", "You're booked.")

    assert NO_MODELS.read(said, call.session) == said


def test_a_sentence_of_codes_own_is_not_read() -> None:
    call = ScriptedCall().live()
    tool = call.calls_tool("end_call")
    call.tool_answers(tool, hang_up=True)
    response = call.starts(call.asked.request_id)
    said = ev.AgentSaid(call.at_ms, response, "a9", call.asked.sentence or "")

    assert call.session.recites(response)
    assert MODELS.read(said, call.session) == said
