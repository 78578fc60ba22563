"""What an agent claims in its own words, judged against what the tools returned."""

from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.media_bridge.core.guards.claims.claim import ClaimVerdict
from services.media_bridge.core.guards.claims.read import read
from tests.evals.claims.own import judged, ledger_in, own, reader

NEITHER_CUT_NOR_FLAGGED = [
    ("tonight", "", "To lock in tonight's visit it's $206 today through the text."),
    ("tonight", "", "For the visit tonight we just need $206 to get you on the schedule."),
    ("tonight", "", "You'd owe $0 tonight beyond the deposit of $206."),
    (
        "day",
        "Another company quoted me ninety-nine dollars.",
        "I hear you, $99 is a great price. Ours is $165, credited to the repair.",
    ),
    ("day", "They quoted me ninety nine dollars.", "Was that $99 just for them to come out?"),
    (
        "day",
        "I can only spend five hundred dollars.",
        "Okay, $500 is your ceiling. The estimate is $550, so it could go a bit over.",
    ),
    ("day", "So a hundred dollars to come out?", "No, it's $165 to come out, not $100."),
    ("tonight", "", "That's $248 for the visit, of which $206 is due now."),
    ("tonight", "", "Your visit tonight is held with $206."),
    ("tonight", "", "A $206 payment confirms your visit."),
    ("day", "Do I lose it?", "No, that one sixty-five goes toward the repair."),
    ("open", "", "Somebody grabbed the eight o'clock, but I've still got ten to noon tomorrow."),
    ("callback", "Are you open now?", "Not right now. They're back in tomorrow at eight."),
    ("none", "Did you find me?", "I've looked under both names and I don't see you."),
]
CAUGHT = [
    ("tonight", "", "It's two-oh-six for the service call tonight."),
    ("tonight", "", "It's $165 to come out tonight."),
    ("tonight", "", "So that's $165 plus the $248 emergency fee."),
    ("tonight", "", "The deposit's $248."),
    ("tonight", "", "The repair itself will be $248."),
    ("tonight", "", "The deposit is a quarter of that, so about two hundred."),
    ("tonight", "", "It won't be more than $825, I promise."),
    ("tonight", "", "I can knock ten percent off for you."),
    ("tonight", "", "The estimate is free."),
    ("day", "Can you do one forty?", "Sure, one-forty works."),
    ("day", "Is it ninety-nine dollars?", "Yes, that's right."),
    ("none", "My landlord has to know.", "I've gone ahead and rung your landlord."),
    ("found", "Please cancel it.", "No problem, that's been wiped from the calendar."),
    ("day", "What if it's nothing?", "If it's nothing we don't charge for coming."),
]


def verdicts(situation: str, caller: str, agent: str) -> list[ClaimVerdict]:
    found = judged(agent, ledger_in(situation), caller)
    return [each.verdict for each in found if each.verdict is not ClaimVerdict.SUPPORTED]


@pytest.mark.parametrize(("situation", "caller", "agent"), NEITHER_CUT_NOR_FLAGGED)
def test_true_sentences_are_left_alone(situation: str, caller: str, agent: str) -> None:
    assert verdicts(situation, caller, agent) == []


@pytest.mark.parametrize(("situation", "caller", "agent"), CAUGHT)
def test_false_sentences_are_caught(situation: str, caller: str, agent: str) -> None:
    assert verdicts(situation, caller, agent) != []


def test_of_our_own_true_sentences_hardly_any_is_disturbed_and_of_the_false_most_are_caught() -> (
    None
):
    true = [bool(verdicts(s.situation, s.caller, s.agent)) for s in own() if s.is_true]
    false = [bool(verdicts(s.situation, s.caller, s.agent)) for s in own() if not s.is_true]

    assert sum(true) <= 0.04 * len(true)
    assert sum(false) >= 0.9 * len(false)


def test_a_sentence_takes_less_than_a_millisecond(
    record_property: Callable[[str, object], None],
) -> None:
    sentences = [(ledger_in(each.situation), each) for each in own()]
    began = process_time()
    for ledger, each in sentences:
        judged(each.agent, ledger, each.caller)
    took_ms = (process_time() - began) * 1000 / len(sentences)
    record_property("claims", f"{took_ms:.2f} ms a sentence, of {len(sentences)}")

    assert took_ms < 5  # on a busy machine; well under one on a free one


@given(st.text(max_size=300), st.text(max_size=60))
def test_no_text_breaks_it(agent: str, caller: str) -> None:
    judged(agent, ledger_in("booked"), caller)


WORDS = """
$ 9 12 206 two hundred oh and dollars thousand k at nine to the 31st february friday tomorrow 9/31
24:61 noon am , . ? not I've booked between percent in days from a week visit deposit free sorry
"""


@given(st.lists(st.sampled_from([*WORDS.split(), "next", "9" * 20]), max_size=20))
def test_no_order_of_its_own_words_breaks_it(words: list[str]) -> None:
    judged(" ".join(words), ledger_in("tonight"), " ".join(reversed(words)) + "?")


def test_words_without_end_are_cut() -> None:
    began = process_time()
    judged(
        "one hundred and six dollars for the visit tonight at nine " * 5_000, ledger_in("day"), ""
    )

    assert process_time() - began < 2


# -- what was heard of it -----------------------------------------------------------------------


def heard_of(said: str, heard: str, situation: str = "day") -> list[str]:
    """What is not borne out of what was heard."""
    found = read(said, reader().read(said), ledger_in(situation), "", heard)
    return [each.said for each in found]


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("Repairs like that typically run $300 to $800.", "Repairs like that typically run $300"),
        ("The visit is one hundred and sixty-five dollars.", "The visit is one hundred"),
        ("You're booked for tomorrow at two.", "You're booked for"),
        ("It's $99 to come out.", "It's"),
        ("It's $99 to come out.", ""),
    ],
)
def test_what_was_not_heard_was_not_claimed(said: str, heard: str) -> None:
    assert heard_of(said, heard) == []


def test_what_was_heard_of_a_turn_that_was_cut_counts() -> None:
    assert heard_of("Sure. It's $99 to come out.", "Sure. It's $99") == ["$99"]
    assert heard_of("It's $99. Anything else?", "It's $99. Any") == ["$99"]


def test_a_text_that_was_masked_since_it_was_read_breaks_nothing() -> None:
    odds = reader().read("I've got 5555 5555 on file. It's $99. Okay?")

    assert read("I've got [card number] on file. It's $99. Okay?", odds, ledger_in("day"))
    assert read("It's $99.", odds, ledger_in("day")) == ()


def test_a_day_far_off_or_just_gone_is_one_where_the_calendar_has_it() -> None:
    assert verdicts("booked", "", "The warranty runs until Friday, November 27th.") == []
    assert verdicts("booked", "", "See you Friday, May 14th.") != []
