"""Only figures a tool returned are said: others are stopped, corrected, and end with a human."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.guards.price_guard import PriceGuard, figures_in
from services.media_bridge.core.journal import replay
from services.media_bridge.core.speaking.phrases import HANDING_OVER, say_exactly
from shared.domain.money import Cents, Figure, FigureRole
from shared.domain.outcomes import EscalationReason
from tests.scripted import ScriptedCall, sound

SAY = (
    "At regular hours this typically runs $300 to $800. Tonight the visit is $248, and the "
    "estimate at after-hours rates is about $825; the visit is credited toward it."
)
QUOTE = json.dumps(
    {
        "service_call": 165,
        "estimated_repair": 825,
        "range": "$300-$800",
        "total_estimate": 825,
        "emergency_fee": 248,
        "message": "Here's your pricing estimate for $12.",
        "rate": "after_hours",
        "visit_fee": 248,
        "deposit": 206,
        "after_hours_range": "$450-$1,200",
        "regular": {"rate": "regular", "visit_fee": 165, "total_estimate": 550, "deposit": 138},
        "say": SAY,
        "visit_fee_tonight": 248,
    }
)
CHOSEN = (
    Figure(FigureRole.VISIT, Cents(24_800), settled=True),
    Figure(FigureRole.ESTIMATE, Cents(82_500), settled=True),
    Figure(FigureRole.DEPOSIT, Cents(20_600), settled=True),
)
# What get_pricing_quote gives beside QUOTE: see `shared.tools.figures.of_estimate`.
FIGURES = (
    *CHOSEN,
    Figure(FigureRole.VISIT, Cents(16_500)),
    Figure(FigureRole.ESTIMATE, Cents(55_000)),
    Figure(FigureRole.DEPOSIT, Cents(13_800)),
    *(Figure(FigureRole.RANGE, Cents(amount)) for amount in (30_000, 80_000, 45_000, 120_000)),
)
RIGHT = "the visit is $248, the estimate is about $825, the deposit is $206"


def quoted() -> PriceGuard:
    figures = PriceGuard()
    figures.returned(FIGURES)
    return figures


# -- reading --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "dollars"),
    [
        ("It's $206.", [206]),
        ("That's $1,200, or so.", [1200]),
        ("$300-$800", [300, 800]),
        ("206 dollars", [206]),
        ("1,200 dollars", [1200]),
        ("a 206-dollar deposit", [206]),
        ("two hundred six dollars", [206]),
        ("two hundred and six bucks", [206]),
        ("twelve hundred dollars", [1200]),
        ("one thousand two hundred fifty dollars", [1250]),
        ("two forty-eight dollars", [248]),
        ("$12.50 and $99", [12.5, 99]),
    ],
)
def test_dollars_are_read_however_they_are_said(text: str, dollars: list[float]) -> None:
    found = figures_in(text)

    assert [max(figure.cents) / 100 for figure in found] == dollars


@pytest.mark.parametrize(
    "text",
    [
        "555, 123, 0000",
        "123 Oak Street, ZIP 45502",
        "tonight 9 to 11 PM, August 28th, 2025",
        "gate code 1234",
        "1.5 times the regular rate, 25 percent",
        "hundreds of dollars, a couple hundred dollars",
        "a dollar",
        "between three hundred and eight hundred and fifty dollars",
    ],
)
def test_other_numbers_are_no_dollars(text: str) -> None:
    assert figures_in(text) == []


@given(st.text(alphabet="0123456789$,. and hundred dollars one two six", max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    quoted().wrong("a1", text)


def test_a_tool_without_figures_changes_nothing_that_was_quoted() -> None:
    figures = quoted()
    figures.returned(())

    assert figures.right == RIGHT
    assert figures.wrong("a1", f"To say it again, {RIGHT}.") == []


def test_the_figures_of_windows_are_no_quote_to_correct_with() -> None:
    figures = quoted()
    figures.returned([Figure(FigureRole.VISIT, Cents(16_500))])

    assert figures.right == RIGHT


def test_a_job_without_a_deposit_is_corrected_without_one() -> None:
    figures = PriceGuard()
    figures.returned([*CHOSEN[:2], Figure(FigureRole.DEPOSIT, Cents(0), settled=True)])

    assert figures.right == "the visit is $248, the estimate is about $825"


def test_an_end_of_the_range_is_no_visit_and_no_deposit() -> None:
    figures = PriceGuard()
    figures.returned([Figure(FigureRole.RANGE, Cents(30_000))])

    assert figures.wrong("a1", "It runs $300. The visit is $300.") == []
    figures.returned([Figure(FigureRole.DEPOSIT, Cents(30_000))])
    assert figures.wrong("a2", "The visit is $300.") == ["$300"]


def test_numerals_of_any_length_are_read() -> None:
    assert PriceGuard().wrong("a1", "$" + "9" * 9000)
    (words,) = PriceGuard().wrong("a1", "one " * 6000 + "dollars")
    assert len(words) < 60


# -- what may be said -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        SAY,
        "The visit is $248 and the deposit is $206.",
        "The deposit to hold it is 206 dollars.",
        "The deposit for the visit, due by text, is $206.",
        "It's $206 to hold the visit.",
        "The visit tonight is two hundred and forty-eight dollars.",
        "Between four hundred fifty and twelve hundred dollars after hours.",
        "You'll get a text with a deposit link, it's $206.",
        "Tomorrow the visit is $165, with $138 as a deposit.",
    ],
)
def test_what_tools_returned_may_be_said(text: str) -> None:
    assert quoted().wrong("a1", text) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("We fix anything for $99!", ["$99"]),
        ("That will be ninety-nine dollars.", ["ninety-nine dollars"]),
        ("About a hundred bucks.", ["one hundred bucks"]),
        ("It's $12.", ["$12"]),  # a tool's message may repeat what the model itself had said
        ("Tonight, the service call would be about $206.", ["$206"]),
        ("The visit is $206, and the deposit is $206.", ["$206"]),
        ("It's two hundred six dollars for the visit.", ["two hundred six dollars"]),
    ],
)
def test_what_no_tool_returned_may_not(text: str, wrong: list[str]) -> None:
    assert quoted().wrong("a1", text) == wrong


def test_every_window_and_its_figures_count() -> None:
    figures = PriceGuard()
    visit, deposit = Cents(16_500), Cents(13_800)
    figures.returned([Figure(FigureRole.VISIT, visit), Figure(FigureRole.DEPOSIT, deposit)])

    assert figures.wrong("a1", "That visit is $165 and the deposit $138.") == []
    assert figures.wrong("a2", "That visit is $138.") == ["$138"]
    assert figures.right == "say only figures the tools returned"


def test_a_fact_of_the_business_counts_as_returned() -> None:
    figures = PriceGuard()
    figures.told("Gift cards are $50.")

    assert figures.wrong("a1", "A gift card is $50.") == []


def test_the_callers_own_figure_may_only_be_denied() -> None:
    figures = quoted()
    figures.caller_said("Can you do it for ninety-nine?")

    assert figures.wrong("a1", "I can't do $99. The visit is $248.") == []
    assert figures.wrong("a2", "Yes, $99 it is.") == ["$99"]
    figures.caller_said("Hm.")
    assert figures.wrong("a3", "I can't do $80.") == ["$80"]


def test_a_correction_may_name_the_mistake() -> None:
    figures = quoted()
    assert figures.wrong("a1", "It's $99.") == ["$99"]

    assert figures.wrong("a2", "Sorry, I said $99. The visit is $248.") == []
    assert figures.wrong("a3", "It is not $99. The visit is $248.") == []
    assert figures.wrong("a4", "Fine, $99 it is.") == ["$99"]


# -- in a call ------------------------------------------------------------------------------


def priced() -> ScriptedCall:
    call = ScriptedCall().live()
    call.caller_says("My AC stopped cooling. What does it cost?")
    response = call.starts()
    tool = call.calls_tool("get_pricing_quote", response_id=response)
    call.ends(response)
    call.tool_answers(tool, QUOTE, figures=FIGURES)
    return call


def test_a_made_up_figure_is_stopped_before_it_is_corrected() -> None:
    call = priced()
    response = call.starts(call.asked.request_id)
    for _ in range(15):
        call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(200)))
    call.wait(400)
    commands = call.feed(ev.AgentSaid(call.at_ms, response, "a9", "Well now, it is $99 all in."))

    assert [type(command) for command in commands] == [
        do.Measure, do.ClearPlayback, do.CancelResponse, do.Truncate, do.NoteTurn, do.TellModel,
    ]  # fmt: skip
    assert commands[0] == do.Measure("UnbackedFigures", 1)
    told = call.all(do.TellModel)[-1].text
    assert told.startswith("You said $99; no tool returned that")
    assert RIGHT in told
    assert call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(200))) == []
    (ask,) = [c for c in call.ends(response, "cancelled") if isinstance(c, do.Respond)]
    assert ask.instructions is None
    call.agent_says(f"Let me correct that: {RIGHT}.", asked=True)
    call.wait(1500)
    assert call.measured("UnbackedFigures") == [1]
    assert replay((call.lines + call.journal.rest()).splitlines()) == []


def test_a_figure_already_heard_is_corrected_without_a_cut() -> None:
    call = priced()
    response = call.starts(call.asked.request_id)
    call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(400)))
    call.ends(response)
    call.wait(800)
    commands = call.feed(ev.AgentSaid(call.at_ms, response, "a9", "It is $99."))

    assert call.all(do.ClearPlayback) == []
    assert [type(c) for c in commands[-2:]] == [do.TellModel, do.Respond]


def test_a_figure_the_caller_had_cut_off_needs_no_correction() -> None:
    call = priced()
    response = call.starts(call.asked.request_id)
    call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(4000)))
    call.wait(400)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))
    call.feed(ev.AgentSaid(call.at_ms, response, "a9", "Let me see what that comes to. It is $99."))

    assert call.measured("UnbackedFigures") == []


def test_a_figure_that_waited_for_the_callers_words_is_never_heard() -> None:
    call = priced()
    call.agent_says("One moment.", asked=True)
    call.wait(1200)
    call.caller_says("And tomorrow?", words=False)
    response = call.starts()
    item = call.speaks(response, "It is $99.", over=False)

    assert do.ForgetItem in [type(command) for command in call.last]
    call.ends(response, "cancelled")
    call.wait(2000)
    assert item not in call.heard


def test_a_price_before_any_quote_is_corrected_to_none() -> None:
    call = ScriptedCall().live()
    call.caller_says("What does it cost?")
    call.agent_says("Only $99.")

    assert "name none before get_pricing_quote has answered" in call.all(do.TellModel)[-1].text


def test_after_three_corrections_a_person_takes_over() -> None:
    call = priced()
    for _ in range(3):
        call.agent_says("It is $99.", asked=True)
        call.wait(200)
    assert len(call.measured("UnbackedFigures")) == 3
    call.agent_says("Still $99!", asked=True)

    assert do.NoteCall(call.at_ms, escalate=EscalationReason.UNBACKED_FIGURES) in call.done
    assert call.asked.instructions == say_exactly(HANDING_OVER)
    call.agent_says(HANDING_OVER, 1000, asked=True)
    call.wait(2000)
    assert call.end().reason == "handed_over"


def test_a_goodbye_with_a_wrong_figure_is_corrected_before_the_line_closes() -> None:
    call = priced()
    response = call.starts(call.asked.request_id)
    tool = call.calls_tool("end_call", response_id=response)
    for _ in range(10):
        call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(200)))
    call.tool_answers(tool, hang_up=True)
    call.feed(ev.AgentSaid(call.at_ms, response, "a9", "You pay $99. Goodbye."))
    call.ends(response, "cancelled")
    item = call.agent_says(f"No: {RIGHT}. Goodbye.", 1000, asked=True)
    call.wait(1500)

    assert call.heard[item] == 1000
    assert call.end().reason == "goodbye"


def test_nobody_is_corrected_who_is_on_the_way_to_a_person() -> None:
    call = priced()
    call.agent_says("One moment.", asked=True)
    call.wait(1200)
    call.keys("0#")
    call.agent_says("It was $99. I'm connecting you now.", 1000, asked=True)
    call.wait(2000)

    assert call.measured("UnbackedFigures") == [1]
    assert not any("You said" in told.text for told in call.all(do.TellModel))
    assert call.end().reason == "handed_over"


def test_a_card_number_in_the_agents_words_replays_too() -> None:
    call = priced()
    call.agent_says("Is 4242 4242 4242 4242 yours? It is $99.", asked=True)

    lines = call.lines + call.journal.rest()
    assert "4242 4242" not in lines
    assert replay(lines.splitlines()) == []
