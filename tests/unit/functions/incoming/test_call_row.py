"""The calls row: made where there is none, read or not, and what it says of where a call stands."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from functions.incoming import call_row
from shared.domain.errors import PortError
from tests.examples import a_call, a_turn, an_escalation
from tests.fakes import FakeWorld
from tests.unit.functions.incoming.phone_company import CALL, CALLER, NOW, a_context


def test_a_row_is_made_once_and_says_who_called_and_when() -> None:
    world = FakeWorld()
    row = call_row.ensure(a_context(world))
    assert (row.call_sid, row.caller, row.started_at) == (CALL, CALLER, NOW)
    assert (row.business_id, row.business_hours) == ("coolcare_hvac", False)

    later = a_context(world, now=NOW + timedelta(hours=1), synthetic=True)
    assert call_row.ensure(later) == row


def test_of_another_leg_nothing_is_taken_for_the_callers() -> None:
    row = call_row.ensure_of(a_context(FakeWorld()), "CA2", caller=None)
    assert (row.call_sid, row.caller) == ("CA2", None)


def test_a_row_that_is_not_there_is_told_from_a_table_that_is_down() -> None:
    world = FakeWorld()
    context = a_context(world)
    assert call_row.read(context, CALL) == (None, True)
    row = call_row.ensure(context)
    assert call_row.read(context, CALL) == (row, True)
    world.calls.down = True
    assert call_row.read(context, CALL) == (None, False)


@pytest.mark.parametrize("failure", [PortError("dynamodb: get"), LookupError(CALL)])
def test_what_could_not_be_written_is_logged_and_the_webhook_goes_on(
    failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    reached = False
    with call_row.kept("ended call", CALL):
        raise failure
        reached = True
    assert not reached
    (record,) = caplog.records
    assert (record.levelno, record.message) == (logging.ERROR, "ended call not kept")
    assert vars(record)["call_sid"] == CALL


def test_a_bug_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError), call_row.kept("ended call", CALL):
        1 / 0  # noqa: B018


NOBODY = an_escalation(result="nobody")
WELL: dict[str, Any] = {"ended_at": NOW, "end_reason": "completed", "escalation": NOBODY}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, True),
        ({"end_reason": "silence"}, True),
        ({"end_reason": "handed_over"}, False),
        ({"end_reason": None}, False),
        ({"ended_at": None}, False),
        ({"failure": "model_lost"}, False),
        ({"escalation": an_escalation()}, False),
        ({"escalation": None}, False),
    ],
)
def test_a_caller_was_told_that_nobody_is_there_where_the_call_ended_as_it_should(
    changes: dict[str, Any], told: bool
) -> None:
    assert call_row.was_told(a_call(**(WELL | changes))) is told


TWO: dict[str, Any] = {"stream_sid": "MZ1", "refused_stream": "MZ2"}


@pytest.mark.parametrize(
    ("changes", "second"),
    [
        ({}, True),
        ({"ended_at": NOW}, False),
        ({"failure": "model_lost"}, False),
        ({"stream_sid": None}, False),
        ({"refused_stream": None}, False),
    ],
)
def test_a_second_stream_is_one_that_was_refused_in_a_call_that_goes_on(
    changes: dict[str, Any], second: bool
) -> None:
    assert call_row.has_a_second_stream(a_call(**(TWO | changes))) is second


@pytest.mark.parametrize(("seconds", "alive"), [(0, True), (89, True), (90, False), (3600, False)])
def test_a_call_is_alive_for_a_while_after_its_newest_turn(seconds: int, alive: bool) -> None:
    turns = [a_turn(at=NOW + timedelta(minutes=5)), a_turn(seq=2, at=NOW + timedelta(minutes=3))]
    at = NOW + timedelta(minutes=5, seconds=seconds)
    assert call_row.is_alive(a_call(started_at=NOW), turns, at) is alive


def test_a_call_without_a_turn_is_as_old_as_its_start() -> None:
    assert call_row.is_alive(a_call(started_at=NOW), [], NOW + timedelta(seconds=89))
    assert not call_row.is_alive(a_call(started_at=NOW), [], NOW + timedelta(seconds=90))
