"""The outcome of a call, whatever reports of it come in whatever order."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.actions import calls
from shared.domain.models import Call, Outcome
from shared.domain.money import Cents
from shared.domain.outcomes import CallStage, EndReason, Failure
from tests.examples import NOW, a_call, a_customer, a_job, an_escalation
from tests.fakes import FakeCalls, FakeWorld


def a_world(**changes: Any) -> FakeWorld:
    world = FakeWorld()
    world.calls.open(a_call(**changes))
    return world


def finish(world: FakeWorld, reason: str = "goodbye", failure: str | None = None) -> Outcome:
    return calls.finish(
        world.calls,
        world.jobs,
        "CA1",
        now=NOW,
        reason=EndReason(reason),
        failure=Failure(failure) if failure else None,
    )


QUOTED = {"quoted_at": NOW, "quote_total": 82_500}


@pytest.mark.parametrize(
    ("facts", "reason", "outcome"),
    [
        ({}, "hung_up", "abandoned"),
        ({}, "silence", "abandoned"),
        ({}, "goodbye", "completed"),
        ({}, "too_long", "completed"),
        ({"end_reason": "spam"}, "goodbye", "spam"),
        ({"end_reason": "wrong_number"}, "hung_up", "wrong_number"),
        ({"end_reason": "completed"}, "goodbye", "completed"),
        ({"message_taken": True}, "goodbye", "message_taken"),
        (QUOTED, "hung_up", "quote_only"),
        (QUOTED | {"end_reason": "not_served"}, "goodbye", "quote_only"),
        (QUOTED | {"hazard": "gas_leak"}, "hung_up", "emergency_referred"),
        (QUOTED | {"hazard": "gas_leak", "job_id": "job1"}, "goodbye", "booked"),
        ({"escalation": an_escalation(result="answered")}, "handed_over", "transferred"),
        ({"escalation": an_escalation(result="voicemail")}, "handed_over", "message_taken"),
        ({"escalation": an_escalation(result="nobody")}, "handed_over", "abandoned"),
        ({}, "dropped", "failed"),
    ],
)
def test_the_outcome_is_what_the_facts_say(
    facts: dict[str, object], reason: str, outcome: str
) -> None:
    world = a_world(**facts)

    assert finish(world, reason) == outcome
    assert world.calls.rows["CA1"].outcome == outcome
    assert world.calls.rows["CA1"].ended_at == NOW


def test_what_broke_is_kept_also_when_a_human_then_answered() -> None:
    world = a_world()

    assert finish(world, "failed", "model_lost") is Outcome.FAILED
    assert calls.dialled(world.calls, "CA1", answered=True, now=NOW) is Outcome.TRANSFERRED
    call = world.calls.rows["CA1"]
    assert (call.outcome, call.failure) == (Outcome.TRANSFERRED, "model_lost")


def test_the_first_end_and_the_first_failure_stay() -> None:
    world = a_world()
    finish(world, "failed", "model_lost")
    later = NOW + timedelta(minutes=5)
    calls.finish(
        world.calls,
        world.jobs,
        "CA1",
        now=later,
        reason=EndReason.HUNG_UP,
        failure=Failure.BRIDGE_LOST,
    )

    call = world.calls.rows["CA1"]
    assert (call.ended_at, call.failure) == (NOW, "model_lost")


@pytest.mark.parametrize("webhook_first", [True, False])
def test_what_the_bridge_says_broke_is_kept_whoever_ends_the_row_first(
    *, webhook_first: bool
) -> None:
    world = a_world()
    told = [("bridge_lost", "bridge_lost"), ("dropped", "dropped")]
    for reason, failure in told if webhook_first else reversed(told):
        finish(world, reason, failure)
    assert world.calls.rows["CA1"].failure == "dropped"


def test_a_lost_bridge_that_spoke_between_read_and_write_is_not_lost() -> None:
    class BridgeEndsItMeanwhile(FakeCalls):
        def end(self, call_sid: str, *, at: datetime, **changes: Any) -> bool:
            super().end(call_sid, at=at, failure=Failure.DROPPED)
            return super().end(call_sid, at=at, **changes)

    rows = BridgeEndsItMeanwhile()
    rows.open(a_call())
    calls.finish(
        rows,
        FakeWorld().jobs,
        "CA1",
        now=NOW,
        reason=EndReason.BRIDGE_LOST,
        failure=Failure.BRIDGE_LOST,
    )
    assert rows.rows["CA1"].failure == "dropped"


def test_a_job_whose_note_in_the_row_was_lost_is_still_booked() -> None:
    world = a_world()
    world.jobs.book(a_job(), a_customer())

    assert finish(world, "hung_up") is Outcome.BOOKED
    assert world.calls.rows["CA1"].job_id == "job1"


def test_a_handover_whose_intent_was_lost_is_written_at_the_end() -> None:
    world = a_world()
    finish(world, "handed_over")

    escalation = world.calls.rows["CA1"].escalation
    assert escalation is not None
    assert escalation.result == "pending"


def test_a_dial_while_the_call_goes_on_gives_no_outcome_yet() -> None:
    world = a_world(escalation=an_escalation())

    assert calls.dialled(world.calls, "CA1", answered=False, now=NOW) is None
    assert world.calls.rows["CA1"].outcome is None


def test_a_dial_that_was_answered_stays_answered() -> None:
    world = a_world(escalation=an_escalation())
    finish(world, "handed_over")
    calls.dialled(world.calls, "CA1", answered=True, now=NOW)
    calls.dialled(world.calls, "CA1", answered=False, now=NOW)
    calls.voicemail_left(world.calls, "CA1", now=NOW)

    call = world.calls.rows["CA1"]
    assert call.escalation is not None
    assert (call.escalation.result, call.outcome) == ("answered", Outcome.TRANSFERRED)


def test_a_call_is_opened_once_and_ensured_always() -> None:
    world = FakeWorld()

    assert calls.ensure(world.calls, a_call()) == a_call()
    assert calls.ensure(world.calls, a_call(caller=None)) == a_call()
    assert calls.open_call(world.calls, a_call()) is False


def test_a_stage_never_goes_back() -> None:
    world = a_world()
    for stage in (CallStage.QUOTED, CallStage.DISCLOSED, CallStage.OFFERED, CallStage.QUALIFIED):
        calls.advance(world.calls, "CA1", stage)

    assert world.calls.rows["CA1"].stage == "offered"


def test_what_never_was_a_call_is_not_finished() -> None:
    world = FakeWorld()

    with pytest.raises(LookupError):
        finish(world)
    with pytest.raises(LookupError):
        calls.dialled(world.calls, "CA1", answered=True, now=NOW)


def test_only_calls_that_could_be_jobs_count_as_bookable() -> None:
    spam, booked = a_world(end_reason="spam"), a_world(job_id="job1")
    finish(spam)
    finish(booked)

    assert spam.calls.rows["CA1"].bookable is False
    assert booked.calls.rows["CA1"].bookable is True


Report = Callable[[FakeWorld], object]
REPORTS: tuple[Report, ...] = (
    lambda w: finish(w, "goodbye"),
    lambda w: finish(w, "hung_up"),
    lambda w: finish(w, "hung_up", "bridge_lost"),
    lambda w: calls.dialled(w.calls, "CA1", answered=True, now=NOW),
    lambda w: calls.dialled(w.calls, "CA1", answered=False, now=NOW),
    lambda w: calls.voicemail_left(w.calls, "CA1", now=NOW),
    lambda w: w.calls.note("CA1", **QUOTED),
    lambda w: w.calls.note("CA1", message_taken=True),
)


def ended(reports: list[int]) -> Call:
    world = a_world()
    for n in reports:
        REPORTS[n](world)
    finish(world, "hung_up")
    call = world.calls.rows["CA1"]
    return call.model_copy(update={"escalation": call.escalation and call.escalation.result})


@settings(max_examples=300, deadline=None)
@given(data=st.data(), reports=st.lists(st.sampled_from(range(len(REPORTS))), max_size=6))
def test_the_order_of_the_reports_and_repeats_change_nothing(
    data: st.DataObject, reports: list[int]
) -> None:
    again = data.draw(st.lists(st.sampled_from(reports), max_size=4)) if reports else []
    shuffled = data.draw(st.permutations(reports + again))

    assert ended(shuffled) == ended(reports)


def test_what_the_model_cost_is_kept_whoever_ends_the_row_first() -> None:
    for webhook_first in (False, True):
        world = a_world()
        if webhook_first:
            finish(world, "hung_up")
        calls.finish(
            world.calls,
            world.jobs,
            "CA1",
            now=NOW,
            reason=EndReason.GOODBYE,
            model_cost=Cents(22),
        )
        finish(world, "hung_up")
        row = world.calls.get("CA1")
        assert row is not None
        assert row.model_cost == 22
