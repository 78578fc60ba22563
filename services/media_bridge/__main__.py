"""`python -m services.media_bridge [--debug]`: the bridge, from environment variables alone.

With `--debug` the log also tells what came in and what was done about it, as kinds and times:
`< event`, `> command`, `= state`; never what was said.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import TextIO, cast

import uvloop

from services.media_bridge.call.backend import Clock
from services.media_bridge.call.opening.setup import sentences_by_voice
from services.media_bridge.process import logs, settings
from services.media_bridge.process.composition import (
    SECRETS,
    TWILIO,
    build_runtime,
    is_draining,
    voice_clips,
    warm,
)
from services.media_bridge.process.leaving import LOOK_S, Leaving
from services.media_bridge.process.secret_cache import SecretCache
from services.media_bridge.process.server import Server
from services.media_bridge.process.stuck import watch_loop
from shared.adapters import business_store
from shared.adapters.balancer_target import METADATA
from shared.adapters.business_store import StoreUnavailable
from shared.adapters.public_url import PublicUrl
from shared.adapters.secrets import Secrets, SecretUnavailable
from shared.adapters.wiring import open_ports
from shared.businesses import BadBusiness, all_businesses
from shared.environment import BadSettings

log = logging.getLogger(__name__)

REFRESH_S = 310.0  # just after the secrets' own cache has forgotten them
STATE_S = 5.0  # between looks at how the stage fares
FILES_S = 20.0  # between looks at what was published
CLIP_RETRY_S, CLIP_LONGEST_S = 60.0, 3600.0  # doubled after each try, to this


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Serve until told to stop. 0, or 1 when callers were still on the line at the end; 2 where
    the bridge could not start, with a sentence on stderr that says why."""
    debug = list(argv) == ["--debug"]
    if argv and not debug:
        print(settings.usage(), file=sys.stdout if argv[0] in ("-h", "--help") else sys.stderr)
        return 0 if argv[0] in ("-h", "--help") else 2
    try:
        chosen = settings.read(environ)
    except BadSettings as exc:
        print(f"media_bridge: {exc}", file=sys.stderr)
        return 2
    listener = logs.to_stderr(logging.DEBUG if debug else logging.INFO)
    metrics = logs.Lines(sys.stdout)
    try:
        return uvloop.run(serve(chosen, environ, cast(TextIO, metrics)))
    except (SecretUnavailable, StoreUnavailable, BadBusiness, OSError) as exc:
        print(f"media_bridge: cannot start: {exc}", file=sys.stderr)
        return 2
    finally:
        metrics.close()
        listener.stop()


async def serve(chosen: settings.BridgeSettings, environ: Mapping[str, str], out: TextIO) -> int:
    """Take calls until SIGTERM or SIGINT; 0 when every call was over or handed over in time.

    At SIGTERM who is talking may finish; at SIGINT, and at a second signal, all are handed over.
    """
    loop = asyncio.get_running_loop()
    stopped, hurried = asyncio.Event(), asyncio.Event()

    def told(number: signal.Signals) -> None:
        if stopped.is_set() or number == signal.SIGINT:
            hurried.set()
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told, number)
    clock = Clock(lambda: datetime.now(UTC), chosen.clock_offset)
    secrets = Secrets(environ, clock.real)
    keys = SecretCache(secrets.get, SECRETS)
    # Not asyncio.to_thread: the end of the loop waits for its threads, and a thread that hangs
    # in a dead service would keep the container from stopping.
    aside = partial(loop.run_in_executor, ThreadPoolExecutor(4, "aside"))
    await aside(keys.refresh)
    public_url = PublicUrl(chosen.adapters)
    ports = await aside(
        partial(
            open_ports,
            chosen.adapters,
            keys.all,
            public_url=public_url,
            out=out,
            secret_of_business=secrets.of_business,
        )
    )
    store = business_store.opened(chosen.adapters.business_store, environ)
    look_for_files = lambda: store.keep_current(clock.real(), ports.metrics)  # noqa: E731
    await aside(look_for_files)
    all_businesses()  # a file of the folder that is no good is told now
    clips = voice_clips(chosen, keys, ports)
    runtime = build_runtime(chosen, keys, clock, ports, clips, public_url)
    server = Server(
        runtime,
        media_url=chosen.media_url,
        other_media_url=chosen.other_media_url,
        auth_tokens=partial(keys.all, TWILIO),
        max_calls=chosen.max_calls,
    )
    fill = lambda: aside(lambda: clips.fill(sentences_by_voice(all_businesses().values())))  # noqa: E731

    async def look_for_changes() -> None:
        """What was published gets its clips; the next call is answered as it says."""
        try:
            changed = await aside(look_for_files)
        except StoreUnavailable:
            return
        if changed:
            log.info("business files changed", extra={"of": len(all_businesses())})
            chores.append(loop.create_task(_again(fill, CLIP_RETRY_S, CLIP_LONGEST_S)))

    look = lambda: server.admission.refresh(clock.real())  # noqa: E731
    await aside(warm)
    await server.start(chosen.bind, chosen.port)
    chores = [
        loop.create_task(_again(fill, CLIP_RETRY_S, CLIP_LONGEST_S)),
        loop.create_task(_again(look_for_changes, FILES_S)),
        loop.create_task(_again(partial(aside, keys.refresh), REFRESH_S)),
        loop.create_task(watch_loop()),
        loop.create_task(_again(partial(aside, look), STATE_S)),
    ]
    if chosen.target_group_arn is not None:
        leaving = Leaving(
            partial(is_draining, chosen.target_group_arn, environ.get(METADATA, "")),
            lambda: server.active,
        )
        chores.append(loop.create_task(_leave(partial(aside, leaving.is_time), stopped)))
    await stopped.wait()
    emptied = await server.stop(hurried=hurried)  # keys are looked after until the last call
    for chore in chores:
        chore.cancel()
    return 0 if emptied else 1


async def _leave(is_time: Callable[[], Awaitable[bool]], stopped: asyncio.Event) -> None:
    await _again(is_time, LOOK_S)
    stopped.set()


async def _again(
    work: Callable[[], Awaitable[object]],
    every_s: float,
    longest_s: float | None = None,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Do `work` again and again, `every_s` seconds apart, until it returns something true.

    Work that returns nothing goes on until the task is cancelled. With `longest_s` each pause is
    twice the one before, up to that many seconds.
    """
    pause = every_s
    while not await work():
        await sleep(pause)
        pause = every_s if longest_s is None else min(2 * pause, longest_s)


if __name__ == "__main__":
    status = main(sys.argv[1:], os.environ)
    sys.stdout.flush()
    sys.stderr.flush()
    # sys.exit would wait for threads, and one may hang in a dead service for ever.
    os._exit(status)
