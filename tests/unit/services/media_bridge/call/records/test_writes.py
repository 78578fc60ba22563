"""Slow work of a call is done in order, beside that of other calls, and tried again."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import pytest

from services.media_bridge.call.records.writes import CallThreads, SerialExecutor, attempted


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def _wait(release: threading.Event) -> None:
    release.wait(5)


def test_work_of_one_call_is_done_in_order(threads: ThreadPoolExecutor) -> None:
    writes, done = SerialExecutor(threads), list[int]()

    futures = [writes.add(partial(done.append, n)) for n in range(500)]
    futures[-1].result(5)

    assert done == list(range(500))


def test_two_calls_do_not_wait_for_each_other(threads: ThreadPoolExecutor) -> None:
    stuck, free = SerialExecutor(threads), SerialExecutor(threads)
    release = threading.Event()

    blocked = stuck.add(partial(_wait, release))
    free.add(lambda: None).result(5)

    assert not blocked.done()
    release.set()
    blocked.result(5)


def test_the_row_waits_for_the_turns_for_a_moment_and_not_for_a_table_that_is_down(
    threads: ThreadPoolExecutor,
) -> None:
    async def a_call_ends() -> list[str]:
        call, done = CallThreads(threads, threads), list[str]()
        written, never = Future[None](), Future[None]()
        ended = asyncio.Event()

        call.let_pass(written)
        call.writes.add(lambda: done.append("a note"))
        done.append("the turns")
        written.set_result(None)
        call.let_pass(never)
        call.writes.add(lambda: done.append("the outcome"))
        call.after_writes(ended.set)
        await asyncio.wait_for(ended.wait(), 5)
        return done

    assert asyncio.run(a_call_ends()) == ["the turns", "a note", "the outcome"]


def test_work_that_breaks_does_not_stop_what_follows(
    threads: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    writes, done = SerialExecutor(threads, lambda: "CA1"), list[str]()

    writes.add(lambda: [][1])
    writes.add(lambda: done.append("next")).result(5)

    assert done == ["next"]
    assert [record.__dict__["call_sid"] for record in caplog.records] == ["CA1"]


def test_only_a_failing_port_is_tried_again() -> None:
    def bug() -> None:
        raise KeyError("ours")

    with pytest.raises(KeyError):
        attempted(bug, lambda _: None)
