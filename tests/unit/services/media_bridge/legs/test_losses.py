"""Many sessions lost at once are an outage; a few are not."""

from services.media_bridge.legs.losses import Losses


def opened(sessions: int) -> Losses:
    losses = Losses()
    for _ in range(sessions):
        losses.opened()
    return losses


def test_a_quarter_of_the_sessions_within_five_seconds_is_an_outage() -> None:
    losses = opened(20)

    assert [losses.lost(10.0 + second) for second in range(5)] == [False] * 4 + [True]


def test_losses_over_a_longer_time_are_none() -> None:
    losses = opened(20)

    assert not any(losses.lost(10.0 + 2 * number) for number in range(6))


def test_one_or_two_of_a_few_are_none() -> None:
    losses = opened(2)

    assert not losses.lost(1.0)
    assert not losses.lost(1.1)


def test_sessions_that_were_closed_by_us_count_no_more() -> None:
    losses = opened(40)
    for _ in range(30):
        losses.closed()

    assert [losses.lost(1.0) for _ in range(3)] == [False, False, True]
