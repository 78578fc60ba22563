"""An OpenAI-Realtime-compatible server on loopback, strict where the real one is strict."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from services.simulator.asked import noted
from services.simulator.loopback import Served
from services.simulator.realtime import ids
from services.simulator.realtime.protocol.settings import MODELS
from services.simulator.realtime.refusals import refused, unauthorized
from services.simulator.realtime.responses.misreading import Misreading
from services.simulator.realtime.responses.responder import Drills
from services.simulator.realtime.session import Session
from services.simulator.receptionist import Receptionist, Rogue
from services.simulator.speech import Speech

THREADS = 2
VOICE_PACE = 5.0


@dataclass(frozen=True, slots=True)
class RealtimeNote:
    """Something to show in the terminal: heard, said, tool, refused, opened or closed."""

    at_ms: int
    kind: str
    text: str
    item: str = ""  # of what was said


def _ignore(note: RealtimeNote) -> None:
    pass


class RealtimeServer:
    """Serves GET /v1/realtime (WebSocket).

    `pace` is how many times faster than real time sound is sent at most; by default five times
    with a voice, and without a limit in text mode, where a phone may run faster than life.
    """

    def __init__(
        self,
        speech: Speech,
        *,
        rogue: bool = False,
        on_event: Callable[[RealtimeNote], None] | None = None,
        drop_after: int | None = None,
        refuse_connect: bool = False,
        fail_next_response: str | None = None,
        pace: float | None = None,
    ) -> None:
        self._speech = speech
        self._rogue = rogue
        self._on_event = on_event or _ignore
        self._drills = Drills(
            drop_after, refuse_connect=refuse_connect, fail_next=fail_next_response
        )
        self._pace = pace if pace is not None or speech.mode == "text" else VOICE_PACE
        # Speaking and transcribing happen in its threads; it lives from `start` to `stop`.
        self._pool: ThreadPoolExecutor | None = None
        self._served = Served()
        self._sockets: set[web.WebSocketResponse] = set()  # of the sessions that are open
        self._muted: set[web.WebSocketResponse] = set()
        self.asked: set[str] = set()  # "GET /v1/realtime", and whatever else was asked for
        self._began = 0.0  # time.monotonic() of `start`, from which notes are dated

    async def start(self, port: int = 0) -> str:
        """Listen on loopback; return the base URL, which ends in /v1."""
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="realtime")
        self._began = time.monotonic()
        app = web.Application(
            client_max_size=1024 * 1024, middlewares=[noted(self.asked, below="/v1/")]
        )
        app.router.add_get("/v1/realtime", self._realtime)
        return f"{await self._served.start(app, port)}/v1"

    async def stop(self) -> None:
        """Close every session and stop listening."""
        for socket in list(self._sockets):
            await socket.close(code=WSCloseCode.GOING_AWAY)
        await self._served.stop()
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def watched_by(self, on_event: Callable[[RealtimeNote], None]) -> None:
        """Tell `on_event` of what happens from now on."""
        self._on_event = on_event

    # -- drills ----------------------------------------------------------------------------

    def drop_after(self, responses: int | None) -> None:
        """Close each session's socket (1011) once so many responses are done."""
        self._drills.drop_after = responses

    async def drop_now(self) -> None:
        """Close the sockets there are (1011); new ones are served."""
        for socket in list(self._sockets):
            await socket.close(code=WSCloseCode.INTERNAL_ERROR, message=b"drill")

    def mute_now(self) -> None:
        """Send nothing more on the sockets there are; new ones are served."""
        self._muted |= self._sockets

    def refuse_connect(self, refuse: bool = True) -> None:
        """Answer upgrades with 503."""
        self._drills.refuse_connect = refuse

    def hang_up_on_connect(self) -> None:
        """Close the connection of whoever dials, without an answer."""
        self._drills.hangs_up = True

    def spoil(self, *kinds: str, error: str = "") -> None:
        """Send nothing of these kinds any more, or an error with that code in their place."""
        self._drills.spoilt |= dict.fromkeys(kinds, error)

    def fail_next_response(self, code: str) -> None:
        """Let the next response fail with `code`, e.g. insufficient_quota."""
        self._drills.fail_next = code

    def misread(self, *how: Misreading) -> None:
        """Let the next sessions that only read, without tools, read so, one after the other."""
        self._drills.misreadings.extend(how)

    # -- GET /v1/realtime ------------------------------------------------------------------

    async def _realtime(self, request: web.Request) -> web.StreamResponse:
        if self._drills.hangs_up and request.transport is not None:
            request.transport.close()
            return web.Response()
        if self._drills.refuse_connect:
            return refused(503, "server_error", None, "The server is overloaded. Try again later.")
        if (refusal := unauthorized(request)) is not None:
            return refusal
        model = request.query.get("model", "")
        if not model:
            message = "You must provide a model parameter."
            return refused(400, "invalid_request_error", "missing_model", message)
        if model not in MODELS:
            message = f"The model `{model}` does not exist or you do not have access to it."
            return refused(404, "invalid_request_error", "model_not_found", message)
        if "realtime=v1" in request.headers.get("OpenAI-Beta", ""):
            message = "The Realtime Beta API is no longer supported. Use the GA API."
            return refused(400, "invalid_request_error", "beta_api_shape_disabled", message)
        socket = web.WebSocketResponse(compress=False, max_msg_size=32 * 1024 * 1024)
        await socket.prepare(request)
        self._sockets.add(socket)
        try:
            await self._converse(socket, model)
        finally:
            self._sockets.discard(socket)
        return socket

    async def _converse(self, socket: web.WebSocketResponse, model: str) -> None:
        outgoing: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        agent = Rogue() if self._rogue else Receptionist()
        assert self._pool is not None
        session = Session(
            model,
            agent,
            self._speech,
            self._pool,
            outgoing.put_nowait,
            self._note,
            time.time(),
            self._pace,
            self._drills,
        )
        writer = asyncio.create_task(self._write(socket, outgoing, session))
        self._note("opened", model)
        session.open()
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    session.receive(message.data)
        finally:
            await session.close()
            outgoing.put_nowait(None)
            await writer
            self._note("closed", "")

    async def _write(
        self,
        socket: web.WebSocketResponse,
        outgoing: "asyncio.Queue[dict[str, Any] | None]",
        session: Session,
    ) -> None:
        """Send what the session says; once the peer is gone, nothing more."""
        while (event := await outgoing.get()) is not None:
            if socket.closed or socket in self._muted:
                continue
            if (code := self._drills.spoilt.get(event["type"])) is not None:
                if not code:
                    continue
                event = _error(code)
            try:
                await socket.send_json(event)
            except ConnectionError:
                continue
            limit = self._drills.drop_after
            if (
                limit is not None
                and event["type"] == "response.done"
                and session.responses >= limit
            ):
                await socket.close(code=WSCloseCode.INTERNAL_ERROR, message=b"drill")

    def _note(self, kind: str, text: str, item: str = "") -> None:
        at_ms = int((time.monotonic() - self._began) * 1000)
        self._on_event(RealtimeNote(at_ms, kind, text, item))


def _error(code: str) -> dict[str, Any]:
    kind = "rate_limit_error" if code == "rate_limit_exceeded" else "invalid_request_error"
    said = {"type": kind, "code": code, "message": "A drill.", "param": None, "event_id": None}
    return {"type": "error", "event_id": ids.new("event"), "error": said}
