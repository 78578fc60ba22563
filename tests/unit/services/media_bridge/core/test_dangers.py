"""The question about danger follows the trade of the job, where a business has several."""

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core.journal import replay
from shared.domain.hazards.question import OF_ANY_TRADE, QUESTIONS
from tests.scripted import ScriptedCall


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
