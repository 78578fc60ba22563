"""The deadlines of a call: kept by name, the earliest at hand."""

from services.media_bridge.core.timers import Timer, Timers


def test_the_earliest_deadline_is_at_hand() -> None:
    timers = Timers()
    assert timers.next is None
    timers.set(Timer.CAP, 9_000)
    timers.set(Timer.WORDS, 1_200)
    assert timers.next == 1_200
    timers.clear(Timer.WORDS)

    assert timers.next == 9_000
    assert not timers.running(Timer.WORDS) and timers.running(Timer.CAP)


def test_a_deadline_that_is_set_again_moves() -> None:
    timers = Timers()
    timers.set(Timer.STALLED, 5_000)
    timers.set(Timer.STALLED, 11_000)

    assert timers.due(5_000) == []
    assert timers.due(11_000) == [Timer.STALLED]
    assert timers.next is None


def test_what_is_due_rings_once_the_earliest_first_and_then_by_name() -> None:
    timers = Timers()
    for timer, at_ms in ((Timer.WARN, 20), (Timer.TURN, 20), (Timer.KEYS, 10), (Timer.CAP, 21)):
        timers.set(timer, at_ms)

    assert timers.due(20) == [Timer.KEYS, Timer.TURN, Timer.WARN]
    assert timers.due(20) == []
    assert timers.next == 21


def test_a_call_that_is_over_waits_for_nothing() -> None:
    timers = Timers()
    timers.set(Timer.CAP, 1)
    timers.stop()

    assert timers.next is None and timers.due(10) == []
