"""What a call costs, beside what it could cost: `python -m tests.bench.bridge`.

One process plays both ends of every call (`load`); measured are, with the same load and one after
the other, several times:

    splice-c   bytes from one socket to another, in C and epoll: the floor (where there is a cc)
    splice     the same in Python
    relay      picows and msgspec, each frame translated, no session behind it
    memory     this bridge with its tables in memory
    bridge     this bridge, with boto3 and a table that takes every write

Only ratios within one run travel to another machine. Where there are two cores the measured
process has the second for itself, and everything else the first.
"""

import argparse
import asyncio
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, sleep, time

import uvloop
from picows import WSUpgradeRequest, ws_connect, ws_create_server
from twilio.request_validator import RequestValidator

from shared.domain.stream_token import mint
from tests.bench.load import EVERY_S, Beat, Model, Phone, Tally
from tests.bench.served import AUTH_TOKEN, MEDIA_URL, SECRET
from tests.bench.table import TableStub

KINDS = ("splice-c", "splice", "relay", "memory", "bridge")
OURS = ("memory", "bridge")
WRONG = ("lost", "reordered", "missed", "wrong_heard")
COLUMNS = (
    "calls",
    "what",
    "CPU s a call minute",
    "x relay",
    "calls a core",
    "in, ms",
    "out, ms",
    "barge-in, ms",
    "kB a call",
    "lost, reordered, missed, misheard",
)
BUSY_MS = 20  # frames later than this: the machine, not the bridge, decides what is heard
WARM_S = 3.5
READY_S = 20.0
BUILD = Path(__file__).parents[2] / "build"

Found = dict[str, float]


# -- one run -------------------------------------------------------------------------------


def floor() -> Path | None:
    """The splice in C, built where there is a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    BUILD.mkdir(exist_ok=True)
    built, source = BUILD / "splice", Path(__file__).with_name("splice.c")
    subprocess.run([compiler, "-O2", "-o", str(built), str(source)], check=True)
    return built


@contextmanager
def process(kind: str, port: int, model_port: int, table_port: int) -> Iterator[int]:
    if kind == "splice-c":
        argv = [str(BUILD / "splice"), str(port), str(model_port)]
    else:
        ports = [str(port), str(model_port), str(table_port)]
        argv = [sys.executable, "-m", "tests.bench.served", kind, *ports]
    BUILD.mkdir(exist_ok=True)
    log = BUILD / f"bench-{kind}.log"
    with log.open("w") as err:
        child = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=err)
    try:
        _until_ready(log, child)
        if (os.cpu_count() or 1) > 1:
            for thread in Path(f"/proc/{child.pid}/task").iterdir():
                os.sched_setaffinity(int(thread.name), {1})
        yield child.pid
    finally:
        child.kill()  # whose last writes would wait for a table that is in this process
        child.wait(20)


def _until_ready(log: Path, child: "subprocess.Popen[bytes]") -> None:
    until = perf_counter() + READY_S
    while "ready" not in log.read_text():
        if child.poll() is not None or perf_counter() > until:
            raise RuntimeError(f"it did not start: {log.read_text()[-500:]}")
        sleep(0.02)


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_kb(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") // 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def measure(kind: str, calls: int, seconds: float, every_s: float) -> Found:
    """One load on one process."""
    tally = Tally()
    models: list[Model] = []
    phones: list[Phone] = []

    def answer(request: WSUpgradeRequest) -> Model:
        realtime = request.path.startswith(b"/model")
        models.append(Model(tally, len(models), realtime=realtime, every_s=every_s))
        return models[-1]

    server, beat = await ws_create_server(answer, "127.0.0.1", 0), Beat(calls)
    port, model_port = free_port(), server.sockets[0].getsockname()[1]
    async with TableStub() as table:
        with process(kind, port, model_port, table.port) as pid:
            idle = rss_kb(pid)
            for n in range(calls):
                phones.append(await call(tally, f"ws://127.0.0.1:{port}/media", n))
                beat.seats[n] = phones[n]
                while len(models) <= n:  # one after the other, so that phone and model pair up
                    await asyncio.sleep(0.002)
                models[n].phone = phones[n]
            await asyncio.sleep(WARM_S)
            tally.warm, before, began = True, cpu_s(pid), perf_counter()
            await asyncio.sleep(seconds)
            tally.warm = False
            spent, lasted, full = cpu_s(pid) - before, perf_counter() - began, rss_kb(pid)
    beat.stop()
    server.close()
    return _found(tally, calls, spent, lasted, (full - idle) / calls)


async def call(tally: Tally, url: str, number: int) -> Phone:
    signed = RequestValidator(AUTH_TOKEN).compute_signature(MEDIA_URL, {})
    extra = {"X-Twilio-Signature": signed}
    _, phone = await ws_connect(partial(Phone, tally), url, extra_headers=extra)
    assert isinstance(phone, Phone)
    call_sid = f"CA{number:032x}"
    token = mint(
        SECRET,
        call_sid=call_sid,
        business_id="coolcare_hvac",
        caller=f"+1555{number:07}",
        synthetic=False,
        expires=int(time()) + 120,
        nonce="n",
    )
    phone.begin(call_sid, token)
    return phone


def _found(tally: Tally, calls: int, spent: float, lasted: float, kb: float) -> Found:
    return {
        "cpu_s_per_call_minute": spent / calls / lasted * 60,
        **_quantiles("in", tally.inward),
        **_quantiles("out", tally.outward),
        **_quantiles("barge", tally.barge),
        "kb_per_call": kb,
        "lost": max(0, tally.sent_in - len(tally.inward) - calls),
        "reordered": tally.reordered,
        "missed": tally.interrupted - len(tally.barge),
        "wrong_heard": tally.wrong_heard,
    }


def _quantiles(name: str, values: list[float]) -> Found:
    ordered = sorted(values)
    if not ordered:
        return {f"{name}_p50": float("nan"), f"{name}_p99": float("nan")}
    worst = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return {f"{name}_p50": median(ordered), f"{name}_p99": worst}


# -- all of them ---------------------------------------------------------------------------


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.bridge",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--calls", type=int, nargs="+", default=[50, 100], help="at once")
    parser.add_argument("--seconds", type=float, default=6, help="measured in each run")
    parser.add_argument("--every", type=float, default=EVERY_S, help="seconds between turns")
    parser.add_argument("--rounds", type=int, default=2, help="runs of each, interleaved")
    parser.add_argument("--only", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--json", action="store_true", help="every run, as JSON")
    given = parser.parse_args()
    kinds = [kind for kind in KINDS if kind in given.only]
    if "splice-c" in kinds and floor() is None:
        print("no cc here: the floor in C is left out", file=sys.stderr)
        kinds.remove("splice-c")
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {0})
    runs: dict[tuple[int, str], list[Found]] = {}
    for calls in given.calls:
        for number in range(given.rounds):
            for kind in kinds:
                print(f"{calls} calls, run {number + 1}: {kind}", file=sys.stderr)
                found = uvloop.run(measure(kind, calls, given.seconds, given.every))
                runs.setdefault((calls, kind), []).append(found)
    if given.json:
        print(json.dumps([{"calls": n, "kind": k, "runs": r} for (n, k), r in runs.items()]))
    else:
        print(table({of: _medians(found) for of, found in runs.items()}))
    ours = [found for (_, kind), all_of in runs.items() if kind in OURS for found in all_of]
    return 0 if all(is_right(found) for found in ours) else 1


def _medians(runs: Sequence[Found]) -> Found:
    return {name: median(run[name] for run in runs) for name in runs[0]}


def table(found: Mapping[tuple[int, str], Found]) -> str:
    """Medians; milliseconds from end to end, as p50 / p99."""
    lines = [
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "",
        f"| {' | '.join(COLUMNS)} |",
        f"|{'---|' * len(COLUMNS)}",
    ]
    for (calls, kind), of in found.items():
        relay = found.get((calls, "relay"))
        lines.append(f"| {calls} | {kind} | {' | '.join(_cells(kind, of, relay))} |")
    return "\n".join(lines)


def _cells(kind: str, of: Found, relay: Found | None) -> list[str]:
    cpu = of["cpu_s_per_call_minute"]
    against = f"{cpu / relay['cpu_s_per_call_minute']:.2f}" if relay else ""
    spans = [f"{of[f'{leg}_p50']:.2f} / {of[f'{leg}_p99']:.2f}" for leg in ("in", "out", "barge")]
    wrong = "-"
    if kind in OURS:
        wrong = ", ".join(f"{of[name]:.0f}" for name in WRONG)
    return [f"{cpu:.3f}", against, f"{60 / cpu:.0f}", *spans, f"{of['kb_per_call']:.0f}", wrong]


def is_right(found: Found) -> bool:
    """Nothing lost, reordered or missed; and where the machine kept up, truncated to the frame."""
    kept_up = found["in_p99"] < BUSY_MS
    wrong = found["lost"] or found["reordered"] or found["missed"]
    return not wrong and (not found["wrong_heard"] or not kept_up)


if __name__ == "__main__":
    sys.exit(main())
