"""The caller's turn, also one whose end the model's server never tells."""

from services.media_bridge.core.hearing.caller_turn import OpenTurn


def test_a_second_beginning_moves_no_bound() -> None:
    turn = OpenTurn()
    assert turn.began("u1", 1_000)
    assert not turn.began("u2", 5_000)

    assert (turn.item_id, turn.began_ms) == ("u2", 1_000)


def test_a_turn_ended_here_is_not_ended_again_by_the_server() -> None:
    turn = OpenTurn()
    turn.began("u1", 1_000)
    assert turn.cut_short() == "u1"

    assert turn.was_cut_short("u1") and turn.overruns == 1
    assert not turn.stopped("u1")
    assert turn.overruns == 1


def test_a_turn_that_goes_on_after_all_is_an_ordinary_one() -> None:
    turn = OpenTurn()
    turn.began("u1", 1_000)
    turn.cut_short()
    assert turn.began("u1", 40_000)

    assert turn.stopped("u1")
    assert (turn.item_id, turn.overruns) == (None, 0)
