"""The turns of all calls become rows, together and tried again, and never in the way."""

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from services.media_bridge.call.records.turn_writer import RETRY_S, WINDOW_S, TurnsOf, TurnWriter
from services.media_bridge.core import commands as do
from shared.domain.errors import PortError
from shared.domain.models import Turn
from tests.fakes import FakeTurns

OPENED = datetime(2025, 8, 28, 23, 12, tzinfo=UTC)
ONE, OTHER = TurnsOf("CA1", OPENED), TurnsOf("CA2", OPENED, synthetic=True)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


class TestedTurns(FakeTurns):
    """Refuses the first `times` writes, and whatever is of a call named in `refused`."""

    __test__ = False

    def __init__(self, times: int = 0, refused: str = "") -> None:
        super().__init__()
        self.times, self.refused, self.writes = times, refused, 0

    def add(self, turns: Iterable[Turn]) -> None:
        turns = list(turns)
        self.writes += 1
        if self.times > 0 or any(turn.call_sid == self.refused for turn in turns):
            self.times -= 1
            raise PortError("the table is down")
        super().add(turns)


class Pauses:
    """Pauses that last until they are let go, and then no more."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.go_on = threading.Event()

    def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        self.go_on.wait(5)


def said(seq: int, text: str = "hello") -> do.NoteTurn:
    return do.NoteTurn(seq, 1500, "user", text)


def texts(turns: FakeTurns, call_sid: str) -> list[str]:
    return [turn.text for turn in turns.of(call_sid)]


def test_a_turn_becomes_a_row_with_the_business_time(threads: ThreadPoolExecutor) -> None:
    turns = FakeTurns()
    writer = TurnWriter(turns, threads)

    writer.note(ONE, do.NoteTurn(1, 1500, "user", "hello", latency_ms=None, cut=False))
    writer.note(OTHER, do.NoteTurn(2, 2500, "tool", tool="add_note", arguments={}, took_ms=7))
    writer.soon().result(5)

    (first,), (second,) = turns.of("CA1"), turns.of("CA2")
    assert (first.at, first.role, first.text, first.synthetic) == (
        OPENED + timedelta(milliseconds=1500),
        "user",
        "hello",
        False,
    )
    assert (second.tool, second.arguments, second.took_ms) == ("add_note", "{}", 7)
    assert second.synthetic


def test_the_turns_of_all_calls_within_the_window_are_one_write(
    threads: ThreadPoolExecutor,
) -> None:
    turns, pauses = TestedTurns(), Pauses()
    writer = TurnWriter(turns, threads, pauses)

    for seq in range(20):
        writer.note(ONE, said(seq))
        writer.note(OTHER, said(seq))
    pauses.go_on.set()
    writer.soon().result(5)

    assert (len(turns.of("CA1")), len(turns.of("CA2"))) == (20, 20)
    assert (turns.writes, pauses.asked) == (1, [WINDOW_S])


def test_turns_wait_through_an_outage_and_are_tried_again_without_a_further_turn(
    threads: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    turns, pauses = TestedTurns(times=1), Pauses()
    writer = TurnWriter(turns, threads, pauses)

    writer.note(ONE, said(1, "my secret"))
    pauses.go_on.set()
    writer.soon().result(5)
    writer.soon().result(5)

    assert texts(turns, "CA1") == ["my secret"]
    assert pauses.asked == [WINDOW_S, RETRY_S]
    assert writer.lost == 0
    assert "turns wait" in caplog.text and "my secret" not in caplog.text


def test_a_row_that_the_table_refuses_holds_up_no_other_call(
    threads: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    turns = TestedTurns(refused="CA1")
    writer = TurnWriter(turns, threads, lambda _: None)

    writer.note(ONE, said(1, "my secret"))
    writer.note(OTHER, said(1))
    writer.soon().result(5)

    assert texts(turns, "CA2") == ["hello"]
    assert writer.lost == 1
    assert "turns were not written" in caplog.text and "my secret" not in caplog.text


def test_what_is_no_row_costs_no_other_turn_and_says_nothing_of_its_words(
    threads: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    turns = TestedTurns()
    writer = TurnWriter(turns, threads, lambda _: None)

    writer.note(ONE, do.NoteTurn(2, 1500, "my secret"))  # type: ignore[arg-type]
    writer.note(ONE, said(1))
    writer.soon().result(5)

    assert texts(turns, "CA1") == ["hello"]
    assert writer.lost == 1
    assert "a turn is no row" in caplog.text and "my secret" not in caplog.text


def test_many_calls_that_end_in_an_outage_share_one_attempt(threads: ThreadPoolExecutor) -> None:
    turns, pauses = TestedTurns(), Pauses()
    writer = TurnWriter(turns, threads, pauses)

    writer.note(ONE, said(1))  # its window holds the thread
    ends = [writer.soon() for _ in range(50)]
    pauses.go_on.set()
    for end in ends:
        end.result(5)

    assert len({id(end) for end in ends}) == 1
    assert turns.writes == 1


def test_in_an_outage_few_calls_are_tried_by_themselves_and_none_is_given_up(
    threads: ThreadPoolExecutor,
) -> None:
    turns, pauses = TestedTurns(times=3), Pauses()
    writer = TurnWriter(turns, threads, pauses)

    for number in range(30):
        writer.note(TurnsOf(f"CA{number}", OPENED), said(1))
    pauses.go_on.set()
    writer.soon().result(5)
    writer.soon().result(5)

    assert [texts(turns, f"CA{number}") for number in range(30)] == [["hello"]] * 30
    assert (turns.writes, writer.lost) == (4, 0)


def test_a_turn_written_anew_while_it_waits_is_kept_as_it_is_now(
    threads: ThreadPoolExecutor,
) -> None:
    turns, pauses = TestedTurns(times=1), Pauses()
    writer = TurnWriter(turns, threads, pauses)

    writer.note(ONE, said(1, "4242 4242"))
    waited = writer.soon()
    pauses.go_on.set()
    waited.result(5)
    writer.note(ONE, said(1, "[card]"))
    writer.soon().result(5)
    writer.soon().result(5)

    assert texts(turns, "CA1") == ["[card]"]


def test_at_the_end_of_the_process_a_dead_table_loses_turns_and_says_so_without_their_words(
    threads: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    turns, pauses = TestedTurns(times=99), Pauses()
    writer = TurnWriter(turns, threads, pauses)

    writer.note(ONE, said(1, "my secret"))
    pauses.go_on.set()
    writer.close().result(5)

    assert writer.lost == 1
    assert "turns were not written" in caplog.text and "my secret" not in caplog.text


def test_at_the_end_of_the_process_what_waits_is_written(threads: ThreadPoolExecutor) -> None:
    turns, pauses = TestedTurns(times=2), Pauses()
    writer = TurnWriter(turns, threads, pauses)

    writer.note(ONE, said(1, "bye"))
    pauses.go_on.set()
    writer.close().result(5)

    assert texts(turns, "CA1") == ["bye"]
