"""All a call needs on loopback: AWS, Stripe, phone network, model, functions and bridge."""

import asyncio
import os
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from services.simulator.phone.calls import Notify
from services.simulator.phone.network import PhoneNetwork
from services.simulator.phone.rest import RestApi
from services.simulator.realtime import RealtimeNote, RealtimeServer
from services.simulator.speech import Speech
from services.simulator.stack import aws
from services.simulator.stack.clip_file import ClipFile
from services.simulator.stack.gateway import Gateway, function_at
from services.simulator.stack.logs import Logs
from services.simulator.stack.processes import Child, ChildFailed, free_port
from services.simulator.stripe.server import StripeStandIn
from shared import schema

ROOT = Path(__file__).parents[3]
CACHE = ROOT / ".cache" / "speech"
PREFIX = "callwright-local-"
INCOMING, STRIPE = "functions.incoming.handler", "functions.stripe_webhook.handler"
_WEBHOOKS = (
    "incoming", "after-stream", "handoff", "whisper", "whisper-accept",
    "voicemail", "call-status", "sms-status", "stream-status", "sms",
)  # fmt: skip
ROUTES = {
    **{f"POST /{name}": INCOMING for name in _WEBHOOKS},
    **{f"{method} /voicemail/{{token}}": INCOMING for method in ("GET", "HEAD")},
    "POST /stripe/webhook": STRIPE,
    **{f"{method} /pay/{{job_id}}": STRIPE for method in ("GET", "HEAD")},
    **{f"{method} /pay/{{job_id}}/thanks": STRIPE for method in ("GET", "HEAD")},
}
# One of Twilio's test numbers: nobody else can ever call from it.
SMOKE_CALLER = "+15005550006"
CLIPS_READY, CLIPS_LATEST_S = "clips are ready", 60.0
# What a child needs of ours; keys and addresses it gets from us alone, never from the user's shell.
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")


@dataclass(slots=True)
class Watch:
    """Who is told what happens while it happens."""

    progress: Callable[[str], None] = lambda _: None
    phone: Notify = lambda _: None
    model: Callable[[RealtimeNote], None] = lambda _: None


class Stack:
    """The whole stack as a context: up inside it, gone after it, whatever happened.

    `at` is the business time at which it starts. With `answers` false only what a tool needs is
    there: the tables, Stripe and the text messages.
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
    ) -> None:
        self.logs = Logs()
        self.public_url = ""
        self._at, self._answers, self._mode = at, answers, speech.mode
        self._watch = watch or Watch()
        self._ends = AsyncExitStack()
        self._keys = {
            name: secrets.token_hex(16) for name in ("twilio", "stripe", "whsec", "token")
        }
        account = "AC" + secrets.token_hex(16)
        self.network = PhoneNetwork(
            speech,
            account_sid=account,
            auth_token=self._keys["twilio"],
            speed=speed,
            notify=self._watch.phone,
        )
        self.stripe = StripeStandIn(
            api_key=self._keys["stripe"], webhook_secret=self._keys["whsec"]
        )
        self.model = RealtimeServer(speech, rogue=rogue, on_event=self._watch.model)
        self.environment: dict[str, str] = {}
        self.journals = Path()
        self._shelf = ClipFile(CACHE)
        self._bridge: Child | None = None
        self._tables: Any = None

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
        return await asyncio.to_thread(aws.rows, self._tables, PREFIX)

    async def rows_of(self, table: str) -> list[dict[str, Any]]:
        """Return what one table holds."""
        return await asyncio.to_thread(aws.rows_of, self._tables, PREFIX, table)

    @property
    def bridge_pid(self) -> int | None:
        """The bridge's process, while it runs."""
        return self._bridge.pid if self._bridge is not None else None

    async def stop_bridge(self) -> None:
        """Let the bridge finish what it writes, and end it."""
        if self._bridge is not None:
            await self._bridge.stop()

    # -- starting ------------------------------------------------------------------------

    async def _start(self) -> None:
        self.journals = Path(self._ends.enter_context(tempfile.TemporaryDirectory()))
        async with self._step("AWS: tables"):
            ministack = aws.MiniStack()
            self._ends.push_async_callback(ministack.stop)
            endpoint = await ministack.start()
            self._tables = aws.dynamodb(endpoint)
            await asyncio.to_thread(aws.make_tables, self._tables, PREFIX)
            if self._mode == "voice":
                kept = self._shelf.kept()
                await asyncio.to_thread(aws.put, self._tables, PREFIX, schema.CALLS, kept)
        async with self._step("Stripe and the phone network"):
            self._ends.push_async_callback(self.stripe.stop)
            stripe_url = await self.stripe.start()
            rest = RestApi(self.network)
            self._ends.push_async_callback(rest.stop)
            self._ends.push_async_callback(self.network.close)
            rest_url = await rest.start()
        ports = {handler: free_port() for handler in (INCOMING, STRIPE)}
        await self._open_gateway(ports)
        media_port = free_port()
        self.environment = self._environment(endpoint, stripe_url, rest_url, media_port)
        if self._answers:
            await self._start_answering(ports, media_port)

    async def _start_answering(self, ports: dict[str, int], media_port: int) -> None:
        async with self._step("the model"):
            self._ends.push_async_callback(self.model.stop)
            self.environment["OPENAI_BASE_URL"] = await self.model.start()
        async with self._step("functions and media bridge"):
            children = [self._function(handler, port) for handler, port in ports.items()]
            bridge = [sys.executable, "-m", "services.media_bridge"]
            env = {**self.environment, "PORT": str(media_port), "BIND": "127.0.0.1"}
            self._bridge = Child("media_bridge", bridge, env, self.logs.take)
            probes = [f"http://127.0.0.1:{port}/" for port in ports.values()]
            probes.append(f"http://127.0.0.1:{media_port}/healthz")
            for child in (*children, self._bridge):
                self._ends.push_async_callback(child.stop)
                await child.start()
            for child, probe in zip((*children, self._bridge), probes, strict=True):
                await child.ready(lambda url=probe: _answers(url))  # type: ignore[misc]
        async with self._step("the fixed sentences as sound"):
            await self._rendered()

    async def _rendered(self) -> None:
        """Wait until the bridge says that it has its fixed sentences as sound.

        Without them the model would say them; a call is not lost for want of a clip.
        """
        loop = asyncio.get_running_loop()
        latest = loop.time() + CLIPS_LATEST_S
        while not any(CLIPS_READY in line for line in self.logs.lines) and loop.time() < latest:
            await asyncio.sleep(0.05)
        if self._mode == "voice":
            self._shelf.keep(await self.rows_of(schema.CALLS))

    async def _open_gateway(self, ports: dict[str, int]) -> None:
        http = await self._ends.enter_async_context(aiohttp.ClientSession())
        invoke = {
            handler: function_at(lambda at=port: at, lambda: http)  # type: ignore[misc]
            for handler, port in ports.items()
        }
        gateway = Gateway({route: invoke[handler] for route, handler in ROUTES.items()})
        self._ends.push_async_callback(gateway.stop)
        self.public_url = await gateway.start()
        self.stripe.webhook_url = f"{self.public_url}/stripe/webhook"
        self.network.account.voice_url = f"{self.public_url}/incoming"
        self.network.account.sms_url = f"{self.public_url}/sms"
        self.network.account.status_callback = f"{self.public_url}/call-status"

    def _function(self, handler: str, port: int) -> Child:
        name = handler.split(".")[1]
        host = "services.simulator.stack.lambda_host"
        argv = [sys.executable, "-m", host, f"{handler}.lambda_handler", "--port", str(port)]
        env = {**self.environment, "AWS_LAMBDA_FUNCTION_NAME": name}
        return Child(name, argv, env, self.logs.take)

    def _environment(self, aws_url: str, stripe: str, twilio: str, media: int) -> dict[str, str]:
        offset = round((self._at - datetime.now(UTC)).total_seconds())
        return {
            **{name: os.environ[name] for name in _INHERITED if name in os.environ},
            **aws.CREDENTIALS,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "STAGE": "local",
            "TABLE_PREFIX": PREFIX,
            "AWS_ENDPOINT_URL": aws_url,
            "AWS_REGION": aws.REGION,
            "AWS_DEFAULT_REGION": aws.REGION,
            "PUBLIC_BASE_URL": self.public_url,
            "MEDIA_URL": f"ws://127.0.0.1:{media}/media",
            "OPENAI_API_KEY": "local",
            "OPENAI_MODEL": "gpt-realtime-2.1",
            "OPENAI_VOICE": "marin",
            "TWILIO_ACCOUNT_SID": self.network.account.sid,
            "TWILIO_AUTH_TOKEN": self._keys["twilio"],
            "TWILIO_API_BASE": twilio,
            "STRIPE_API_KEY": self._keys["stripe"],
            "STRIPE_WEBHOOK_SECRET": self._keys["whsec"],
            "STRIPE_API_BASE": stripe,
            "STREAM_TOKEN_SECRET": self._keys["token"],
            "JOURNAL_DIR": str(self.journals),
            "CLOCK_OFFSET_S": str(offset),
            "SYNTHETIC_CALLERS": SMOKE_CALLER,
        }

    @asynccontextmanager
    async def _step(self, what: str) -> AsyncIterator[None]:
        began = time.monotonic()
        yield
        self._watch.progress(f"{what}: ready after {time.monotonic() - began:.1f} s")


async def _answers(url: str) -> bool:
    limit = aiohttp.ClientTimeout(total=2)
    try:
        async with aiohttp.ClientSession(timeout=limit) as http, http.get(url) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


__all__ = ["ChildFailed", "Stack", "Watch"]
