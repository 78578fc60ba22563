"""The office reads what the rows say, and no more."""

import json
from typing import Any

import pytest

from shared.actions.events.after_call import LONGEST, for_slack, report
from shared.businesses import by_id
from shared.domain.models import Callback, Covered, Job, JobStatus, Outcome, RecordingState, Turn
from shared.domain.money import Cents
from tests.examples import NOW, a_call, a_job, a_turn, an_escalation

found = by_id("coolcare_hvac")
assert found is not None
BUSINESS = found
JOB = a_job(notes=("Gate code 12.",))
TURNS = [
    a_turn(1, role="assistant", text="Thanks for calling CoolCare HVAC."),
    a_turn(2, text="My card is [card number], see evil.example/x."),
    a_turn(3, role="tool", text="", tool="get_pricing_quote", result="{}"),
    a_turn(4, role="assistant", text="Would tonight work, or tomorrow?", cut=True, heard="Would"),
]


def told(
    turns: list[Turn] | None = None, job: Job | None = JOB, **changes: Any
) -> tuple[str, dict[str, str], str]:
    """Subject, facts by name, and what was said."""
    fields: dict[str, Any] = {"outcome": Outcome.BOOKED, "ended_at": NOW} | changes
    made = report(
        BUSINESS,
        a_call(**fields),
        TURNS if turns is None else turns,
        job,
        recording=lambda sid: f"https://voice.example.com/voicemail/{sid}",
    )
    facts, _, said = made.body.partition("\n\n")
    return made.subject, dict(line.split(": ", 1) for line in facts.splitlines()), said


def test_a_booking_says_who_what_when_and_what_is_owed() -> None:
    subject, facts, _ = told()

    assert subject == "CoolCare HVAC: Sarah Miller, booked"
    assert facts == {
        "When": "Thu, Aug 28, 7:12 PM",
        "Caller": "555-123-0000",
        "Outcome": "booked",
        "Customer": "Sarah Miller, 555-123-0000",
        "Address": "123 Oak St, Springfield, OH",
        "What": "repair: AC not cooling; outdoor unit rattling.",
        "Notes": "Gate code 12.",
        "Window": "Thu, Aug 28, 9 to 11 PM, crew-1",
        "Figures": "visit $248, estimate $825, deposit $206 unpaid",
        "Promised": "a visit Thu, Aug 28, 9 to 11 PM; a payment link by text",
        "Owed next": "the deposit of $206 is unpaid",
        "Recording": "none",
        "Call": "CA1",
    }


def test_what_is_masked_stays_masked_cut_words_were_not_said_and_no_link_is_a_callers() -> None:
    _, _, said = told()

    assert said.splitlines() == [
        "Agent: Thanks for calling CoolCare HVAC.",
        "Caller: My card is [card number], see evil[.]example/x.",
        "Agent: Would …",
    ]


@pytest.mark.parametrize(
    ("changes", "owed"),
    [
        ({"escalation": an_escalation(result="nobody")}, "call back: nobody came to the phone"),
        ({"escalation": an_escalation(result="voicemail")}, "call back: they left a voicemail"),
        (
            {"callback": Callback(asked_at=NOW, due_at=NOW), "outcome": Outcome.MESSAGE_TAKEN},
            "call back by Thu, Aug 28, 7:12 PM",
        ),
        ({"message_taken": True, "outcome": Outcome.MESSAGE_TAKEN}, "answer the message"),
        ({"outcome": Outcome.EMERGENCY_REFERRED, "hazard": "gas_leak"}, "call back"),
        ({"outcome": Outcome.FAILED, "failure": "model_lost"}, "call back"),
        ({"outcome": Outcome.SPAM}, "nothing"),
    ],
)
def test_what_is_owed_to_who_did_not_book(changes: dict[str, Any], owed: str) -> None:
    assert told(job=None, **changes)[1]["Owed next"] == owed


def test_danger_is_in_the_subject() -> None:
    subject, facts, _ = told(job=None, hazard="gas_leak", outcome=Outcome.EMERGENCY_REFERRED)

    assert subject == "CoolCare HVAC: DANGER, 555-123-0000, an emergency, not booked"
    assert facts["Danger"] == "a gas leak; the safety guidance was given"


def test_what_the_office_has_to_confirm_is_promised_and_owed() -> None:
    covered = a_job(covered=Covered.MEMBER, deposit=Cents(0), to_be_confirmed=True)
    _, facts, _ = told(job=covered)

    assert facts["Figures"] == "nothing was quoted, the caller says: member"
    assert "our office will confirm the time" in facts["Promised"]
    assert facts["Owed next"] == (
        "confirm the time: the crew's calendar could not be read; confirm the cost"
    )


def test_of_what_was_cancelled_meanwhile_nothing_is_promised() -> None:
    _, facts, _ = told(job=a_job(status=JobStatus.CANCELLED))
    assert (facts["Promised"], facts["Owed next"]) == ("nothing", "nothing")


def test_a_quote_and_a_withheld_number_are_told() -> None:
    subject, facts, said = told([], None, caller=None, quote_total=55_000, outcome="quote_only")

    assert subject == "CoolCare HVAC: number withheld, a quote, not booked"
    assert facts["Quoted"] == "about $550"
    assert said == "(nothing was said)\n"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"recording_sid": "RE1"}, "https://voice.example.com/voicemail/RE1"),
        ({"recording_sid": "RE1", "recording": RecordingState.DELETED}, "deleted"),
        ({"recording_sid": "RE1", "recording_dropped": "card"}, "deleted"),
        ({}, "none"),
    ],
)
def test_the_recording_s_link_is_there_while_there_is_a_recording(
    changes: dict[str, Any], said: str
) -> None:
    assert told(**changes)[1]["Recording"] == said


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_its_words(outcome: Outcome) -> None:
    subject, facts, _ = told(job=None, outcome=outcome)
    assert subject.endswith(facts["Outcome"])


def test_a_very_long_call_is_cut() -> None:
    turns = [a_turn(n, text="word " * 100) for n in range(200)]
    _, _, said = told(turns)

    assert len(said) < LONGEST + 100
    assert said.endswith("has all of it)\n")


def test_slack_takes_it_as_plain_words() -> None:
    made = report(
        BUSINESS,
        a_call(outcome=Outcome.SPAM),
        [a_turn(1, text="<!channel> & <https://evil.example|click>")],
        None,
        recording=lambda _: None,
    )
    text = json.loads(for_slack(made))["text"]

    assert text.startswith("CoolCare HVAC: 555-123-0000, spam\nWhen: ")
    assert "&lt;!channel&gt; &amp; " in text
    assert "<" not in text


def test_the_way_to_the_office_s_page_is_in_the_report() -> None:
    made = report(BUSINESS, a_call(), TURNS, JOB, recording=lambda _: None, page="https://x/in")
    assert "The office's page: https://x/in\n\nAgent:" in made.body
