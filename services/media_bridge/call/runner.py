"""One call: events in, commands done in order. The only clock and the only timers of a call."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final

from services.media_bridge.call.backend import (
    CallBackend,
    Dependencies,
    RefusalReason,
    TokenRejected,
)
from services.media_bridge.call.journal_file import JournalFile
from services.media_bridge.call.tally import Tally
from services.media_bridge.call.timer import Deadline
from services.media_bridge.call.tool_runner import Toolbox
from services.media_bridge.call.turn_writer import SerialExecutor, TurnWriter
from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.hearing.hush import Hush
from services.media_bridge.core.session import CallSession
from services.media_bridge.legs.legs import CallerLeg, Clock, Feed, ModelLeg
from shared.actions.ports import Metrics
from shared.actions.smoke import Uncounted
from shared.domain.stream_token import TokenClaims
from shared.tools.dispatch import ToolReply

log = logging.getLogger(__name__)

WRITES_S: Final = 2.0  # how long the line waits for the writes that /after-stream reads
FRAME_CHARACTERS: Final = 214  # 20 ms of mu-law as base64


@dataclass(slots=True)
class Traffic:
    """20 ms frames of all calls of this process, in both directions."""

    frames: int = 0


@dataclass(frozen=True, slots=True)
class Runtime:
    """What all bridges of this process share. `tools` and `writers` are pools of threads."""

    dependencies: Dependencies
    model: Callable[[Feed, Clock], ModelLeg]
    tools: Executor
    writers: Executor
    traffic: Traffic
    journal_dir: Path | None = None
    session: Callable[[], CallSession] = CallSession


class CallRunner:
    """Takes the events of one call, asks the session, does what it says."""

    def __init__(
        self, runtime: Runtime, line: CallerLeg, ended: Callable[["CallRunner"], None]
    ) -> None:
        self._runtime, self._line, self._ended = runtime, line, ended
        self._metrics: Metrics = runtime.dependencies.ports.metrics
        self._traffic = runtime.traffic
        self.synthetic = False
        self._loop = asyncio.get_running_loop()
        self._zero = perf_counter()
        self._opened_at = runtime.dependencies.clock.business()
        self._session = runtime.session()
        self._backend = CallBackend(runtime.dependencies)
        self._writes = SerialExecutor(runtime.writers, lambda: self.call_sid)
        self._alerts = SerialExecutor(runtime.tools, lambda: self.call_sid)
        self._journal = (
            JournalFile(runtime.journal_dir, self._writes) if runtime.journal_dir else None
        )
        self._model = runtime.model(self.feed, self.at_ms)
        self._toolbox: Toolbox | None = None
        self._record: TurnWriter | None = None
        self._business: str | None = None
        self._tally = Tally(self._measure)
        self.call_sid = ""
        self._inbox: deque[ev.Event] = deque()
        self._hush: Hush | None = None  # only while a turn of the caller is overdue
        self._busy = self._over = self._closing = False
        self._read_at = self._zero
        self._deadline = Deadline(
            self._loop,
            self._now,
            lambda: self._session.deadline,
            lambda now: self.feed(ev.Tick(now)),
        )
        line.attach(self.feed, self.at_ms)
        self._deadline.look()

    def at_ms(self, reading: float) -> int:
        """A perf_counter reading as milliseconds since the socket opened."""
        return int((reading - self._zero) * 1000)

    def feed(self, event: ev.Event, read_at: float | None = None) -> None:
        """Take one event; what doing its commands causes comes after it, in order.

        `read_at` is the perf_counter reading when the event's frame was read.
        """
        if self._over:
            return
        self._inbox.append(event)
        if self._busy:
            return
        self._busy = True
        self._read_at = perf_counter() if read_at is None else read_at
        try:
            while self._inbox:
                self._handle(self._inbox.popleft())
            if not self._over:
                self._deadline.look()
        except Exception as exc:  # noqa: BLE001 - our own bug: it ends this call and no other
            self._broke(exc)
        finally:
            self._busy = False

    def drain(self) -> None:
        """The container is being stopped."""
        self.feed(ev.Draining(self._now()))

    def _now(self) -> int:
        return self.at_ms(perf_counter())

    def _handle(self, event: ev.Event) -> None:
        if isinstance(event, ev.CallerSaid):
            event = replace(event, hazard=self._runtime.dependencies.danger_in(event.text))
        commands = self._session.handle(event)
        if self._journal is not None:
            self._journal.note(event, commands)
        for command in commands:
            self._do(command, event)

    def _do(self, command: do.Command, event: ev.Event) -> None:
        match command:
            case do.HearAudio():
                self._traffic.frames += 1
                self._model.perform(command)
                if self._hush is not None and self._hush.heard(command.payload):
                    self._hush = None
                    self._inbox.append(ev.CallerQuiet(event.at_ms))
            case do.ListenForQuiet():
                self._hush = Hush()
            case do.PlayAudio():
                self._traffic.frames += -(-len(command.payload) // FRAME_CHARACTERS)
                self._line.perform(command)
            case do.PlaceMark() | do.ClearPlayback():
                self._line.perform(command)
                if type(command) is do.ClearPlayback and isinstance(event, ev.CallerSpoke):
                    self._measure("BargeInMs", (perf_counter() - self._read_at) * 1000)
            case do.CloseLine():
                self._close_line()
            case do.CloseModel():
                self._model.close()
            case do.RedeemToken():
                self._redeem(command)
            case do.RunTool() if self._toolbox is not None:
                self._toolbox.run(command)
            case do.NoteTurn() if self._record is not None:
                self._record.turn(command)
            case do.NoteCall():
                self._writes.add(partial(self._backend.note, command, self._at(command.at_ms)))
            case do.AlertHazard():
                self._alerts.add(partial(self._backend.alarm, command.category))
            case do.Measure():
                self._measure(command.metric, command.value)
            case do.EndCall():
                self._end(command.reason, command.failure)
            case _:
                self._model.perform(command)

    def _measure(self, metric: str, value: float = 1) -> None:
        self._metrics.count(metric, value, business=self._business)

    # -- the token -------------------------------------------------------------------------

    def _redeem(self, command: do.RedeemToken) -> None:
        self.call_sid = command.call_sid
        self._writes.add(partial(self._redeem_now, command))

    def _redeem_now(self, command: do.RedeemToken) -> None:
        """In a thread."""
        try:
            claims = self._backend.read(command)
            self._later(partial(self._known, claims))
            terms = self._backend.open(claims, command.stream_sid)
        except TokenRejected as exc:
            self._later(partial(self._refused, exc.reason))
        except Exception:
            self._later(partial(self._refused, "unavailable"))
            raise
        else:
            self._later(partial(self._opened, terms))

    def _known(self, claims: TokenClaims) -> None:
        """The token is ours: the model may be dialled while the row is being written."""
        self._business = claims.business_id
        if claims.synthetic:
            self.synthetic, self._metrics, self._traffic = True, Uncounted(), Traffic()
        if not self._over:
            self._model.open(claims.caller)

    def _refused(self, reason: RefusalReason) -> None:
        log.warning("a token was refused", extra={"call_sid": self.call_sid, "reason": reason})
        self._measure("CallsRejectedToken")
        # Where our own table did not answer, the token may well be good: a call of ours broke.
        self._tally.settled(is_call=reason == "unavailable")
        self.feed(ev.TokenRefused(self._now(), reason))

    def _opened(self, terms: ev.CallSetup) -> None:
        self._tally.settled(is_call=True)
        if self._over:
            return
        if self._journal is not None:
            self._journal.name(terms.call_sid)
        turns = self._runtime.dependencies.ports.turns
        self._record = TurnWriter(
            terms.call_sid, self._opened_at, turns, self._writes, synthetic=self.synthetic
        )
        self._toolbox = Toolbox(
            self._backend.use, self._answered, self._runtime.tools, self._metrics, terms.business_id
        )
        self.feed(ev.TokenRedeemed(self._now(), terms))

    # -- tools --------------------------------------------------------------------

    def _answered(self, command: do.RunTool, reply: ToolReply | None, took_ms: int) -> None:
        at, call_id = self._now(), command.call_id
        if reply is None:
            return self.feed(ev.ToolAnswered(at, call_id, "", took_ms, timed_out=True))
        return self.feed(ev.ToolAnswered(
            at, call_id, json.dumps(reply.output), took_ms,
            stage=reply.stage, hang_up=reply.hang_up, hand_over=reply.hand_over,
        ))  # fmt: skip

    # -- the end ---------------------------------------------------------------------------

    def _broke(self, exc: Exception) -> None:
        log.error("the bridge broke a call", exc_info=exc, extra={"call_sid": self.call_sid})
        self._inbox.clear()
        try:
            self._end("failed", "bridge_error")
        except Exception:
            log.exception("and could not end it", extra={"call_sid": self.call_sid})
            self._line.close()
            self._model.close()
            self._ended(self)

    def _end(self, reason: str, failure: str | None) -> None:
        """The session is over: settle the row, close both legs, leave nothing running."""
        if self._over:
            return
        self._over = True
        self._deadline.stop()
        self._model.close()
        in_flight = self._toolbox.stop() if self._toolbox is not None else []
        now = self._now()
        self._writes.add(partial(self._backend.finish, reason, failure, self._at(now), in_flight))
        if self._journal is not None:
            self._journal.close()
        self._close_line()
        if self.call_sid:
            self._tally.ended(self.call_sid, round(now / 1000, 1), failure)
        self._after_writes(lambda: self._ended(self))

    def _close_line(self) -> None:
        """Close the line once what was noted before is written: /after-stream reads it at once."""
        if self._closing:
            return
        self._closing = True
        if self._record is None:
            self._line.close()  # there is no row: /after-stream finds none and brings a human
        else:
            # One turn of the loop later, so that the EndCall that follows is written too.
            self._loop.call_soon(self._close_line_after_writes)

    def _close_line_after_writes(self) -> None:
        limit = self._loop.call_later(WRITES_S, self._line.close)

        def close() -> None:
            limit.cancel()
            self._line.close()

        self._after_writes(close)

    def _after_writes(self, then: Callable[[], None]) -> None:
        self._writes.add(lambda: None).add_done_callback(lambda _: self._later(then))

    def _later(self, work: Callable[[], None]) -> None:
        """On the event loop, from a thread."""
        try:
            self._loop.call_soon_threadsafe(work)
        except RuntimeError:
            log.warning("too late: the process is ending", extra={"call_sid": self.call_sid})

    def _at(self, at_ms: int) -> datetime:
        return self._opened_at + timedelta(milliseconds=at_ms)
