"""A bench for the phone network: a server of ours in a few lines, and a caller on a script."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from services.simulator.caller.sending import CallerTick
from services.simulator.phone.calls import CallRecord
from services.simulator.phone.network import PhoneNetwork
from services.simulator.phone.rest import RestApi
from services.simulator.scenarios.scenario import OnCall
from services.simulator.speech import open_speech
from services.simulator.speech.sound import SILENCE
from services.simulator.speech.textline import encode

FAST = 200.0
CALLER, DIALED, ON_CALL = "+15551230000", "+19375550100", "+19375550191"
Socket = Callable[[web.WebSocketResponse, "Bench"], Awaitable[None]]


class ScriptedPhone:
    """Sends given ticks, then silence for `patience` frames, then hangs up."""

    def __init__(self, *ticks: CallerTick, patience: int = 500) -> None:
        self._ticks = list(ticks)
        self._patience = patience
        self.heard = bytearray()

    def tick(self, heard: bytes) -> CallerTick:
        self.heard += heard
        if self._ticks:
            return self._ticks.pop(0)
        self._patience -= 1
        return CallerTick(hangs_up=self._patience < 0)


@dataclass
class Bench:
    """What the server of ours saw."""

    answers: dict[str, str]  # path -> TwiML; "/fallback" is the number's fallback
    socket: Socket | None = None
    forms: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    signatures: list[tuple[str, str]] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""
    network: PhoneNetwork | None = None

    def form(self, path: str) -> dict[str, str]:
        return next(form for where, form in self.forms if where == path)

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.forms]

    async def _post(self, request: web.Request) -> web.Response:
        fields = request.query if request.method == "GET" else await request.post()
        form = {name: str(value) for name, value in fields.items()}
        self.forms.append((request.path, form))
        self.signatures.append((request.path_qs, request.headers["X-Twilio-Signature"]))
        if request.path not in self.answers:
            return web.Response(status=500)
        text = self.answers[request.path].replace("WS", self.url.replace("http", "ws") + "/media")
        return web.Response(text=text, content_type="text/xml")

    async def _media(self, request: web.Request) -> web.StreamResponse:
        if self.socket is None:
            return web.Response(status=503)
        self.signatures.append(("/media", request.headers["x-twilio-signature"]))
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await self.socket(socket, self)
        return socket

    def call(self, phone: ScriptedPhone, person: OnCall | None = None) -> CallRecord:
        """Place one call against these answers and return what became of it."""
        return asyncio.run(asyncio.wait_for(self._call(phone, person or OnCall()), 20))

    async def _call(self, phone: ScriptedPhone, person: OnCall) -> CallRecord:
        app = web.Application()
        app.router.add_get("/media", self._media)
        app.router.add_get("/fallback", self._post)
        app.router.add_post("/{path:.*}", self._post)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        network = PhoneNetwork(
            open_speech("text"), account_sid="AC" + "1" * 32, auth_token="token", speed=FAST
        )
        network.account.voice_url = self.url + "/incoming"
        network.account.status_callback = self.url + "/call-status"
        if "/fallback" in self.answers:
            network.account.fallback_url = self.url + "/fallback"
        network.people.everybody_else = person
        self.network = network
        rest = RestApi(network)
        await rest.start()
        try:
            call = await network.place_call(CALLER, DIALED, phone)
            await network.settled()
            return call
        finally:
            await network.close()
            await rest.stop()
            await runner.cleanup()


def response(body: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{body}</Response>'


def says(text: str) -> list[CallerTick]:
    sound = encode(text)
    return [
        CallerTick(sound[at : at + 160].ljust(160, SILENCE[:1])) for at in range(0, len(sound), 160)
    ]


async def reading(socket: web.WebSocketResponse, bench: Bench) -> None:
    """Receive until the other side closes."""
    async for message in socket:
        if message.type is aiohttp.WSMsgType.TEXT:
            bench.received.append(json.loads(message.data))
