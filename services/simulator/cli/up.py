"""`up`: the local stack without a call. It stays until Ctrl-C, and other commands use it."""

import argparse
import asyncio
import contextlib
import fcntl
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from services.simulator.cli.ending import FAILED, Unusable, ended
from services.simulator.cli.staying.control import Control
from services.simulator.cli.staying.relay import Relay
from services.simulator.scenarios import businesses
from services.simulator.speech import Mode, Speech, SpeechUnavailable, open_speech
from services.simulator.stack.deliveries import Deliveries
from services.simulator.stack.environment import CACHE
from services.simulator.stack.local import Stack
from shared import local_stack
from shared.local_stack import LocalStack

LOOKS_EVERY_S = 0.5


def up(arguments: argparse.Namespace) -> int:
    """Run the command. Arguments: at, text, voice.

    Raises:
        Unusable: a stack is up already, or there is no business to answer for.
        BadBusinessFile: a business file is no TOML.
        ChildFailed: a process of the stack did not start.
    """
    if not businesses.ids():
        raise Unusable(f"no business file in {businesses.folder()}")
    for business in businesses.ids():
        businesses.terms(business)
    file = local_stack.path(os.environ)
    with _alone(file):
        return ended(_stays(file, arguments, speech_of(arguments)))


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


async def _stays(file: Path, arguments: argparse.Namespace, speech: Speech) -> int:
    log = file.with_suffix(".log")
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        relay = Relay(out, _progress)
        async with (
            Stack(speech, at=arguments.at, watch=relay.watch) as stack,
            Deliveries(stack.environment, relay.watch.line),
        ):
            control = Control(stack, speech, relay)
            try:
                address = await control.start()
                found = LocalStack(os.getpid(), address, speech.mode, str(log), stack.environment)
                with local_stack.announced(file, found):
                    print("\n".join(_welcome(found, stack.stripe.url)), flush=True)
                    return await _until_told(stack)
            finally:
                await control.stop()


async def _until_told(stack: Stack) -> int:
    """Stay; 0 when told to end, FAILED when the bridge ended by itself."""
    try:
        while stack.bridge_pid is not None:
            await asyncio.sleep(LOOKS_EVERY_S)
    except asyncio.CancelledError:
        print("\nending; everything it started is ended with it", file=sys.stderr)
        return 0
    print("simulator: the media bridge has ended; its last lines are in the log", file=sys.stderr)
    return FAILED


def _welcome(stack: LocalStack, stripe: str) -> Iterator[str]:
    public = stack.environment["PUBLIC_BASE_URL"]
    yield "The local stack is up, until Ctrl-C. Nothing of it leaves this machine."
    yield ""
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
    yield "  make analytics                   the KPIs of these calls"


def _progress(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)
