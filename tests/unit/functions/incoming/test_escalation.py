"""Ringing a person: one after the other, then the mailbox; nobody came is counted and told once."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.incoming import escalation, twiml
from shared import businesses
from shared.domain.topics import Topic
from tests.examples import a_call, an_escalation
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


BILLING = Topic(label="billing", numbers=("+19375550193",), say="Connecting you to billing.")
DAY = NOW + timedelta(hours=15)


def rung_for(topic: str | None, at: datetime, **changes: Any) -> tuple[str, ...]:
    business = businesses.all_businesses()["coolcare_hvac"]
    context = a_context(
        FakeWorld(), now=at, business=business.model_copy(update={"topics": {"billing": BILLING}})
    )
    asked = an_escalation(topic=topic, urgency=changes.pop("urgency", "normal"))
    return escalation.line_for(context, a_call(escalation=asked, **changes)).on_call


def test_who_is_there_for_a_topic_is_rung_within_its_hours() -> None:
    assert rung_for("billing", DAY)[0] == "+19375550193"
    assert rung_for("billing", NOW) == (ON_CALL,)


def test_by_day_the_office_is_rung_first_and_at_night_who_is_on_call() -> None:
    assert rung_for(None, DAY) == (OFFICE, ON_CALL)
    assert rung_for(None, NOW) == (ON_CALL,)


def test_in_danger_or_in_a_hurry_who_is_on_call_is_rung_by_day_too() -> None:
    assert rung_for("billing", DAY, hazard="gas_leak") == (ON_CALL,)
    assert rung_for(None, DAY, urgency="urgent") == (ON_CALL,)
    assert rung_for(None, DAY, failure="model_lost") == (ON_CALL,)
