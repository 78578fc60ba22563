"""What each command of the session does: to the line, to the model, or in our own shell."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import assert_never

from services.media_bridge.call.backend import PersonInstead, RefusalReason
from services.media_bridge.call.context import CallContext
from services.media_bridge.call.line_closer import LineCloser
from services.media_bridge.call.line_watch import LineWatch
from services.media_bridge.call.opening.redemption import Redemption
from services.media_bridge.call.records.turn_writer import TurnsOf
from services.media_bridge.call.tool_runner import BROKEN, ToolRunner
from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.legs.caller import CallerLeg
from services.media_bridge.legs.ports import Feed, ModelLeg
from services.media_bridge.legs.reopened import ReopenedModel
from shared.actions import cut_calls
from shared.domain.outcomes import EndReason, Failure
from shared.domain.stream_token import TokenClaims
from shared.tools.dispatch import ToolReply

log = logging.getLogger(__name__)

# What is done neither to the line nor to the model.
ShellCommand = (
    do.RedeemToken
    | do.ListenForSpeech
    | do.ListenForQuiet
    | do.RunTool
    | do.NoteTurn
    | do.NoteCall
    | do.AlertHazard
    | do.Measure
    | do.EndCall
)


@dataclass(frozen=True, slots=True)
class OpenedCall:
    """What there is only once the token was redeemed: the call has a row then."""

    turns: TurnsOf
    tools: ToolRunner


class CommandDispatcher:
    """Does the commands of one call, each where it belongs."""

    def __init__(
        self,
        context: CallContext,
        line: CallerLeg,
        feed: Feed,
        end: Callable[[EndReason, Failure | None], None],
    ) -> None:
        """`feed` takes what comes of the commands; `end` is told the reason and the failure of
        an EndCall."""
        self._context, self._metrics, self._line = context, context.metrics, line
        self._feed, self._end = feed, end
        self._model: ModelLeg = ReopenedModel(
            partial(context.runtime.model, feed, context.clock.at_ms)
        )
        self._closer = LineCloser(line, context.threads)
        self._redemption = Redemption(
            context,
            known=self._known,
            refused=self._refused,
            not_admitted=self._not_admitted,
            opened=self._opened,
        )
        self._call: OpenedCall | None = None  # None until the token was redeemed
        self._has_row = False  # the calls row was written
        self._watch = LineWatch()
        self._is_over = False  # `finish` was called: the token may still be on its way

    def hear(self, payload: str, at_ms: int) -> None:
        """Pass a frame of the caller's on to the model: fifty times a second."""
        self._metrics.frame_heard()
        self._model.hear(payload)
        if self._watch.listens and (heard := self._watch.heard(payload, at_ms)) is not None:
            self._feed(heard)

    def perform(self, command: do.Command, event: ev.Event, read_at: float) -> None:
        """Do one command that `event` led to.

        `read_at` is the perf_counter reading, in seconds, when the event's frame had been read.
        """
        match command:
            case do.PlayAudio():
                self._metrics.sound_played(command.payload)
                self._line.perform(command)
            case do.PlaceMark():
                self._line.perform(command)
            case do.ClearPlayback():
                self._line.perform(command)
                if isinstance(event, ev.CallerSpoke):
                    took_ms = (perf_counter() - read_at) * 1000
                    self._metrics.count("BargeInMs", took_ms)
            case do.HearAudio():
                self.hear(command.payload, event.at_ms)
            case do.CloseLine():
                self._close_line()
            case (
                do.OpenSession()
                | do.CommitAudio()
                | do.Respond()
                | do.CancelResponse()
                | do.Truncate()
                | do.ForgetItem()
                | do.TellModel()
                | do.TellSpoken()
                | do.TellHeard()
                | do.RecallTool()
                | do.AnswerTool()
                | do.ReopenModel()
            ):
                self._model.perform(command)
            case do.CloseModel():
                self._model.close()
            case _:
                self._perform_here(command)

    def _perform_here(self, command: ShellCommand) -> None:
        context = self._context
        match command:
            case do.RedeemToken():
                self._redemption.start(command)
            case do.ListenForSpeech() | do.ListenForQuiet():
                self._watch.begin(command)
            case do.RunTool():
                self._run_tool(command)
            case do.NoteTurn():
                # Before the token was redeemed there is no row, and nobody's words are kept.
                if self._call is not None:
                    self._context.runtime.turns.note(self._call.turns, command)
            case do.NoteCall():
                at = context.clock.business_time(command.at_ms)
                context.threads.writes.add(partial(context.backend.note, command, at))
            case do.AlertHazard():
                alert = partial(context.backend.alert_on_call, command.category)
                context.threads.alerts.add(alert)
            case do.Measure():
                self._metrics.count(command.metric, command.value)
            case do.EndCall():
                self._end(command.reason, command.failure)
            case _:
                assert_never(command)

    # -- the token -------------------------------------------------------------------------

    def _known(self, claims: TokenClaims) -> None:
        if not self._is_over:
            self._model.open(claims.caller)

    def _refused(self, reason: RefusalReason) -> None:
        self._feed(ev.TokenRefused(self._context.clock.now(), reason))

    def _not_admitted(self, why: PersonInstead) -> None:
        self._has_row = True
        self._feed(ev.TokenRefused(self._context.clock.now(), why))

    def _opened(self, setup: ev.CallSetup) -> None:
        if self._is_over:
            return
        context = self._context
        runtime, metrics = context.runtime, self._metrics
        if context.journal is not None:
            context.journal.name(setup.call_sid)
        turns = TurnsOf(setup.call_sid, context.clock.opened_at, synthetic=metrics.synthetic)
        tools = ToolRunner(
            context.backend.use, self._answered, runtime.tools, metrics.port, setup.business_id
        )
        self._call, self._has_row = OpenedCall(turns, tools), True
        self._feed(ev.TokenRedeemed(context.clock.now(), setup))

    # -- tools -----------------------------------------------------------------------------

    def _run_tool(self, command: do.RunTool) -> None:
        if self._call is not None:
            self._call.tools.run(command)
            return
        # The session runs tools only in a call that is open. Were it ever wrong in that, the
        # agent still gets an answer it can say something about, and the call goes on.
        call_sid = self._context.threads.call_sid
        log.error("a tool was asked for before the call was open", extra={"call_sid": call_sid})
        self._feed(
            ev.ToolAnswered(self._context.clock.now(), command.call_id, BROKEN, 0, broke=True)
        )

    def _answered(self, command: do.RunTool, reply: ToolReply | None, took_ms: int) -> None:
        at, call_id = self._context.clock.now(), command.call_id
        if reply is None:
            return self._feed(ev.ToolAnswered(at, call_id, "", took_ms, timed_out=True))
        return self._feed(ev.ToolAnswered(
            at, call_id, json.dumps(reply.output), took_ms,
            figures=reply.figures, facts=reply.facts,
            hang_up=reply.hang_up, hand_over=reply.hand_over, recitation=reply.recitation,
            telling=reply.telling,
            danger=reply.danger.category.value if reply.danger else None,
            danger_words=reply.danger.words if reply.danger else "", broke=reply.broke,
        ))  # fmt: skip

    # -- the end ---------------------------------------------------------------------------

    def finish(self, reason: EndReason, failure: Failure | None) -> None:
        """The session is over: settle the row, close both legs, leave nothing running."""
        context, self._is_over = self._context, True
        self._model.close()
        in_flight = []
        if self._call is not None:
            in_flight = self._call.tools.stop()
            context.threads.let_pass(context.runtime.turns.soon())
        now = context.clock.now()
        ended_at = context.clock.business_time(now)
        context.threads.writes.add(
            partial(
                context.backend.finish, reason, failure, ended_at, in_flight, self._metrics.spent
            )
        )
        if context.journal is not None:
            context.journal.close()
        self._close_line()
        if call_sid := context.threads.call_sid:
            self._metrics.tally.ended(call_sid, round(now / 1000, 1), failure, self._once)

    def _once(self, count: Callable[[], None]) -> None:
        """Count that the call broke, after its row says so."""
        context = self._context
        if self._metrics.synthetic:  # counted nowhere, and leaves nothing
            return
        call_sid, dependencies = context.threads.call_sid, context.runtime.dependencies
        real = dependencies.clock.real()
        context.threads.writes.add(
            partial(cut_calls.tell_once, dependencies.ports, call_sid, count, real_now=real)
        )

    def _close_line(self) -> None:
        self._closer.close(has_row=self._has_row)

    def cut_off(self) -> None:
        """Close both legs at once: `finish` itself broke."""
        self._line.close()
        self._model.close()
