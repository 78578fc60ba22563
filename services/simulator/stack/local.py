"""All a call needs on loopback: AWS, Stripe, phone network, model, functions and bridge."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from services.simulator.mail import MailStandIn
from services.simulator.phone.calls import Notify
from services.simulator.phone.network import PhoneNetwork
from services.simulator.phone.rest import RestApi
from services.simulator.realtime import RealtimeNote, RealtimeServer
from services.simulator.speech import Speech
from services.simulator.stack.clip_file import ClipFile
from services.simulator.stack.environment import (
    CACHE,
    LocalAddresses,
    LocalKeys,
    RealModel,
    environment,
)
from services.simulator.stack.lambdas.faults import FunctionFaults
from services.simulator.stack.logs import Logs
from services.simulator.stack.product import Product
from services.simulator.stack.rows import Front, LocalTables, Rows, settled
from services.simulator.stripe.server import StripeStandIn


@dataclass(slots=True)
class Watch:
    """Who is told what happens while it happens."""

    progress: Callable[[str], None] = lambda _: None
    phone: Notify = lambda _: None
    model: Callable[[RealtimeNote], None] = lambda _: None
    line: Callable[[str], None] = lambda _: None  # what a process of the product prints
    share: Callable[[float], None] = lambda _: None  # of the start that is done, 0 to 1


STEPS = 5  # of a start that answers calls
SLOW_S = 6.0  # of one step of the start, after which that is said


class Stack:
    """The whole stack as a context: up inside it, gone after it, whatever happened.

    `at` is the business time at which it starts. With `answers` false only what a tool needs is
    there: the tables, Stripe and the text messages. The product reaches its tables through `front`.
    With a `real_model` that answers, and is paid; everything else is local all the same. What it
    rendered outlives the stack in `clip_folder`, where that is given.
    """

    def __init__(
        self,
        speech: Speech,
        *,
        at: datetime,
        speed: float = 1.0,
        rogue: bool = False,
        answers: bool = True,
        watch: Watch | None = None,
        front: Front | None = None,
        real_model: RealModel | None = None,
        clip_folder: Path | None = None,
    ) -> None:
        self._at, self._answers = at, answers
        self._watch = watch or Watch()
        self._keys = LocalKeys(real=real_model)
        self._ends = AsyncExitStack()  # what has been started, to be ended in reverse
        # The stand-ins for the outside world. They exist before the stack is up, so that what
        # they are to do in a call can be said first.
        self.network = PhoneNetwork(
            speech,
            account_sid=self._keys.account_sid,
            auth_token=self._keys.twilio,
            speed=speed,
            notify=self._watch.phone,
        )
        self.stripe = StripeStandIn(
            api_key=self._keys.stripe, webhook_secret=self._keys.stripe_webhook
        )
        self.mail = MailStandIn()
        self.model = RealtimeServer(speech, rogue=rogue)
        self._product = Product(self._watch.line)
        # Rendered sentences outlive a run; words as data cost nothing to make anew.
        # Another model speaks with another voice.
        if speech.mode == "voice" and real_model is None:
            clip_folder = CACHE
        self._tables = LocalTables(ClipFile(clip_folder) if clip_folder else None, front)
        self.environment: dict[str, str] = {}  # of the product's processes, once it is up

    @property
    def public_url(self) -> str:
        """The address of our webhooks, without a slash at its end; "" before the stack is up."""
        return self.environment.get("PUBLIC_BASE_URL", "")

    @property
    def journals(self) -> Path:
        """The folder of the calls' journals, while the stack is up."""
        return Path(self.environment.get("JOURNAL_DIR", ""))

    @property
    def function_faults(self) -> FunctionFaults:
        """What is wrong with the functions behind the webhooks."""
        return self._product.faults

    @property
    def logs(self) -> Logs:
        """What the product's processes have printed."""
        return self._product.logs

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._ends.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._ends.aclose()

    async def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Return what the five tables hold."""
        return await self._tables.rows()

    async def rows_of(self, table: str) -> list[dict[str, Any]]:
        """Return what one table holds."""
        return await self._tables.rows_of(table)

    async def settled_rows(self, calls: int = 1) -> Rows:
        """Return the rows once so many calls have their outcome, or the time for that is up."""
        return await settled(self.rows, calls)

    @property
    def bridge_pid(self) -> int | None:
        """The bridge's process, while it runs."""
        return self._product.bridge_pid

    @property
    def tables_pid(self) -> int | None:
        """The process of the tables, while it runs."""
        return self._tables.pid

    async def bridge_again(self) -> None:
        """Start the bridge anew, after it died."""
        await self._product.bridge_again()

    async def stop_bridge(self) -> None:
        """Let the bridge finish what it writes, and end it."""
        await self._product.stop_bridge()

    # -- starting ------------------------------------------------------------------------

    async def _start(self) -> None:
        journals = Path(self._ends.enter_context(tempfile.TemporaryDirectory()))
        async with self._step(1, "AWS: tables"):
            self._ends.push_async_callback(self._tables.stop)
            aws_url = await self._tables.start()
        async with self._step(2, "Stripe and the phone network"):
            stripe_url, twilio_url = await self._start_peers()
        public_url = await self._product.open_gateway(self._ends)
        self._set_up_peers(public_url)
        media_port = self._product.media_port
        addresses = LocalAddresses(
            aws_url, stripe_url, twilio_url, public_url, media_port, await self._start_mail()
        )
        self.environment = environment(addresses, self._keys, at=self._at, journals=journals)
        if self._answers:
            await self._start_answering()

    async def _start_peers(self) -> tuple[str, str]:
        """Return the addresses of Stripe's API and of Twilio's."""
        self._ends.push_async_callback(self.stripe.stop)
        stripe_url = await self.stripe.start()
        rest = RestApi(self.network)
        self._ends.push_async_callback(self.network.close)
        self._ends.push_async_callback(rest.stop)
        return stripe_url, await rest.start()

    async def _start_mail(self) -> str:
        self._ends.push_async_callback(self.mail.stop)
        return await self.mail.start()

    def _set_up_peers(self, public_url: str) -> None:
        """Tell Stripe and Twilio our addresses, as an operator does in their consoles."""
        self.stripe.webhook_url = f"{public_url}/stripe/webhook"
        account = self.network.account
        account.voice_url = f"{public_url}/incoming"
        account.sms_url = f"{public_url}/sms"
        account.status_callback = f"{public_url}/call-status"

    async def _start_answering(self) -> None:
        async with self._step(3, "the model"):
            self._ends.push_async_callback(self.model.stop)
            real = self._keys.real
            self.environment["OPENAI_BASE_URL"] = real.url if real else await self.model.start()
        async with self._step(4, "functions and media bridge"):
            await self._product.start(self.environment, self._ends)
        async with self._step(5, "the fixed sentences as sound"):
            await self._product.clips_rendered()
            # What it read until here was in no call.
            self.model.watched_by(self._watch.model)
            await self._tables.keep_clips()

    @asynccontextmanager
    async def _step(self, number: int, what: str) -> AsyncIterator[None]:
        began = time.monotonic()
        self._watch.share((number - 1) / STEPS)
        slow = f"{what}: still at it; the first time on a computer it takes half a minute"
        patience = asyncio.get_running_loop().call_later(SLOW_S, self._watch.progress, slow)
        try:
            yield
        finally:
            patience.cancel()
        self._watch.share(number / STEPS)
        self._watch.progress(f"{what}: ready after {time.monotonic() - began:.1f} s")
