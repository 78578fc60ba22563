"""What every `Inbox` must do: a text is taken once, and counted by its sender."""

from datetime import timedelta

from tests.contracts.conftest import Store
from tests.examples import NOW

LATER = NOW + timedelta(hours=2)


def test_a_text_is_taken_once(store: Store) -> None:
    assert not store.inbox.seen("SM1")
    assert store.inbox.take("SM1", until=LATER) is True
    assert store.inbox.take("SM1", until=LATER) is False
    assert store.inbox.seen("SM1") and not store.inbox.seen("SM2")


def test_each_sender_is_counted_alone(store: Store) -> None:
    assert [store.inbox.count("a", until=LATER) for _ in range(3)] == [1, 2, 3]
    assert store.inbox.count("b", until=LATER) == 1
