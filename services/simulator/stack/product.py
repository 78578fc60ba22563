"""The product itself in the local stack: functions and media bridge, each a process of its own."""

import asyncio
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack

import aiohttp

from services.simulator.stack.lambdas.faults import FunctionFaults
from services.simulator.stack.lambdas.gateway import Event, Gateway, Invoke, function_at
from services.simulator.stack.logs import Logs
from services.simulator.stack.processes import Child, free_port

INCOMING, STRIPE = "functions.incoming.handler", "functions.stripe_webhook.handler"
OFFICE = "functions.office.handler"
_WEBHOOKS = (
    "incoming", "after-stream", "handoff", "whisper", "whisper-accept", "alert-accept",
    "voicemail", "call-status", "sms-status", "stream-status", "recording-status", "sms",
)  # fmt: skip
ROUTES = {
    **{f"POST /{name}": INCOMING for name in _WEBHOOKS},
    **{f"{method} /voicemail/{{token}}": INCOMING for method in ("GET", "HEAD")},
    "POST /stripe/webhook": STRIPE,
    **{f"{method} /pay/{{job_id}}": STRIPE for method in ("GET", "HEAD")},
    **{f"{method} /pay/{{job_id}}/thanks": STRIPE for method in ("GET", "HEAD")},
    **{f"{method} /visit/{{job_id}}": STRIPE for method in ("GET", "HEAD", "POST")},
    "GET /calendar/{business_id}/{crew}/{key}": STRIPE,
    **{f"{method} /office/in/{{business_id}}/{{token}}": OFFICE for method in ("GET", "POST")},
    **{f"{method} /office": OFFICE for method in ("GET", "POST")},
    "GET /office/visit/{job_id}": OFFICE,
    "GET /office/call/{call_sid}": OFFICE,
}
# Started by the first request for it, as Lambda does: most calls end without one.
ON_DEMAND = (OFFICE,)
CLIPS_READY, CLIPS_LATEST_S = "clips are ready", 60.0


class Product:
    """Functions behind a gateway, and the bridge. `logs` has what all of them printed."""

    def __init__(self, on_line: Callable[[str], None] = lambda _: None) -> None:
        self.logs = Logs(also=on_line)
        self.faults = FunctionFaults()
        # Chosen when the gateway opens: by then they are soon taken, and by nobody else.
        self._function_ports: dict[str, int] = {}  # by handler
        self.media_port = 0
        self._bridge: Child | None = None  # from when it is started on, also after it ended
        self._waiting: dict[str, Child] = {}  # functions that nobody has asked for yet
        self._starting: dict[str, asyncio.Task[None]] = {}  # ... and those that somebody has

    async def open_gateway(self, ends: AsyncExitStack) -> str:
        """Return the public address; what it serves is answered once the functions run."""
        self._function_ports = {handler: free_port() for handler in (INCOMING, STRIPE, OFFICE)}
        http = await ends.enter_async_context(aiohttp.ClientSession())
        invoke = {
            handler: function_at(lambda at=port: at, lambda: http)  # type: ignore[misc]
            for handler, port in self._function_ports.items()
        }
        invoke |= {handler: self._once_started(handler, invoke[handler]) for handler in ON_DEMAND}
        gateway = Gateway(
            {
                route: self.faults.before(route.split(" ")[1], invoke[handler])
                for route, handler in ROUTES.items()
            }
        )
        ends.push_async_callback(gateway.stop)
        url = await gateway.start()
        self.media_port = free_port()
        return url

    async def start(self, environment: Mapping[str, str], ends: AsyncExitStack) -> None:
        """Start functions and bridge, and wait until each answers; `ends` will stop them.

        Raises:
            ChildFailed: one of them did not come up.
        """
        functions = {
            handler: self._function(handler, port, environment)
            for handler, port in self._function_ports.items()
        }
        self._waiting = {handler: functions.pop(handler) for handler in ON_DEMAND}
        for child in self._waiting.values():
            ends.push_async_callback(child.stop)
        children = {self._url(handler): child for handler, child in functions.items()}
        port = self.media_port
        self._bridge = Child(
            "media_bridge",
            [sys.executable, "-m", "services.media_bridge"],
            {**environment, "PORT": str(port), "BIND": "127.0.0.1"},
            self.logs.take,
            politely=signal.SIGINT,  # at SIGTERM it lets its callers finish first
        )
        children[self._health] = self._bridge
        for child in children.values():
            ends.push_async_callback(child.stop)
            await child.start()
        for probe, child in children.items():
            await child.ready(lambda url=probe: _answers(url))  # type: ignore[misc]

    async def clips_rendered(self) -> None:
        """Wait until the bridge says that it has its fixed sentences as sound.

        Without them the model would say them; a call is not lost for want of a clip, so this
        waits no longer than `CLIPS_LATEST_S`.
        """
        loop = asyncio.get_running_loop()
        latest = loop.time() + CLIPS_LATEST_S
        while not any(CLIPS_READY in line for line in self.logs.lines) and loop.time() < latest:
            await asyncio.sleep(0.05)

    @property
    def bridge_pid(self) -> int | None:
        """The bridge's process, while it runs."""
        return self._bridge.pid if self._bridge is not None else None

    async def bridge_again(self) -> None:
        """Start the bridge anew where the one before has ended, or is ended now."""
        if self._bridge is not None:
            await self._bridge.stop()
            await self._bridge.start()
            await self._bridge.ready(lambda: _answers(self._health))

    async def stop_bridge(self) -> None:
        """Let the bridge finish what it writes, and end it."""
        if self._bridge is not None:
            await self._bridge.stop()

    @property
    def _health(self) -> str:
        return f"http://127.0.0.1:{self.media_port}/healthz"

    def _once_started(self, handler: str, invoke: Invoke) -> Invoke:
        async def invoke_it(event: Event) -> object:
            if child := self._waiting.pop(handler, None):
                self._starting[handler] = asyncio.create_task(self._start(handler, child))
            if handler in self._starting:
                # Whoever gives up waiting does not end it for the others.
                await asyncio.shield(self._starting[handler])
            return await invoke(event)

        return invoke_it

    async def _start(self, handler: str, child: Child) -> None:
        await child.start()
        await child.ready(lambda: _answers(self._url(handler)))

    def _url(self, handler: str) -> str:
        return f"http://127.0.0.1:{self._function_ports[handler]}/"

    def _function(self, handler: str, port: int, environment: Mapping[str, str]) -> Child:
        name = handler.split(".")[1]
        host = "services.simulator.stack.lambdas.lambda_host"
        argv = [sys.executable, "-m", host, f"{handler}.lambda_handler", "--port", str(port)]
        return Child(name, argv, {**environment, "AWS_LAMBDA_FUNCTION_NAME": name}, self.logs.take)


async def _answers(url: str) -> bool:
    limit = aiohttp.ClientTimeout(total=2)
    try:
        async with aiohttp.ClientSession(timeout=limit) as http, http.get(url) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
