"""Child processes of the local stack: started, read line by line, and always ended."""

import asyncio
import contextlib
import ctypes
import os
import random
import signal
import socket
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence

TAIL = 60
STOP_S = 8.0
_PR_SET_PDEATHSIG = 1
_LINE_LIMIT = 4 * 1024 * 1024


class ChildFailed(RuntimeError):
    """A process of the stack did not come up or died; the message ends with its last lines."""


# Below those that the system gives to whoever connects to somebody: of those, one that is free now
# may be anybody's a moment later.
_PORTS = range(15_000, 32_000)


def free_port() -> int:
    """Return a port on loopback that nobody listens on at this moment.

    Raises:
        OSError: none was found.
    """
    for port in random.sample(_PORTS, 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port of 100 is free")


class Child:
    """One process in a group of its own; everything it prints goes to `on_line`."""

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        env: Mapping[str, str],
        on_line: Callable[[str], None] = lambda _: None,
        politely: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name  # as errors name it
        self._politely = politely  # the signal that asks it to end within STOP_S
        self.tail: deque[str] = deque(maxlen=TAIL)  # its last lines, for the report of a failure
        self._argv, self._env, self._on_line = argv, env, on_line
        self._process: asyncio.subprocess.Process | None = None  # from `start` on
        self._readers: list[asyncio.Task[None]] = []  # of its stdout and its stderr

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process is not None and running else None

    async def start(self) -> None:
        """Start it; whether it is of any use yet, `ready` tells."""
        self._process = await asyncio.create_subprocess_exec(
            *self._argv,
            env=dict(self._env),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            # A group of its own: Ctrl-C reaches us alone, and we end the whole group.
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            limit=_LINE_LIMIT,
        )
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                self._readers.append(asyncio.create_task(self._read(stream)))

    async def ready(self, probe: Callable[[], Awaitable[bool]], *, within_s: float = 60.0) -> None:
        """Wait until `probe` says yes.

        Raises:
            ChildFailed: the process ended first, or `within_s` passed.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within_s
        while not await probe():
            if self.pid is None:
                await self._drain()
                raise ChildFailed(self._report("ended before it was ready"))
            if loop.time() > deadline:
                raise ChildFailed(self._report(f"was not ready after {within_s:.0f} s"))
            await asyncio.sleep(0.05)

    async def wait(self) -> int:
        """Return its exit status once it has ended and everything it printed was read."""
        if self._process is None:
            raise ChildFailed(f"{self.name} was never started")
        status = await self._process.wait()
        await self._drain()
        return status

    async def stop(self) -> None:
        """End the whole group: first politely, then for good."""
        if self._process is None:
            return
        if self.pid is not None:
            self._signal(self._politely)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), STOP_S)
        self._signal(signal.SIGKILL)  # what it may have started and left behind, too
        await self._process.wait()
        await self._drain()
        # The transport would close itself at garbage collection, with a warning.
        self._process._transport.close()  # type: ignore[attr-defined]

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)

    async def _read(self, stream: asyncio.StreamReader) -> None:
        while line := await stream.readline():
            text = line.decode("utf-8", "replace").rstrip("\n")
            self.tail.append(text)
            self._on_line(text)

    async def _drain(self) -> None:
        if self._readers:
            await asyncio.wait(self._readers, timeout=1.0)
            for reader in self._readers:
                reader.cancel()

    def _report(self, what: str) -> str:
        lines = "\n".join(f"  {line}" for line in self.tail)
        return f"{self.name} {what}; its last lines:\n{lines}"


def _die_with_parent() -> None:
    """Have the kernel end this child when the simulator itself is killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
