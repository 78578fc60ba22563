"""A journal holds a call in lines that replay, without sound, token or card numbers."""

import json

from services.media_bridge.core import events as ev
from services.media_bridge.core.journal import replay
from shared.domain.money import Cents, Figure, FigureRole
from tests.scripted import ScriptedCall

DEPOSIT = (Figure(FigureRole.DEPOSIT, Cents(20_600), settled=True),)


def a_call() -> ScriptedCall:
    call = ScriptedCall().live()
    call.caller_says("My AC stopped cooling.")
    call.agent_says("Is anyone smelling gas?", 2000)
    call.wait(900)
    call.caller_says("No smells.")
    response = call.starts()
    tool = call.calls_tool("get_pricing_quote", '{"service_type":"repair"}', response_id=response)
    call.ends(response)
    call.tool_answers(tool, '{"deposit":206}', figures=DEPOSIT)
    call.agent_says("The deposit is $206.", asked=True)
    call.wait(1200)
    call.feed(ev.LineClosed(call.at_ms, "hung_up"))
    call.lines += call.journal.rest()
    return call


def test_a_journal_replays_to_the_same_commands() -> None:
    lines = a_call().lines.splitlines()

    assert len(lines) > 20
    assert replay(lines) == []


def test_a_journal_that_was_changed_does_not_replay() -> None:
    lines = a_call().lines.replace("My AC stopped cooling.", "I smell gas.").splitlines()

    assert any("AlertHazard" in difference for difference in replay(lines))


def test_sound_is_kept_as_its_length_and_frames_are_grouped() -> None:
    call = a_call()
    lines = [json.loads(line) for line in call.lines.splitlines()]

    frames = [line for line in lines if "frames" in line]
    assert sum(len(line["frames"]) for line in frames) == call.at_ms // 20
    assert frames[0]["frames"][:2] == [[20, 155], [20, 20]]
    assert len(call.lines) < 20_000


def test_the_token_is_in_no_line() -> None:
    assert "a-token" not in a_call().lines


def test_keyed_digits_that_are_no_card_are_kept() -> None:
    call = ScriptedCall().live()
    call.keys("5551230000#")
    call.feed(ev.LineClosed(call.at_ms, "hung_up"))
    lines = call.lines + call.journal.rest()

    assert "The caller keyed 5551230000" in lines
    assert replay(lines.splitlines()) == []


def test_masked_numbers_replay_to_the_same_commands() -> None:
    call = ScriptedCall().live()
    call.caller_says("Take 4242 4242")
    call.caller_says("4242 4242 please")
    call.keys("4242424242424242#")
    call.caller_says("Sorry.")
    call.feed(ev.LineClosed(call.at_ms, "hung_up"))
    lines = (call.lines + call.journal.rest()).splitlines()

    assert not any("4242" in line for line in lines)
    assert call.measured("CardNumbersMasked") == [1, 1]
    assert replay(lines) == []


def test_lines_are_written_in_the_order_of_decisions() -> None:
    times = [
        line["frames"][0][0] if "frames" in line else line["at_ms"]
        for line in map(json.loads, a_call().lines.splitlines())
    ]

    assert times == sorted(times)
