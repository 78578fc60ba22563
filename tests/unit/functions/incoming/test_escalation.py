"""Ringing a person: one after the other, then the mailbox; nobody came is counted and told once."""

import pytest

from functions.incoming import escalation, twiml
from tests.fakes import FakeWorld
from tests.unit.functions.incoming.phone_company import (
    CALL,
    NOW,
    OFFICE,
    ON_CALL,
    Answer,
    a_context,
)


def answer_of(document: str) -> Answer:
    return Answer(200, document, "text/xml")


def test_the_first_person_is_rung_after_a_sentence() -> None:
    world = FakeWorld()
    answer = answer_of(escalation.ring(a_context(world), n=1, say=twiml.CONNECTING))
    assert answer.verbs == ["Stop", "Say", "Dial"]
    assert answer.one("Number").text == ON_CALL
    assert not world.calls.rows and not world.metrics.counted


def test_with_nobody_left_the_mailbox_answers_and_that_is_counted_once() -> None:
    world = FakeWorld()
    for _ in range(2):
        answer = answer_of(escalation.ring(a_context(world), n=9, say=None))
        assert answer.verbs == ["Say", "Record", "Say", "Hangup"]
    assert world.metrics.total("EscalationFailed") == 1
    assert not world.texts.sent  # the caller may still leave a message


def test_where_the_end_was_reported_before_the_business_is_told_at_once() -> None:
    world = FakeWorld()
    world.follow_ups.leave_once(escalation.over_key(CALL), at=NOW)
    escalation.ring(a_context(world), n=9, say=None)
    assert [text.to for text in world.texts.sent] == [OFFICE, ON_CALL]


def test_a_caller_who_gave_up_is_told_of_once() -> None:
    world = FakeWorld()
    for _ in range(2):
        escalation.gave_up(a_context(world), None)
    assert [text.to for text in world.texts.sent] == [OFFICE, ON_CALL]
    assert world.metrics.total("EscalationFailed") == 1


@pytest.mark.parametrize("times", [1, 2])
def test_a_table_that_is_down_counts_rather_twice_than_never(times: int) -> None:
    world = FakeWorld()
    world.calls.down = True
    assert all(escalation.nobody_came(a_context(world)) for _ in range(times))
    assert world.metrics.total("EscalationFailed") == times
