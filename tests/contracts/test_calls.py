"""What every `Calls` must do."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.models import HazardCategory, Outcome
from tests.contracts.conftest import Store
from tests.examples import NOW, OFFICE, ON_CALL, a_call, an_escalation


def test_a_call_is_opened_once(store: Store) -> None:
    assert store.calls.open(a_call()) is True
    assert store.calls.open(a_call(caller=None)) is False
    assert store.calls.get("CA1") == a_call()


def test_a_call_nobody_opened_is_none(store: Store) -> None:
    assert store.calls.get("CA404") is None


def test_what_is_noted_is_read_and_the_rest_stays(store: Store) -> None:
    store.calls.open(a_call())
    store.calls.note(
        "CA1", hazard=HazardCategory.GAS_LEAK, quoted_at=NOW, quote_total=82_500, bookable=False
    )
    store.calls.note("CA1", stage="quoted", caller=None)

    assert store.calls.get("CA1") == a_call(
        hazard="gas_leak", quoted_at=NOW, quote_total=82_500, bookable=False, stage="quoted"
    )


def test_a_stage_never_goes_back_and_what_is_noted_beside_it_stays(store: Store) -> None:
    """A tool writes "quoted" beside the bridge, which writes "qualified" a moment later."""
    store.calls.open(a_call())
    store.calls.note("CA1", stage="quoted")
    store.calls.note("CA1", stage="qualified", bookable=True)

    assert store.calls.get("CA1") == a_call(stage="quoted", bookable=True)


def test_a_call_nobody_opened_cannot_be_changed(store: Store) -> None:
    with pytest.raises(LookupError):
        store.calls.note("CA404", stage="quoted")
    with pytest.raises(LookupError):
        store.calls.end("CA404", at=NOW)
    with pytest.raises(LookupError):
        store.calls.escalate("CA404", an_escalation())

    assert store.calls.get("CA404") is None


def test_a_call_ends_once(store: Store) -> None:
    store.calls.open(a_call())

    assert store.calls.end("CA1", at=NOW, outcome=Outcome.BOOKED) is True
    assert store.calls.end("CA1", at=NOW + timedelta(1), outcome=Outcome.FAILED) is False
    assert store.calls.get("CA1") == a_call(ended_at=NOW, outcome="booked")


def test_an_emergency_is_taken_once(store: Store) -> None:
    store.calls.open(a_call())

    assert store.calls.acknowledge("CA1", ON_CALL, at=NOW) is True
    assert store.calls.acknowledge("CA1", OFFICE, at=NOW + timedelta(minutes=1)) is False
    assert store.calls.get("CA1") == a_call(acknowledged_at=NOW, acknowledged_by=ON_CALL)
    with pytest.raises(LookupError):
        store.calls.acknowledge("CA404", ON_CALL, at=NOW)


def test_the_newest_escalation_wins_until_one_was_answered(store: Store) -> None:
    store.calls.open(a_call())
    for escalation in (
        an_escalation(reason="first"),
        an_escalation(reason="second", result="answered"),
        an_escalation(reason="third"),
    ):
        store.calls.escalate("CA1", escalation)

    call = store.calls.get("CA1")
    assert call is not None
    assert call.escalation == an_escalation(reason="second", result="answered")


@pytest.mark.parametrize("result", ["pending", "nobody", "voicemail", "answered"])
def test_a_result_never_goes_back(store: Store, result: str) -> None:
    results = ["pending", "nobody", "voicemail", "answered"]
    store.calls.open(a_call())
    store.calls.escalate("CA1", an_escalation(reason="first", result=result))

    for other in results[: results.index(result)]:
        assert store.calls.escalate("CA1", an_escalation(reason="late", result=other)) is False

    call = store.calls.get("CA1")
    assert call is not None
    assert call.escalation == an_escalation(reason="first", result=result)


@pytest.mark.parametrize("result", ["nobody", "voicemail", "answered"])
def test_of_two_who_report_the_same_one_is_the_first(store: Store, result: str) -> None:
    store.calls.open(a_call())
    store.calls.escalate("CA1", an_escalation())

    told = [store.calls.escalate("CA1", an_escalation(result=result)) for _ in range(3)]

    assert told == [True, False, False]


def test_the_calls_of_a_time_are_found_across_months_the_newest_first(store: Store) -> None:
    """31 August is still July's end in no zone: the index is by UTC's months."""
    for n, day in enumerate((-60, -29, -1, 0, 3)):
        store.calls.open(a_call(call_sid=f"CA{n}", started_at=NOW + timedelta(days=day)))
    store.calls.open(a_call(call_sid="CA9", business_id="other"))

    found = store.calls.of_business("coolcare_hvac", NOW - timedelta(days=40), NOW)
    assert [call.call_sid for call in found] == ["CA3", "CA2", "CA1"]
    night = datetime(2025, 9, 1, 1, tzinfo=UTC)
    store.calls.open(a_call(call_sid="CA8", started_at=night))
    found = store.calls.of_business("coolcare_hvac", night - timedelta(hours=2), night)
    assert [call.call_sid for call in found] == ["CA8", "CA4"]
    nobodys = store.calls.of_business("nobody", NOW - timedelta(days=40), NOW)
    assert nobodys == []
