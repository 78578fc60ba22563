"""Card numbers, spoken or keyed: stopped, forgotten, masked everywhere."""

import json
from collections.abc import Callable

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.journal import replay
from shared.domain.models import RecordingDrop
from shared.domain.spoken.cards import MASK
from tests.moments import NO_CARDS
from tests.scripted import ScriptedCall

CARD = "4242 4242 4242 4242"


SPOKEN = "four two four two, four two four two, four two four two, four two four two"


def leaks(text: str) -> bool:
    return "4242" in text.replace(" ", "") or "four two four two" in text


def test_a_card_number_is_interrupted_forgotten_and_refused() -> None:
    call = ScriptedCall().live()
    user = call.caller_says(f"My card is {CARD}.", words=False)
    response = call.starts()
    call.feed(ev.CallerSaid(call.at_ms, user, f"My card is {CARD}."))

    assert [c.response_id for c in call.all(do.CancelResponse)] == [response]
    assert [c.item_id for c in call.all(do.ForgetItem)] == [user]
    assert call.measured("CardNumbersMasked") == [1]
    call.ends(response, "cancelled")
    assert call.asked.sentence == NO_CARDS
    (turn,) = [t for t in call.all(do.NoteTurn) if t.role == "user"]
    assert turn.text == "My card is [card number]."


def test_a_card_number_over_two_turns_is_masked_in_both() -> None:
    call = ScriptedCall().live()
    first = call.caller_says("It's 4242 4242")
    second = call.caller_says("4242 4242")

    newest = {t.item_id: t.text for t in call.all(do.NoteTurn) if t.role == "user"}
    assert not leaks(newest[first] + newest[second])
    assert [c.item_id for c in call.all(do.ForgetItem)] == [first, second]


def test_no_card_number_is_in_any_command_or_journal() -> None:
    call = ScriptedCall().live()
    call.caller_says("Take 4242 4242")
    call.caller_says("4242 4242 please")
    call.caller_says(SPOKEN)
    call.agent_says(f"You said {CARD}.")
    call.wait(1400)
    tool = call.calls_tool("add_note", json.dumps({"note": f"card {CARD}"}))
    call.tool_answers(tool, json.dumps({"noted": f"card {CARD}"}))
    call.keys("4242424242424242#")
    call.feed(ev.LineClosed(call.at_ms, "hung_up"))
    lines = call.lines + call.journal.rest()

    assert not leaks(lines)
    written = [c for c in call.done if not isinstance(c, do.NoteTurn)]
    assert not leaks(str(written))
    newest = {turn.seq: turn for turn in call.all(do.NoteTurn)}
    assert not leaks(str(newest))


def test_a_keyed_card_number_is_stopped_and_never_told() -> None:
    call = ScriptedCall().live()
    call.keys("4242424242424242")
    call.wait(3200)

    assert call.measured("CardNumbersMasked") == [1]
    assert not any("keyed" in told.text for told in call.all(do.TellModel))
    assert call.asked.sentence == NO_CARDS


def test_a_phone_number_is_no_card() -> None:
    call = ScriptedCall().live()
    call.caller_says("My number is 555 123 0000.")

    assert call.measured("CardNumbersMasked") == []


FIRST, SECOND = "It's 5555 5555", "5555 4444"


BETWEEN: dict[str, Callable[[ScriptedCall], object]] = {
    "nothing": lambda call: None,
    "um": lambda call: call.caller_says("um"),
    "a filler turn": lambda call: call.caller_says("Hold on a second, please."),
    "an empty utterance": lambda call: call.caller_says(""),
    "an unheard utterance": lambda call: unheard(call),
    "an utterance whose words never come": lambda call: call.caller_says("", words=False),
    "the agent's turn": lambda call: call.agent_says("Go ahead."),
    "all of them": lambda call: [call.caller_says("um"), unheard(call), call.agent_says("Yes?")],
    "more than a minute": lambda call: [
        (call.caller_says("um"), answered(call), call.wait(15_000)) for _ in range(5)
    ],
}


def answered(call: ScriptedCall) -> list[str]:
    said = []
    while call.outstanding is not None:
        said.append(call.agent_says("Take your time."))
    return said


def unheard(call: ScriptedCall) -> str:
    item = call.caller_says("", words=False)
    call.feed(ev.CallerUnheard(call.at_ms, item))
    return item


def kept(call: ScriptedCall) -> dict[int, do.NoteTurn]:
    return {turn.seq: turn for turn in call.all(do.NoteTurn)}


def whole_journal(call: ScriptedCall) -> str:
    call.feed(ev.LineClosed(call.at_ms, "hung_up"))
    lines = call.lines + call.journal.rest()
    assert replay(lines.splitlines()) == []
    return lines


@pytest.mark.parametrize("between", BETWEEN.values(), ids=BETWEEN.keys())
def test_both_halves_leave_whatever_is_between_them(
    between: Callable[[ScriptedCall], object],
) -> None:
    call = ScriptedCall().live()
    first = call.caller_says(FIRST)
    between(call)
    before = len(call.done)
    second = call.caller_says(SECOND)
    forgotten = [c.item_id for c in call.done[before:] if isinstance(c, do.ForgetItem)]

    assert [item for item in forgotten if item.startswith("u")] == [first, second]
    assert call.measured("CardNumbersMasked") == [1]
    assert "5555" not in str(kept(call)) and "4444" not in str(kept(call))
    innocent = [turn for turn in kept(call).values() if turn.role == "user"]
    assert not any(MASK in t.text for t in innocent if t.item_id not in (first, second))
    lines = whole_journal(call)
    assert "5555" not in lines and "4444" not in lines


def test_halves_are_found_when_the_second_is_transcribed_first() -> None:
    call = ScriptedCall().live()
    first = call.caller_says(FIRST, words=False)
    second = call.caller_says("0000 0004", words=False)
    call.feed(ev.CallerSaid(call.at_ms, second, SECOND))
    call.wait(400)
    call.feed(ev.CallerSaid(call.at_ms, first, FIRST))

    assert {c.item_id for c in call.all(do.ForgetItem)} == {first, second}
    assert "5555" not in str(kept(call)) and "5555" not in whole_journal(call)


def test_three_parts_said_twice_and_corrected_leave_nothing() -> None:
    call = ScriptedCall().live()
    items = [call.caller_says(text) for text in ("5555 5556", "no, sorry", "5555 5555", "5555")]
    items.append(call.caller_says("4444"))
    again = call.caller_says("I said 5555 5555, did you get that?")

    forgotten = [c.item_id for c in call.all(do.ForgetItem)]
    assert set(forgotten) == {*items, again} - {items[1]}
    assert len(forgotten) == len(set(forgotten))
    assert "5555" not in str(kept(call)) and "5555" not in whole_journal(call)


def test_what_the_agent_and_its_tools_repeated_of_a_half_leaves_too() -> None:
    call = ScriptedCall().live()
    call.caller_says(FIRST)
    echo = call.agent_says("I have 5555 5555 so far.")
    call.wait(1200)
    tool = call.calls_tool("add_note", '{"note":"card 5555 5555"}')
    call.tool_answers(tool, '{"noted":"card 5555 5555"}')
    call.caller_says(SECOND)
    later = call.calls_tool("take_message", '{"message":"card starts 55555555"}')
    call.tool_answers(later)
    call.agent_says("You said 5555 5555.", asked=True)
    call.wait(1200)

    assert echo in [c.item_id for c in call.all(do.ForgetItem)]
    assert "5555" not in str(kept(call))
    assert "5555" not in str(call.all(do.RunTool)[-1].arguments)
    assert "5555" not in whole_journal(call)


def test_a_number_half_spoken_and_half_keyed_leaves() -> None:
    call = ScriptedCall().live()
    first = call.caller_says(FIRST)
    call.keys("55554444#")

    assert [c.item_id for c in call.all(do.ForgetItem)] == [first]
    assert not any("keyed" in told.text for told in call.all(do.TellModel))
    assert "5555" not in str(kept(call))
    assert "5555" not in whole_journal(call)


def test_a_number_half_keyed_and_half_spoken_leaves() -> None:
    call = ScriptedCall().live()
    call.keys("55555555#")
    (told,) = call.all(do.TellModel)
    second = call.caller_says(SECOND)

    assert [c.item_id for c in call.all(do.ForgetItem)] == [told.item_id, second]
    lines = whole_journal(call)
    assert '"digit":"5"' not in lines and "5555" not in lines


def test_a_serial_number_interrupts_nobody() -> None:
    call = ScriptedCall().live()
    call.caller_says("The serial number is 1747 9192 2056 7223.")
    call.caller_says("four one two five five five oh one four two and one five two one three")

    assert call.measured("CardNumbersMasked") == []
    assert call.all(do.ForgetItem) == []


def test_a_security_code_said_after_the_card_leaves() -> None:
    call = ScriptedCall().live()
    call.caller_says(f"It's {CARD}.")
    code = call.caller_says("And the three digits on the back are 123.")

    assert call.all(do.ForgetItem)[-1].item_id == code
    assert "123" not in str(kept(call))


def test_a_recording_with_a_card_number_on_it_may_not_stay() -> None:
    spoken, keyed = ScriptedCall().live(), ScriptedCall().live()
    spoken.caller_says(f"My card is {CARD}.")
    keyed.keys(CARD.replace(" ", ""))

    for call in (spoken, keyed):
        dropped = [note.recording_dropped for note in call.all(do.NoteCall)]
        assert RecordingDrop.CARD in dropped


# With the number before them these are sixteen digits with the check digit of a card.
NUMBER, CODE = "It is five, five, five. One, two, three. Zero, zero, zero, zero.", "123450"


@pytest.mark.parametrize("keyed", [True, False])
def test_a_code_behind_the_number_it_was_texted_to_is_no_card(keyed: bool) -> None:
    call = ScriptedCall().live()
    call.caller_says(NUMBER)
    tool = call.calls_tool("find_appointment", '{"phone":"+15551230000"}')
    call.tool_answers(tool, '{"code_sent":true,"message":"Ask for it."}')
    if keyed:
        call.keys(CODE)
        call.wait(4_000)
    else:
        call.caller_says("One two three, four five zero.")

    assert call.measured("CardNumbersMasked") == []
    assert not call.all(do.ForgetItem)
    assert not keyed or any(CODE in told.text for told in call.all(do.TellModel))
    assert "123450" in whole_journal(call) or not keyed


def test_the_same_digits_without_a_code_asked_for_are_a_card() -> None:
    call = ScriptedCall().live()
    call.caller_says(NUMBER)
    call.keys(CODE)
    call.wait(4_000)

    assert call.measured("CardNumbersMasked") == [1]
