"""A drained task that is empty leaves at once, and no other does."""

from services.media_bridge.process.leaving import Leaving
from shared.domain.errors import PortError


class Balancer:
    def __init__(self, *says: bool | None) -> None:
        self._says = iter(says)

    def draining(self) -> bool:
        says = next(self._says)
        if says is None:
            raise PortError("balancer: ClientError")
        return says


def times(says: list[bool | None], calls: list[int]) -> list[bool]:
    counts = iter(calls)
    leaving = Leaving(Balancer(*says).draining, lambda: next(counts))
    return [leaving.is_time() for _ in says]


def test_it_leaves_at_the_second_look_that_finds_it_deregistered_and_empty() -> None:
    assert times([False, True, True], [0, 0]) == [False, False, True]


def test_it_stays_for_the_calls_it_has() -> None:
    assert times([True, True, True, True], [1, 1, 0, 0]) == [False, False, False, True]


def test_a_call_between_two_looks_begins_the_count_anew() -> None:
    assert times([True, True, True], [0, 1, 0]) == [False, False, False]


def test_a_balancer_that_does_not_say_keeps_it() -> None:
    assert times([True, None, True], [0, 0]) == [False, False, False]
