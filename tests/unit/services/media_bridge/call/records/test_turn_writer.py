"""The turns of a call become rows, together and tried again, and never in the way."""

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from services.media_bridge.call.records.turn_writer import TurnWriter
from services.media_bridge.call.records.writes import PAUSES_S, SerialExecutor
from services.media_bridge.core import commands as do
from shared.domain.errors import PortError
from shared.domain.models import Turn
from tests.fakes import FakeTurns

OPENED = datetime(2025, 8, 28, 23, 12, tzinfo=UTC)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def _wait(release: threading.Event) -> None:
    release.wait(5)


class FailingTurns(FakeTurns):
    """Refuses the first `times` writes."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def add(self, turns: Iterable[Turn]) -> None:
        if self.times > 0:
            self.times -= 1
            raise PortError("the table is down")
        super().add(turns)


def test_a_turn_becomes_a_row_with_the_business_time(threads: ThreadPoolExecutor) -> None:
    turns, writes = FakeTurns(), SerialExecutor(threads)
    record = TurnWriter("CA1", OPENED, turns, writes)

    record.turn(do.NoteTurn(1, 1500, "user", "hello", latency_ms=None, cut=False))
    record.turn(do.NoteTurn(2, 2500, "tool", tool="add_note", arguments={}, took_ms=7))
    writes.add(lambda: None).result(5)

    first, second = turns.of("CA1")
    assert (first.at, first.role, first.text) == (
        OPENED + timedelta(milliseconds=1500),
        "user",
        "hello",
    )
    assert (second.tool, second.arguments, second.took_ms) == ("add_note", "{}", 7)


def test_turns_that_wait_are_written_together(threads: ThreadPoolExecutor) -> None:
    class CountingTurns(FakeTurns):
        writes = 0

        def add(self, turns: Iterable[Turn]) -> None:
            self.writes += 1
            super().add(turns)

    turns, writes, release = CountingTurns(), SerialExecutor(threads), threading.Event()
    record = TurnWriter("CA1", OPENED, turns, writes)
    writes.add(partial(_wait, release))

    for seq in range(40):
        record.turn(do.NoteTurn(seq, seq, "user"))
    release.set()
    writes.add(lambda: None).result(5)

    assert len(turns.of("CA1")) == 40
    assert turns.writes == 1


def test_a_write_that_fails_is_tried_again(threads: ThreadPoolExecutor) -> None:
    turns, writes, pauses = FailingTurns(2), SerialExecutor(threads), list[float]()
    record = TurnWriter("CA1", OPENED, turns, writes, pauses.append)

    record.turn(do.NoteTurn(1, 0, "user", "hello"))
    writes.add(lambda: None).result(5)

    assert pauses == list(PAUSES_S)
    assert [turn.text for turn in turns.of("CA1")] == ["hello"]


def test_turns_wait_through_an_outage_and_are_written_with_the_next(
    threads: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    turns, writes = FailingTurns(3), SerialExecutor(threads)
    record = TurnWriter("CA1", OPENED, turns, writes, lambda _: None)

    record.turn(do.NoteTurn(1, 0, "user", "my secret"))
    writes.add(lambda: None).result(5)
    assert turns.of("CA1") == []
    record.turn(do.NoteTurn(2, 0, "user", "after"))
    writes.add(lambda: None).result(5)

    assert record.lost == 0
    assert [turn.text for turn in turns.of("CA1")] == ["my secret", "after"]
    assert "my secret" not in caplog.text


def test_what_waits_is_written_at_the_end_of_the_call(threads: ThreadPoolExecutor) -> None:
    turns, writes = FailingTurns(3), SerialExecutor(threads)
    record = TurnWriter("CA1", OPENED, turns, writes, lambda _: None)

    record.turn(do.NoteTurn(1, 0, "user", "bye"))
    writes.add(lambda: None).result(5)
    record.close()
    writes.add(lambda: None).result(5)

    assert [turn.text for turn in turns.of("CA1")] == ["bye"]


def test_a_turn_written_anew_while_it_waits_is_kept_as_it_is_now(
    threads: ThreadPoolExecutor,
) -> None:
    turns, writes = FailingTurns(3), SerialExecutor(threads)
    record = TurnWriter("CA1", OPENED, turns, writes, lambda _: None)

    record.turn(do.NoteTurn(1, 0, "user", "4242 4242"))
    writes.add(lambda: None).result(5)
    record.turn(do.NoteTurn(1, 0, "user", "[card]"))
    writes.add(lambda: None).result(5)

    assert [turn.text for turn in turns.of("CA1")] == ["[card]"]


def test_a_table_that_stays_dead_loses_turns_and_says_so_without_their_words(
    threads: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    turns, writes = FailingTurns(99), SerialExecutor(threads)
    record = TurnWriter("CA1", OPENED, turns, writes, lambda _: None)

    record.turn(do.NoteTurn(1, 0, "user", "my secret"))
    record.close()
    writes.add(lambda: None).result(5)

    assert record.lost == 1
    assert "turns were not written" in caplog.text and "my secret" not in caplog.text
