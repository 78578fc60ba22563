"""What every outbox must do: an event is there with what it tells of, until it was handed on."""

from datetime import datetime, timedelta

import pytest

from shared.actions.events import targets
from shared.actions.ports import JobChanged
from shared.domain.models import Callback, JobStatus, Outcome, Payment, PaymentStatus
from shared.domain.models.event import Event
from shared.domain.money import Cents
from tests.contracts.conftest import Store
from tests.examples import NOW, TONIGHT, a_call, a_customer, a_job

FAR = datetime(2100, 1, 1, tzinfo=NOW.tzinfo)
HOUR = timedelta(hours=1)
CALLBACK = Callback(asked_at=NOW, due_at=NOW + 4 * HOUR)


def waiting(store: Store) -> list[Event]:
    return [each.event for each in store.outbox.due(FAR)]


def types(store: Store) -> list[str]:
    return sorted(event.type for event in waiting(store))


def a_payment(event_id: str = "evt_1", status: PaymentStatus = PaymentStatus.PAID) -> Payment:
    return Payment(
        payment_id="pi_1",
        job_id="job1",
        business_id="coolcare_hvac",
        amount=Cents(20_600),
        currency="usd",
        status=status,
        received=True,
        event_id=event_id,
        at=NOW,
    )


def test_a_booking_a_move_and_a_cancellation_each_leave_one_event(store: Store) -> None:
    job = a_job()
    moved = a_job(start=TONIGHT + HOUR, version=1)
    store.jobs.book(job, a_customer())
    store.jobs.move(job, moved)
    store.jobs.close("job1", JobStatus.CANCELLED, at=NOW)

    assert types(store) == ["booking.cancelled", "booking.created", "booking.rescheduled"]
    by_type = {event.type: event for event in waiting(store)}
    assert [event.version for event in by_type.values() if event.job_id] == [0, 1, 1]  # type: ignore[union-attr]
    assert by_type["booking.cancelled"].data.status is JobStatus.CANCELLED  # type: ignore[index, union-attr]


def test_what_is_done_twice_or_not_at_all_leaves_nothing_more(store: Store) -> None:
    job = a_job()
    for _ in range(2):
        store.jobs.book(job, a_customer())
    with pytest.raises(JobChanged):
        store.jobs.move(a_job(version=3), a_job(start=TONIGHT + HOUR, version=4))
    for _ in range(2):
        store.jobs.close("job1", JobStatus.RELEASED, at=NOW)

    assert types(store) == ["booking.cancelled", "booking.created"]


def test_a_deposit_is_told_when_it_is_paid_and_not_again(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    for _ in range(2):
        store.payments.settle(a_payment(), a_job(), event_id="evt_1")

    assert types(store) == ["booking.created", "deposit.paid"]


def test_smoke_calls_tell_nobody_anything(store: Store) -> None:
    store.jobs.book(a_job(synthetic=True), a_customer())
    call = a_call(synthetic=True)
    store.calls.open(call)
    store.calls.note("CA1", hazard="gas_leak", callback=CALLBACK)
    store.calls.conclude(call.model_copy(update={"outcome": Outcome.BOOKED}), final=True)

    assert waiting(store) == []


def test_a_danger_is_told_once_and_another_one_too(store: Store) -> None:
    store.calls.open(a_call())
    for hazard in ("gas_leak", "gas_leak", "carbon_monoxide"):
        store.calls.note("CA1", hazard=hazard)

    assert types(store) == ["emergency.raised", "emergency.raised"]


def test_a_wish_to_be_called_back_is_told_once(store: Store) -> None:
    store.calls.open(a_call())
    for seconds in range(2):
        again = CALLBACK.model_copy(update={"asked_at": NOW + timedelta(seconds=seconds)})
        store.calls.note("CA1", callback=again, message_taken=True)
    assert types(store) == ["callback.requested"]
    call = store.calls.get("CA1")
    assert call is not None and call.message_taken and call.callback is not None

    sooner = CALLBACK.model_copy(update={"due_at": NOW, "urgency": "urgent"})
    store.calls.note("CA1", callback=sooner)
    assert types(store) == ["callback.requested", "callback.requested"]


def test_a_call_is_told_by_its_first_final_outcome_and_never_again(store: Store) -> None:
    call = a_call(ended_at=NOW)
    store.calls.open(call)
    store.calls.conclude(call.model_copy(update={"outcome": Outcome.ABANDONED}), final=False)
    (untold,) = store.outbox.due(FAR)
    assert store.outbox.due(NOW + HOUR) == [] or untold.event.at > NOW + HOUR

    now = call.model_copy(update={"outcome": Outcome.TRANSFERRED})
    store.calls.conclude(now, final=True)
    assert store.outbox.hand_on(untold, []) is False  # renewed since it was read
    (final,) = store.outbox.due(FAR)
    assert final.event.data.outcome is Outcome.TRANSFERRED  # type: ignore[union-attr]

    assert store.outbox.hand_on(final, []) is True
    later = call.model_copy(update={"outcome": Outcome.MESSAGE_TAKEN})
    store.calls.conclude(later, final=True)
    assert waiting(store) == []
    row = store.calls.get("CA1")
    assert row is not None and row.outcome is Outcome.MESSAGE_TAKEN


def test_what_is_handed_on_is_gone_and_its_deliveries_are_there(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    (untold,) = store.outbox.due(FAR)
    left = targets.deliveries(untold.event, None, NOW, bus=True)

    assert store.outbox.hand_on(untold, left) is True
    assert store.outbox.hand_on(untold, left) is False
    assert waiting(store) == []
    assert store.outbox.deliveries() == left
    assert store.follow_ups.due(FAR) == []


def test_a_delivery_is_claimed_put_off_parked_and_done_as_a_follow_up(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    (untold,) = store.outbox.due(FAR)
    (one,) = targets.deliveries(untold.event, None, NOW, bus=True)
    store.outbox.hand_on(untold, [one])

    assert store.follow_ups.claim(one, until=NOW + HOUR) is not None
    assert store.follow_ups.claim(one, until=NOW + HOUR) is None
    store.follow_ups.put_off(one.follow_up_id, until=NOW, error="it answered 500")
    (now,) = store.outbox.deliveries()
    assert (now.attempts, now.error, now.body) == (1, "it answered 500", one.body)
    store.outbox.park(one.follow_up_id, until=FAR)
    store.outbox.park("gone", until=FAR)

    assert store.outbox.deliveries() == []
    assert [each.follow_up_id for each in store.outbox.parked()] == [one.follow_up_id]


def test_what_is_parked_or_waits_is_due_again_when_it_is_asked_for(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    (untold,) = store.outbox.due(FAR)
    (one,) = targets.deliveries(untold.event, None, NOW, bus=True)
    store.outbox.hand_on(untold, [one])
    store.follow_ups.put_off(one.follow_up_id, until=NOW + HOUR, error="it answered 500")
    store.outbox.park(one.follow_up_id, until=FAR)

    for at in (NOW + HOUR, NOW + 2 * HOUR):
        assert store.outbox.again(one.follow_up_id, at=at)
        (now,) = store.outbox.deliveries()
        assert store.outbox.parked() == []
        assert (now.attempts, now.due_at, now.again_at) == (0, at, at)
        assert (now.created_at, now.body) == (one.created_at, one.body)
    assert store.follow_ups.claim(now, until=FAR) is not None
    store.follow_ups.done(one.follow_up_id)
    assert not store.outbox.again(one.follow_up_id, at=NOW)
