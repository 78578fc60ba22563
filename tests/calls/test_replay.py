"""Every journal of a call that is kept here leads to the same commands as when it was made.

A decision of the core that changes on purpose makes them differ: `python -m tests.calls.record`
makes them anew. A new prompt does not: what a call was told stands in its journal.
"""

import json
from pathlib import Path

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.journal import TOKEN, replay
from shared.domain.moments import Wordings
from shared.domain.outcomes import EndReason
from shared.domain.read_back import phone_detail, recitation
from tests.calls.record import KEPT, LARGEST_BYTES
from tests.scripted import ScriptedCall

JOURNALS = sorted(Path(__file__).parent.glob("*.jsonl"))


@pytest.mark.parametrize("journal", JOURNALS, ids=lambda path: path.stem)
def test_a_kept_journal_replays(journal: Path) -> None:
    lines = journal.read_text().splitlines()

    assert len(lines) > 20
    assert replay(lines) == []


def test_every_call_to_be_kept_is_here_and_small() -> None:
    assert {path.stem for path in JOURNALS} >= set(KEPT)
    assert max(path.stat().st_size for path in JOURNALS) < LARGEST_BYTES


@pytest.mark.parametrize("journal", JOURNALS, ids=lambda path: path.stem)
def test_a_kept_journal_holds_no_token_and_no_sound(journal: Path) -> None:
    text = journal.read_text()
    events = [json.loads(line) for line in text.splitlines()]

    assert [event["token"] for event in events if event["event"] == "LineOpened"] == [TOKEN]
    assert not any(isinstance(event.get("payload"), str) for event in events)
    assert "/////" not in text  # silence, as it would be spelt


@pytest.mark.parametrize("journal", JOURNALS, ids=lambda path: path.stem)
def test_only_the_rogue_makes_up_figures(journal: Path) -> None:
    found = journal.read_text().count('"UnbackedFigures"')

    assert (found > 0) == (journal.stem == "rogue")


def test_a_changed_decision_is_noticed() -> None:
    lines = (Path(__file__).parent / "human.jsonl").read_text().splitlines()
    changed = [line.replace('"handed_over"', '"goodbye"') for line in lines]

    assert len(replay(changed)) == 1


def _says_all(call: ScriptedCall) -> None:
    """The model says what it is asked for, until nothing is."""
    while call.outstanding is not None:
        call.agent_says(call.asked.sentence or "One moment.")


def test_a_call_with_everything_in_it_replays() -> None:
    call = ScriptedCall().live()
    call.caller_says("I smell gas and my card is 4242 4242 4242 4242.")
    call.ends(call.starts("r1"), "cancelled")
    call.wait(3200)
    _says_all(call)
    call.wait(1000)
    call.caller_says("Yes, we are outside.")
    response = call.starts()
    tool = call.calls_tool("book_appointment", '{"phone":"+15551230000"}', response_id=response)
    slow = call.calls_tool("check_availability", response_id=response)
    call.ends(response)
    said = recitation((phone_detail("+15551230000", None),), Wordings())
    call.tool_answers(tool, '{"asking":true}', recitation=said)
    call.tool_answers(slow, "", timed_out=True)
    _says_all(call)
    call.tool_answers(slow, '{"available_slots":[]}')
    _says_all(call)
    call.keys("5551230000#")
    _says_all(call)
    call.wait(22_000)
    _says_all(call)
    call.keys("0")
    call.wait(1500 + 9000)
    lines = (call.lines + call.journal.rest()).splitlines()

    assert call.end() == do.EndCall(EndReason.HANDED_OVER)
    assert tool in {answer.call_id for answer in call.all(do.AnswerTool)}
    assert call.feed(ev.LineClosed(call.at_ms, "hung_up")) == []
    assert not any("4242" in line for line in lines)
    assert replay(lines) == []
