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


def test_who_claims_it_first_has_it_and_nobody_finds_it_due_meanwhile(store: Store) -> None:
    store.follow_ups.leave(a_follow_up())
    (seen,) = store.follow_ups.due(NOW)

    claimed = store.follow_ups.claim(seen, until=NOW + MINUTE)

    assert claimed == a_follow_up(due_at=NOW + MINUTE)
    assert store.follow_ups.claim(seen, until=NOW + 2 * MINUTE) is None
    assert store.follow_ups.due(NOW) == []
    assert store.follow_ups.due(NOW + MINUTE) == [claimed]


def test_who_has_it_may_move_it_again(store: Store) -> None:
    store.follow_ups.leave(a_follow_up())
    claimed = store.follow_ups.claim(a_follow_up(), until=NOW + MINUTE)
    assert claimed is not None

    assert store.follow_ups.claim(claimed, until=NOW + 5 * MINUTE) is not None
    assert store.follow_ups.due(NOW + 4 * MINUTE) == []


def test_what_is_done_cannot_be_claimed(store: Store) -> None:
    assert store.follow_ups.claim(a_follow_up(), until=NOW + MINUTE) is None
    assert store.follow_ups.due(NOW + MINUTE) == []


def test_one_takes_the_place_of_another_once(store: Store) -> None:
    store.follow_ups.leave(a_follow_up("checkout:job1"))
    link = a_follow_up("text:job1:link")

    assert store.follow_ups.replace("checkout:job1", link) is True
    assert store.follow_ups.due(NOW) == [link]
    store.follow_ups.done("text:job1:link")
    assert store.follow_ups.replace("checkout:job1", link) is False
    assert store.follow_ups.due(NOW) == []


def test_what_was_left_once_is_not_left_again_when_it_is_done(store: Store) -> None:
    both = [a_follow_up("text:a"), a_follow_up("text:b")]
    assert store.follow_ups.seen("CA1:nobody") is False
    assert store.follow_ups.leave_once("CA1:nobody", both, at=NOW) is True
    assert store.follow_ups.seen("CA1:nobody") is True
    for follow_up in both:
        store.follow_ups.done(follow_up.follow_up_id)

    assert store.follow_ups.leave_once("CA1:nobody", both, at=NOW + MINUTE) is False
    assert store.follow_ups.due(NOW + MINUTE) == []


def test_a_key_may_be_left_alone_and_is_no_other_s(store: Store) -> None:
    assert store.follow_ups.leave_once("CA1:over", at=NOW) is True
    assert store.follow_ups.leave_once("CA2:over", at=NOW) is True
    assert store.follow_ups.leave_once("CA1:over", [a_follow_up()], at=NOW) is False
    assert store.follow_ups.due(NOW) == []
    assert store.follow_ups.waiting("CA1:over") is False
