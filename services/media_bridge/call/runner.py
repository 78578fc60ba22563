"""One call: events in, commands done in order. The only clock and the only timers of a call."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import Final

from services.media_bridge.call.backend import CallBackend
from services.media_bridge.call.call_metrics import CallMetrics
from services.media_bridge.call.context import CallContext, Runtime
from services.media_bridge.call.dispatcher import CommandDispatcher
from services.media_bridge.call.records.journal_file import JournalFile
from services.media_bridge.call.records.writes import CallThreads
from services.media_bridge.call.timer import CallClock, Deadline
from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.legs.caller import CallerLeg
from shared.domain.outcomes import EndReason, Failure

log = logging.getLogger(__name__)

# Left out of the log, even where it is of everything: a call has a hundred of them a second.
SOUND: Final = (ev.CallerAudio, ev.AgentAudio, do.HearAudio, do.PlayAudio)


_TELLING: Final = (ev.ModelRefused, ev.ModelLost, ev.ResponseEnded)
# What happens in every call: a cancel that came too late, a truncation that is counted shorter.
_ORDINARY: Final = frozenset(
    {"response_cancel_not_active", "conversation_already_has_active_response", "", None}
)


class CallRunner:
    """Takes the events of one call, asks the session, has done what it says.

    Everything here runs on the event loop. Legs, threads and the timer all come to `feed`; what
    they bring is handled one after the other, so the journal holds the very order of decisions:

        leg, thread, timer ──► feed ──► CallSession.handle ──► commands ──► CommandDispatcher
                                ▲                                                  │
                                └──────── an event that a command makes ───────────┘
                                          (handled after the event at hand)
    """

    def __init__(
        self, runtime: Runtime, line: CallerLeg, ended: Callable[["CallRunner"], None]
    ) -> None:
        """The call of a line that has just connected; `ended` is told when nothing of it is left
        to do, its last write included."""
        self._ended = ended
        self._context = _context(runtime)
        self._journal = self._context.journal
        self._session = runtime.session()
        self._inbox: deque[ev.Event] = deque()  # not handled yet
        self._is_handling = False  # `feed` is at work further up the stack
        self._is_over = False  # after EndCall, or a bug of ours: no event is taken any more
        self._is_traced = log.isEnabledFor(logging.DEBUG)  # asked once: frames are many
        self._dispatcher = CommandDispatcher(self._context, line, self.feed, self._end)
        # `do.Command` is an open class; the dispatcher matches the closed list of them.
        self._perform = self._dispatcher.perform
        self._deadline = Deadline(
            asyncio.get_running_loop(),
            self._context.clock.now,
            lambda: self._session.deadline,
            lambda now: self.feed(ev.Tick(now)),
        )
        line.attach(self.feed, self._context.clock.at_ms)
        self._deadline.look()

    @property
    def synthetic(self) -> bool:
        """A smoke call, which no metric counts. False until its token has been read."""
        return self._context.metrics.synthetic

    def feed(self, event: ev.Event, read_at: float | None = None) -> None:
        """Take one event; what doing its commands causes comes after it, in order.

        `read_at` is the perf_counter reading, in seconds, when the event's frame had been read.
        """
        if self._is_over:
            return
        if self._is_handling:
            self._inbox.append(event)
            return
        self._is_handling = True
        started = perf_counter() if read_at is None else read_at
        try:
            if type(event) is ev.CallerAudio and self._session.passes(event):
                if self._journal is not None:
                    self._journal.note(event, [do.HearAudio(event.payload)])
                self._dispatcher.hear(event.payload, event.at_ms)
                if not self._inbox:
                    return  # fifty times a second: no deadline can have moved
            else:
                self._handle(event, started)
            while self._inbox:
                self._handle(self._inbox.popleft(), started)
            if not self._is_over:
                self._deadline.look()
        except Exception as exc:  # noqa: BLE001 - our own bug: it ends this call and no other
            self._broke(exc)
        finally:
            self._is_handling = False

    def drain(self) -> None:
        """The container is being stopped."""
        self.feed(ev.Draining(self._context.clock.now()))

    def _handle(self, event: ev.Event, read_at: float) -> None:
        event = self._context.runtime.dependencies.words.read(event, self._session)
        if isinstance(event, _TELLING):
            self._tell(event)
        commands = self._session.handle(
            event, lambda command: self._perform(command, event, read_at)
        )
        self._do(event, commands, read_at)

    def _do(self, event: ev.Event, commands: list[do.Command], read_at: float) -> None:
        if self._journal is not None:
            self._journal.note(event, commands)
        if self._is_traced:
            self._trace(event, commands)
        for command in commands:
            if type(command) is not do.ClearPlayback:  # done the moment it was decided
                self._perform(command, event, read_at)

    def _tell(self, event: ev.ModelRefused | ev.ModelLost | ev.ResponseEnded) -> None:
        """Log the code of what broke at the model: nothing else says it. Its words may quote."""
        place = {"call_sid": self._context.threads.call_sid}
        match event:
            case ev.ModelRefused(code=code) if code not in _ORDINARY:
                log.warning("the model refused", extra={**place, "code": code})
            case ev.ModelLost(reason=reason):
                log.warning("the model was lost", extra={**place, "why": reason})
            case ev.ResponseEnded(status="failed" | "incomplete", reason=why):
                log.warning("a response failed", extra={**place, "code": why})

    def _trace(self, event: ev.Event, commands: list[do.Command]) -> None:
        """Log what came and what is done about it: kinds and times, never what was said."""
        place: dict[str, object] = {
            "call_sid": self._context.threads.call_sid,
            "at_ms": event.at_ms,
        }
        if not isinstance(event, SOUND):
            log.debug("< event", extra={**place, "event": type(event).__name__})
        for command in commands:
            if not isinstance(command, SOUND):
                log.debug("> command", extra={**place, "command": type(command).__name__})

    # -- the end ---------------------------------------------------------------------------

    def _broke(self, exc: Exception) -> None:
        place = {"call_sid": self._context.threads.call_sid}
        log.error("the bridge broke a call", exc_info=exc, extra=place)
        self._inbox.clear()
        try:
            self._end(EndReason.FAILED, Failure.BRIDGE_ERROR)
        except Exception:
            log.exception("and could not end it", extra=place)
            self._dispatcher.cut_off()
            self._ended(self)

    def _end(self, reason: EndReason, failure: Failure | None) -> None:
        if self._is_over:
            return
        self._is_over = True
        self._deadline.stop()
        self._dispatcher.finish(reason, failure)
        fields = {"call_sid": self._context.threads.call_sid, "reason": reason, "failure": failure}
        log.debug("= call over", extra=fields)
        self._context.threads.after_writes(lambda: self._ended(self))


def _context(runtime: Runtime) -> CallContext:
    """What the parts of a call that begins now share."""
    dependencies = runtime.dependencies
    threads = CallThreads(runtime.writers, runtime.tools)
    folder = runtime.journal_dir
    return CallContext(
        runtime=runtime,
        clock=CallClock(perf_counter(), dependencies.clock.business()),
        threads=threads,
        metrics=CallMetrics(dependencies.ports.metrics, runtime.traffic),
        backend=CallBackend(dependencies),
        journal=JournalFile(folder, threads.writes) if folder is not None else None,
    )
