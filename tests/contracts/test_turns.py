"""What every `Turns` must do."""

from tests.contracts.conftest import Store
from tests.examples import a_turn


def test_turns_come_back_in_order_whatever_order_they_were_written_in(store: Store) -> None:
    store.turns.add([a_turn(30), a_turn(4), a_turn(200)])

    assert store.turns.of("CA1") == [a_turn(4), a_turn(30), a_turn(200)]


def test_a_turn_written_again_replaces_the_first_also_in_one_batch(store: Store) -> None:
    store.turns.add([a_turn(1, text="My AC"), a_turn(1, text="My AC stopped")])
    store.turns.add([a_turn(1, text="My AC stopped cooling", cut=True, heard="My AC")])

    assert store.turns.of("CA1") == [
        a_turn(1, text="My AC stopped cooling", cut=True, heard="My AC")
    ]


def test_a_long_call_is_written_whole(store: Store) -> None:
    turns = [a_turn(seq, text=f"turn {seq}") for seq in range(60)]
    store.turns.add(turns)

    assert store.turns.of("CA1") == turns


def test_no_turns_are_no_turns(store: Store) -> None:
    store.turns.add([])

    assert store.turns.of("CA1") == []
