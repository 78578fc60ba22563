"""What every `FollowUps` must do."""

from datetime import timedelta

from tests.contracts.conftest import Store
from tests.examples import NOW, a_follow_up

MINUTE = timedelta(minutes=1)


def test_the_same_failure_twice_is_one_follow_up(store: Store) -> None:
    store.follow_ups.leave(a_follow_up())
    store.follow_ups.leave(a_follow_up(error="another", due_at=NOW + MINUTE))

    assert store.follow_ups.due(NOW) == [a_follow_up()]


def test_only_what_is_due_is_listed_the_oldest_first(store: Store) -> None:
    first = a_follow_up("text:a", due_at=NOW - MINUTE)
    second = a_follow_up("text:b", due_at=NOW)
    for follow_up in (second, first, a_follow_up("text:c", due_at=NOW + MINUTE)):
        store.follow_ups.leave(follow_up)

    assert store.follow_ups.due(NOW) == [first, second]


def test_what_is_done_is_gone_and_may_be_done_again(store: Store) -> None:
    store.follow_ups.leave(a_follow_up())
    assert store.follow_ups.waiting("text:job1:caller") is True
    for _ in range(2):
        store.follow_ups.done("text:job1:caller")

    assert store.follow_ups.due(NOW) == []
    assert store.follow_ups.waiting("text:job1:caller") is False


def test_what_is_put_off_counts_the_attempt_and_comes_back_later(store: Store) -> None:
    store.follow_ups.leave(a_follow_up())
    store.follow_ups.put_off("text:job1:caller", until=NOW + MINUTE, error="twilio 30003")

    assert store.follow_ups.due(NOW) == []
    assert store.follow_ups.due(NOW + MINUTE) == [
        a_follow_up(due_at=NOW + MINUTE, error="twilio 30003", attempts=1)
    ]


def test_putting_off_what_is_done_brings_nothing_back(store: Store) -> None:
    store.follow_ups.put_off("text:gone", until=NOW, error="late")

    assert store.follow_ups.due(NOW) == []
