"""A bridge for a long time, with callers who come and go: `python -m tests.bench.soak`.

A hundred calls at once, each half a minute long or so; whoever leaves is followed by the next. What
must not grow: memory, descriptors, threads. A sample of the calls' journals must replay.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import uvloop
from picows import WSUpgradeRequest, ws_create_server

from services.media_bridge.core.journal import replay
from tests.bench.bridge import call, free_port, process, rss_kb
from tests.bench.load import Beat, Model, Tally
from tests.bench.table import TableStub

MINUTES, CALLS = 10.0, 100
LENGTH_S = (15.0, 45.0)
LOOK_S = 10.0
REPLAYED = 20
# Of the first third of the time and of the last: what still counts as flat.
MOST_GROWTH = 1.10
POOLS = 45  # threads: those of the pools come as they are needed
Look = tuple[int, int, int]  # kB, descriptors, threads


async def soak(minutes: float, calls: int, folder: Path) -> list[Look]:
    """What the bridge held, every ten seconds once all the first calls were there."""
    tally, models, looks = Tally(), list[Model](), list[Look]()

    def answer(request: WSUpgradeRequest) -> Model:
        models.append(Model(tally, len(models), realtime=True))
        return models[-1]

    server, beat = await ws_create_server(answer, "127.0.0.1", 0), Beat(calls)
    port, model_port = free_port(), server.sockets[0].getsockname()[1]
    os.environ["JOURNAL_DIR"] = str(folder)
    async with TableStub() as table:
        with process("bridge", port, model_port, table.port) as pid:
            url, until = f"ws://127.0.0.1:{port}/media", perf_counter() + minutes * 60
            seats = [_seat(url, seat, beat, until, tally) for seat in range(calls)]
            callers = asyncio.gather(*seats)
            while perf_counter() < until:
                await asyncio.sleep(LOOK_S)
                looks.append(_look(pid))
                kb, descriptors, threads = looks[-1]
                left = max(0, round(until - perf_counter()))
                print(
                    f"{left:5} s left: {kb:,} kB, {descriptors} descriptors, {threads} threads, "
                    f"{len(models):,} sessions",
                    file=sys.stderr,
                )
                _thin(folder)
            await callers
    beat.stop()
    server.close()
    return looks


async def _seat(url: str, seat: int, beat: Beat, until: float, tally: Tally) -> None:
    """One caller after the other."""
    chance, number = random.Random(seat), seat
    await asyncio.sleep(seat * 0.05)
    while perf_counter() < until:
        phone = await call(tally, url, number)
        beat.seats[seat] = phone
        number += len(beat.seats)
        await asyncio.sleep(min(chance.uniform(*LENGTH_S), max(0.0, until - perf_counter())))
        phone.hang_up()


def _look(pid: int) -> Look:
    of = Path(f"/proc/{pid}")
    return rss_kb(pid), len(list((of / "fd").iterdir())), len(list((of / "task").iterdir()))


def _thin(folder: Path) -> None:
    """Journals of calls that are over are many: keep the oldest."""
    for spare in sorted(folder.glob("*.jsonl"))[REPLAYED:-CALLS]:
        spare.unlink()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--calls", type=int, default=CALLS, help="at once")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        looks = uvloop.run(soak(given.minutes, given.calls, folder))
        kept = sorted(folder.glob("*.jsonl"))[:REPLAYED]
        wrong = [path.name for path in kept if replay(path.read_text().splitlines())]
    third = max(1, len(looks) // 3)
    flat = True
    for at, what in enumerate(("kB", "descriptors", "threads")):
        first = median(look[at] for look in looks[:third])
        last = median(look[at] for look in looks[-third:])
        allowed = POOLS if what == "threads" else first * MOST_GROWTH
        flat = flat and last <= allowed
        print(f"{what:12} {first:10,.0f} -> {last:10,.0f}   x {last / first:.2f}")
    print(f"{len(kept)} journals replayed, {len(wrong)} differ {' '.join(wrong)}")
    return 0 if flat and kept and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
