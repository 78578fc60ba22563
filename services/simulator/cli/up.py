"""`up`: the local stack without a call. It stays until Ctrl-C, and other commands use it."""

import argparse
import asyncio
import contextlib
import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from services.simulator.cli.ending import FAILED, Unusable, ended
from services.simulator.cli.playing.talked import leave_page
from services.simulator.cli.staying.control import Control
from services.simulator.cli.staying.relay import Relay
from services.simulator.cli.terminal import StartBar
from services.simulator.scenarios import businesses
from services.simulator.speech import Mode, Speech, SpeechUnavailable, open_speech
from services.simulator.stack.deliveries import Deliveries
from services.simulator.stack.environment import CACHE, RealModel
from services.simulator.stack.local import Stack
from services.simulator.stack.processes import ChildFailed
from services.simulator.talk.house import TalkHouse
from services.simulator.talk.wanted import WantedStack
from shared import local_stack
from shared.local_stack import LocalStack

LOOKS_EVERY_S = 0.5
EXAMPLE = "coolcare_hvac"  # rung first where it is there and no other is asked for


def up(arguments: argparse.Namespace) -> int:
    """Run the command. Arguments: at, text, voice, port, business, speed.

    Raises:
        Unusable: a stack is up already, or there is no business to answer for.
        BadBusinessFile: a business file is no TOML, or there is no such business.
        ChildFailed: a process of the stack did not start.
    """
    return stay(arguments)


def stay(
    arguments: argparse.Namespace,
    real: RealModel | None = None,
    opened: Callable[[str], None] = lambda _: None,
) -> int:
    """Have the stack up until told to end; with a `real` model that answers. Arguments: as `up`.

    `opened` is told the address of the page as soon as that answers.
    """
    if not businesses.ids():
        raise Unusable(f"no business file in {businesses.folder()}")
    for business in businesses.ids():
        businesses.terms(business)
    if arguments.business:
        with businesses.rung(arguments.business):
            pass  # asked now: later the page would be open already
    file = local_stack.path(os.environ)
    with _alone(file):
        return ended(_stays(file, arguments, speech_of(arguments), real, opened))


def speech_of(arguments: argparse.Namespace) -> Speech:
    """Ears and voice, or words as data. Arguments: text, voice. Raises SpeechUnavailable."""
    wanted: Mode = "text" if arguments.text else "voice"
    try:
        return open_speech(wanted, CACHE)
    except SpeechUnavailable as exc:
        if arguments.voice:
            raise
        print(f"simulator: {exc}", file=sys.stderr)
        return open_speech("text")


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Hold the one place: also against a second one that starts at the same moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_suffix(".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise Unusable(f"a stack is up already, or starting: {file} says where") from exc
        yield


async def _stays(
    file: Path,
    arguments: argparse.Namespace,
    speech: Speech,
    real: RealModel | None,
    opened: Callable[[str], None],
) -> int:
    log = file.with_suffix(".log")
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        first = WantedStack(arguments.at, arguments.business or _first())
        house = TalkHouse(speech.mode, first, leave_page, real_model=real is not None)
        try:
            page = await house.start(arguments.port)
        except OSError as exc:
            raise Unusable(f"--port: {arguments.port} is taken or not allowed") from exc
        opened(page)
        try:
            staying = _Staying(file, log, out, page, house, arguments.speed)
            return await _one_after_the_other(staying, speech, real)
        finally:
            await house.stop()


def _first() -> str:
    """The business that is rung where nobody asked for one."""
    known = businesses.ids()
    return EXAMPLE if EXAMPLE in known else known[0]


@dataclass(frozen=True, slots=True)
class _Staying:
    """What outlives one stack."""

    file: Path
    log: Path
    out: TextIO
    page: str
    house: TalkHouse
    speed: float


async def _one_after_the_other(staying: _Staying, speech: Speech, real: RealModel | None) -> int:
    """Have one stack up, and then the next one that a page wants; one that fails is not kept."""
    good: WantedStack | None = None
    while True:
        trying = staying.house.wanted
        try:
            with businesses.rung(trying.business), StartBar() as bar:
                status = await _one(staying, speech, real, bar)
        except ChildFailed as exc:
            if good is None or trying == good:
                raise
            staying.house.failed(str(exc).strip().rpartition("\n")[2].strip())
            staying.house.wanted = good
            continue
        if status is not None:
            return status
        good = trying


async def _one(
    staying: _Staying, speech: Speech, real: RealModel | None, bar: StartBar
) -> int | None:
    """Have one stack up; None where a page wants another one, else the status to end with."""
    house = staying.house

    def progress(text: str) -> None:
        bar.say(text)
        house.progress(text)

    relay = Relay(staying.out, progress, house.phone)
    relay.watch.share = bar.share
    async with (
        Stack(
            speech, at=house.wanted.at, speed=staying.speed, watch=relay.watch, real_model=real
        ) as stack,
        Deliveries(stack.environment, relay.watch.line),
    ):
        control = Control(stack, speech, relay)
        try:
            # The model's key stays with its process.
            told = {**stack.environment, "OPENAI_API_KEY": "local"}
            found = LocalStack(
                os.getpid(), await control.start(), speech.mode, str(staying.log), told,
                staying.page,
            )  # fmt: skip
            with local_stack.announced(staying.file, found):
                async with house.serving(stack, speech):
                    print("\n".join(_welcome(found, stack.stripe.url)), flush=True)
                    return await _until_told(stack, house)
        finally:
            await control.stop()


async def _until_told(stack: Stack, house: TalkHouse) -> int | None:
    """Stay; 0 when told to end, FAILED when the bridge ended by itself, None for the next stack."""
    try:
        if await house.until_again(stack, LOOKS_EVERY_S):
            return None
    except asyncio.CancelledError:
        print("\nending; everything it started is ended with it", file=sys.stderr)
        return 0
    print("simulator: the media bridge has ended; its last lines are in the log", file=sys.stderr)
    return FAILED


def _welcome(stack: LocalStack, stripe: str) -> Iterator[str]:
    public = stack.environment["PUBLIC_BASE_URL"]
    yield "The local stack is up, until Ctrl-C. Nothing of it leaves this machine."
    yield ""
    yield f"  talk to it       {stack.page}"
    yield f"  texts sent       {stack.control}/texts"
    yield f"  webhooks         {public}        (Twilio's and Stripe's; pay links {public}/pay/JOB)"
    yield f"  Stripe           {stripe}        (stand-in; pay pages)"
    yield f"  tables           {stack.tables}        (DynamoDB; names begin with "
    yield f"                   {stack.environment['TABLE_PREFIX']}, any credentials do)"
    yield f"  log              {stack.log}"
    yield f"  businesses       {', '.join(businesses.ids())}"
    yield f"  calls            {'with real sound' if stack.mode == 'voice' else 'in text mode'}"
    yield ""
    yield "In another terminal:"
    yield "  make call                        a caller rings, books and pays; the booking stays"
    yield "  make calls STAGE=local           the calls so far"
    yield "  make story CALL=CA… STAGE=local  everything of one call"
    yield "  make jobs STAGE=local            today's visits by crew"
    yield '  make tool NAME=check_availability JSON=\'{"service_type": "repair"}\''
    yield "  make smoke STAGE=local           does it answer?"
    yield "  make office STAGE=local          a link to the office's page"
    yield "  make analytics                   the KPIs of these calls"
