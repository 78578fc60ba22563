"""Every journal of a call that is kept here leads to the same commands as when it was made."""

from pathlib import Path

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.journal import replay
from tests.scripted import ScriptedCall

JOURNALS = sorted(Path(__file__).parent.glob("*.jsonl"))


@pytest.mark.parametrize("journal", JOURNALS, ids=lambda path: path.stem)
def test_a_kept_journal_replays(journal: Path) -> None:
    lines = journal.read_text().splitlines()

    assert len(lines) > 20
    assert replay(lines) == []


def test_a_call_with_everything_in_it_replays() -> None:
    call = ScriptedCall().live()
    call.caller_says("I smell gas and my card is 4242 4242 4242 4242.")
    call.wait(3200)
    call.agent_says("Are you safe and outside?", 3000, asked=True)
    call.wait(1000)
    call.caller_says("Yes, we are outside.")
    response = call.starts()
    tool = call.calls_tool("book_appointment", '{"phone":"+15551230000"}', response_id=response)
    slow = call.calls_tool("check_availability", response_id=response)
    call.ends(response)
    call.tool_answers(slow, "", timed_out=True)
    call.agent_says("One moment.", asked=True)
    call.tool_answers(slow, '{"available_slots":[]}')
    call.agent_says("I have these windows.", asked=True)
    call.keys("5551230000#")
    call.agent_says("I have 555, 123, 0000. Is that right?", asked=True)
    call.wait(22_000)
    call.agent_says("Are you still there?", asked=True)
    call.keys("0")
    call.wait(9000)
    lines = (call.lines + call.journal.rest()).splitlines()

    assert call.end() == do.EndCall("handed_over")
    assert tool in {answer.call_id for answer in call.all(do.AnswerTool)}
    assert call.feed(ev.LineClosed(call.at_ms, "hung_up")) == []
    assert not any("4242" in line for line in lines)
    assert replay(lines) == []
