"""What no tool bears out is stopped, corrected, and ends with a human."""

import json
from datetime import datetime, timedelta

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.guards.claim_guard import ClaimGuard
from services.media_bridge.core.guards.claims.claim import Judged
from services.media_bridge.core.journal import replay
from shared.domain.facts import Fact, ToolFactKind
from shared.domain.money import Cents, Figure, FigureRole
from shared.domain.outcomes import EscalationReason
from tests.evals.claims.own import reader
from tests.moments import HANDING_OVER
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
RATES = {False: (16_500, 55_000, 13_800), True: (24_800, 82_500, 20_600)}
ROLES = (FigureRole.VISIT, FigureRole.ESTIMATE, FigureRole.DEPOSIT)
ENDS = (
    (FigureRole.LOW, 30_000, False),
    (FigureRole.HIGH, 80_000, False),
    (FigureRole.LOW, 45_000, True),
    (FigureRole.HIGH, 120_000, True),
)
# What get_pricing_quote gives beside QUOTE: see `shared.tools.figures.of_estimate`.
FIGURES = (
    *(
        Figure(role, Cents(amount), rate, "repair", rate)
        for rate, amounts in RATES.items()
        for role, amount in zip(ROLES, amounts, strict=True)
    ),
    *(Figure(role, Cents(amount), False, "repair", rate) for role, amount, rate in ENDS),
)
RIGHT = "the visit is $248, the estimate is about $825, the deposit is $206"


def judge(
    guard: ClaimGuard, item_id: str, text: str, at_ms: int
) -> tuple[list[Judged], list[Judged]]:
    return guard.judge(item_id, text, reader().read(text, guard.caller), at_ms)


# -- what is told of the business, and of danger ---------------------------------------------


def test_a_fact_of_the_business_counts_as_returned() -> None:
    guard = ClaimGuard()
    guard.begin(["Gift cards are $50."], None, 0)

    assert judge(guard, "a1", "A gift card is $50.", 0) == ([], [])


def test_an_item_is_judged_once() -> None:
    guard = ClaimGuard()

    assert judge(guard, "a1", "It's $99.", 0)[0]
    assert judge(guard, "a1", "It's $99.", 0) == ([], [])


def test_a_day_is_judged_by_the_clock_of_the_call() -> None:
    guard = ClaimGuard()
    guard.begin((), datetime.fromisoformat("2025-08-28T23:59:00-04:00"), 5_000)
    ten = datetime.fromisoformat("2025-08-29T10:00:00-04:00")
    guard.returned((), [Fact(ToolFactKind.BOOKED, ten, ten + timedelta(hours=2), False)])

    assert judge(guard, "a1", "You're booked for tomorrow at ten.", 60_000) == ([], [])
    wrong, _ = judge(guard, "a2", "You're booked for tomorrow at ten.", 70_000)
    assert wrong[0].right == "the visit is booked for Friday, August 29, 10 AM to 12 PM"


def test_without_a_clock_no_day_is_judged() -> None:
    assert judge(ClaimGuard(), "a1", "I can do Friday at ten.", 0) == ([], [])


def test_on_call_was_told_of_a_danger() -> None:
    guard = ClaimGuard()
    assert judge(guard, "a1", "I've alerted our on-call technician.", 0)[1]
    guard.done(ToolFactKind.ALERTED)

    assert judge(guard, "a2", "I've alerted our on-call technician.", 0) == ([], [])


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
        do.PlaceMark, do.Measure, do.ClearPlayback, do.CancelResponse, do.Truncate, do.NoteTurn,
        do.TellModel,
    ]  # fmt: skip
    assert commands[1] == do.Measure("UnbackedFigures", 1)
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
    assert call.asked.sentence == HANDING_OVER
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
    response = call.starts()
    tool = call.calls_tool("escalate_to_human", response_id=response)
    for _ in range(5):
        call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(200)))
    call.tool_answers(tool, hand_over=True)
    call.feed(ev.AgentSaid(call.at_ms, response, "a9", "It is $99. I'm connecting you now."))
    call.ends(response)
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


def test_what_is_unsure_is_said_flagged_and_counted() -> None:
    call = priced()
    item = call.agent_says("I've passed your message on to the office.", asked=True)
    call.wait(3000)

    assert call.all(do.TellModel) == []
    assert call.measured("UnsureClaims") == [1]
    assert [turn.unsure for turn in call.all(do.NoteTurn) if turn.item_id == item][-1] == "action"


def test_a_deed_that_was_not_done_is_corrected() -> None:
    call = priced()
    call.agent_says("You're booked, and I've texted you the link.", asked=True)

    told = call.all(do.TellModel)[-1].text
    assert told.startswith("You said that a text was sent, that it is booked; ")
