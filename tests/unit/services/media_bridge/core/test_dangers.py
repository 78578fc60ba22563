"""The question about danger follows the trade of the job, where a business has several."""

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.journal import replay
from services.media_bridge.core.speaking.phrases import WITHDRAWN
from shared.domain.moments import CallMoment, first
from shared.domain.moments.english import DANGER_QUESTIONS as QUESTIONS
from shared.domain.moments.english import OF_ANY_TRADE
from tests.moments import NO_CARDS
from tests.scripted import ScriptedCall, sound


def two_trades() -> ScriptedCall:
    return ScriptedCall().live(
        danger_question=OF_ANY_TRADE,
        danger_questions={trade: QUESTIONS[trade] for trade in ("plumbing", "hvac")},
        service_trades={"water_heater": "plumbing", "hvac_repair": "hvac"},
    )


def recited(call: ScriptedCall) -> list[str]:
    return [asked.sentence for asked in call.all(do.Respond) if asked.sentence]


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("My toilet is backed up.", QUESTIONS["plumbing"]),
        ("The furnace stopped working.", QUESTIONS["hvac"]),
        ("Something is broken here.", OF_ANY_TRADE),
    ],
)
def test_the_caller_s_words_choose_the_question(said: str, question: str) -> None:
    call = two_trades()
    call.caller_says(said)

    assert recited(call) == [question]
    assert replay((call.lines + call.journal.rest()).splitlines()) == []


@pytest.mark.parametrize(
    ("service", "question"),
    [
        ("water_heater", QUESTIONS["plumbing"]),
        ("hvac_repair", QUESTIONS["hvac"]),
        ("no_such_service", OF_ANY_TRADE),
    ],
)
def test_the_service_that_is_quoted_chooses_it_where_the_words_did_not(
    service: str, question: str
) -> None:
    call = two_trades()
    call.calls_tool("get_pricing_quote", f'{{"service_type": "{service}"}}')

    assert recited(call) == [question]


def test_a_business_of_one_trade_asks_its_own_whatever_is_said() -> None:
    call = ScriptedCall().live(danger_question=QUESTIONS["hvac"])
    call.caller_says("My toilet is backed up.")

    assert recited(call) == [QUESTIONS["hvac"]]


# -- guidance ------------------------------------------------------------------------------------

TWO_SENTENCES = (
    "Please leave the building now. Don't touch any switches, and call 911 from outside."
)


def in_guidance(heard_ms: int) -> ScriptedCall:
    """Gas was heard, and so much of its guidance of 4 s."""
    clip = ev.Clip(TWO_SENTENCES, sound(4000))
    call = ScriptedCall().live(
        guidance={"gas_leak": TWO_SENTENCES}, guidance_clips={"gas_leak": clip}
    )
    call.caller_says("I smell gas in the basement.")
    call.wait(heard_ms)
    return call


def test_the_first_sentence_of_guidance_is_heard_to_its_end() -> None:
    call = in_guidance(600)
    call.caller_says("What?")
    call.wait(4000)

    assert call.heard["clip-gas_leak"] == 4000


def test_the_rest_of_guidance_can_be_talked_over() -> None:
    call = in_guidance(2400)
    call.caller_says("Okay, we're going.")
    call.wait(1000)

    assert call.heard["clip-gas_leak"] < 2500
    (turn,) = [each for each in call.all(do.NoteTurn) if each.text == TWO_SENTENCES]
    assert turn.cut and (turn.heard or "").startswith("Please leave the building now.")
    assert replay((call.lines + call.journal.rest()).splitlines()) == []


@pytest.mark.parametrize("heard_ms", [600, 2400])
def test_guidance_is_withdrawn_by_the_caller_s_own_denial(heard_ms: int) -> None:
    call = in_guidance(heard_ms)
    call.caller_says("No, no, I don't smell gas.")
    call.wait(1000)

    assert call.heard["clip-gas_leak"] < 4000
    assert do.NoteCall(call.at_ms - 1000, hazard_withdrawn="gas_leak") in call.done
    assert do.TellModel(WITHDRAWN) in call.done
    call.caller_says("Wait, I do smell gas now.")
    assert len(call.all(do.AlertHazard)) == 2  # heard anew, it is told anew


@pytest.mark.parametrize("said", ["No!", "No, I can't walk.", "There is no time, the gas is on."])
def test_a_cry_takes_nothing_back(said: str) -> None:
    call = in_guidance(600)
    call.caller_says(said)

    assert not [note for note in call.all(do.NoteCall) if note.hazard_withdrawn]


def test_what_is_denied_once_the_guidance_is_over_stands() -> None:
    call = in_guidance(4400)
    call.caller_says("No, I don't smell gas out here.")

    assert not [note for note in call.all(do.NoteCall) if note.hazard_withdrawn]


# -- the caller's own question -------------------------------------------------------------------


def test_who_asks_whether_they_talk_to_a_person_is_told_by_code() -> None:
    call = ScriptedCall().live()
    call.caller_says("Wait, is this a real person?")

    assert recited(call) == [first(CallMoment.AN_AI)]


def test_beside_something_broken_it_is_answered_before_the_question_about_danger() -> None:
    call = ScriptedCall().live(danger_question=QUESTIONS["hvac"])
    call.caller_says("Are you a robot? My furnace is broken.")

    assert recited(call) == [f"I'm an AI assistant, not a person. {QUESTIONS['hvac']}"]


def test_a_yes_to_our_own_question_is_a_danger_whatever_its_words() -> None:
    own = "Anything scary going on?"
    call = ScriptedCall().live(danger_question=own)
    call.caller_says("My furnace is broken.")
    call.agent_says(own, asked=True)
    call.wait(1200)
    call.caller_says("Yes.")

    assert [alert.category for alert in call.all(do.AlertHazard)] == ["gas_leak"]


def test_a_question_that_a_card_number_cut_off_is_asked_anew_in_other_words() -> None:
    question = QUESTIONS["hvac"]
    call = ScriptedCall().live(danger_question=question)
    call.caller_says("My furnace is broken.")
    call.agent_says(question, 3000, asked=True)
    call.wait(400)
    call.caller_says("It's 4111 1111 1111 1111.")
    call.agent_says(NO_CARDS, asked=True)
    call.wait(1200)
    call.caller_says("Okay.")
    call.calls_tool("get_pricing_quote", '{"service_type": "repair"}')

    assert recited(call).count(question) == 1
    assert recited(call)[-1] == ("Again, any gas smell, smoke, or carbon monoxide alarm right now?")
