"""Plays one call: a real CallSession and the real tools between a virtual line and a virtual model.

    caller ── Line ──► CallSession ──► the bridge's own Realtime leg ──► VoiceServer ── model
                         │  ▲
                         ▼  │ tools and rows: CallBackend over ports in memory

Time goes in steps of 20 ms, each with a frame of the caller's, as the phone network sends them;
what a model or a tool takes is waited for on the same clock.
"""

import json
from collections import deque
from collections.abc import Callable
from random import Random

from msgspec.structs import replace

from services.media_bridge.call.backend import TokenRejected
from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.hearing.hush import Hush
from services.media_bridge.core.session import CallSession
from services.simulator.receptionist import Agent
from tests.evals.conversation.callers.answer import Utterance
from tests.evals.conversation.callers.behaviours import script_of
from tests.evals.conversation.callers.caller import Caller
from tests.evals.conversation.callers.turns import CallerTurns
from tests.evals.conversation.meaning import Meaning
from tests.evals.conversation.scenario import Scenario
from tests.evals.conversation.stage.leg import InProcessLeg
from tests.evals.conversation.stage.line import LOUD, QUIET, Line
from tests.evals.conversation.stage.played import Played
from tests.evals.conversation.stage.response import Message, Pace
from tests.evals.conversation.stage.server import VoiceServer
from tests.evals.conversation.stage.sound import FRAME_MS, Sounds
from tests.evals.conversation.stage.timeline import Timeline
from tests.evals.conversation.stage.world import CALL_SID, STREAM_SID, World, word_models

LONGEST_MS = 600_000
TOOL_MS = (90, 320)  # a tool takes as long as two or three requests to a table
AGENT_WPM = 160

Understands = Callable[[str], Meaning]
# A model is made for each call: it is told what the caller's words mean, and given its chance.
MakesAgent = Callable[[Understands, Random], Agent]


class _Call:
    def __init__(self, scenario: Scenario, makes: MakesAgent, seed: int, pace: Pace) -> None:
        chance = Random(f"{scenario.id}:{seed}")
        self._chance = Random(chance.random())
        self._timeline = Timeline()
        sounds = Sounds(AGENT_WPM)
        self._line = Line(sounds)
        self._world = World(scenario, sounds, lambda: self._now)
        caller = Caller(scenario, script_of(scenario), Random(chance.random()))
        self._meanings: dict[str, Meaning] = {}
        agent = makes(lambda text: self._meanings.get(text, Meaning()), Random(chance.random()))
        self._leg = InProcessLeg(self._feed, lambda: self._now, self._to_server)
        self._server = VoiceServer(
            agent, sounds, self._timeline, self._leg.deliver, pace, Random(chance.random())
        )
        self._session = CallSession()
        self._inbox: deque[ev.Event] = deque()
        self._is_handling = False
        self._hush: Hush | None = None  # as in the bridge: only while somebody wants to know
        self.played = Played(scenario, self._world.fakes, agent)
        self._turns = CallerTurns(
            caller, self._line, self._server, self._timeline, self.played, pace,
            self._says, lambda: self._feed(ev.LineClosed(self._now, "hung_up")),
        )  # fmt: skip

    @property
    def _now(self) -> int:
        return self._timeline.now_ms

    def _to_server(self, message: Message) -> None:
        self._server.receive(message)

    def _says(self, utterance: Utterance) -> None:
        self._meanings[utterance.text.strip()] = utterance.meaning

    # -- the clock --------------------------------------------------------------------------

    def play(self) -> Played:
        self._feed(ev.LineOpened(0, CALL_SID, STREAM_SID, self._world.token))
        while self.played.end is None and self._now < LONGEST_MS:
            self._step()
        self._finish()
        return self.played

    def _step(self) -> None:
        at_ms = self._now + FRAME_MS
        self._timeline.until(at_ms)
        for mark in self._line.step(at_ms):
            self._feed(ev.MarkEchoed(at_ms, mark))
        frame = LOUD if self._turns.speaks else QUIET
        self._feed(ev.CallerAudio(at_ms, frame, self._line.media_ms))
        if self._hush is not None and self._hush.heard(frame):
            self._hush = None
            self._feed(ev.CallerQuiet(at_ms))
        deadline = self._session.deadline
        if deadline is not None and deadline <= at_ms:
            self._feed(ev.Tick(at_ms))
        self._turns.step(at_ms)

    # -- the session and its shell ----------------------------------------------------------

    def _feed(self, event: ev.Event) -> None:
        self._inbox.append(event)
        if self._is_handling:
            return
        self._is_handling = True
        try:
            while self._inbox:
                self._handle(self._inbox.popleft())
        finally:
            self._is_handling = False

    def _handle(self, event: ev.Event) -> None:
        event = word_models().read(event, self._session)
        if isinstance(event, ev.ToolCalled):
            self._note("tool", f"{event.name} {json.dumps(event.arguments)}")
        for command in self._session.handle(event):
            self._perform(command)

    def _perform(self, command: do.Command) -> None:
        match command:
            case do.HearAudio():
                pass  # the server is told when the caller speaks
            case do.PlayAudio():
                self._line.play(command.payload)
            case do.PlaceMark():
                self._line.mark(command.name)
            case do.ClearPlayback():
                self._line.clear()
            case do.RunTool():
                self._run(command)
            case do.RedeemToken():
                self._redeem(command)
            case do.ListenForSpeech():
                pass  # the server notices whatever is said
            case do.ListenForQuiet():
                self._hush = Hush()
            case do.EndCall():
                self.played.end = command
            case _:
                self._report(command)
                self._leg.perform(command)  # which leaves alone what is not for the model

    def _report(self, command: do.Command) -> None:
        """What stays of a command: in the rows, in the transcript, in what is counted."""
        self.played.keep(self._now, command)
        match command:
            case do.NoteCall():
                self._world.backend.note(command, self._world.clock.business())
            case do.AlertHazard():
                self._world.backend.alert_on_call(command.category)

    def _note(self, who: str, text: str) -> None:
        self.played.note(self._now, who, text)

    def _redeem(self, command: do.RedeemToken) -> None:
        backend = self._world.backend
        try:
            setup = backend.open(backend.read(command), command.stream_sid)
        except TokenRejected as exc:
            self._feed(ev.TokenRefused(self._now, exc.reason))
            return
        self._timeline.after(150, self._server.open)
        self._feed(ev.TokenRedeemed(self._now, setup))

    def _run(self, command: do.RunTool) -> None:
        reply = self._world.backend.use(command)
        took = self._chance.randint(*TOOL_MS)
        self._turns.tool_ran()
        event = ev.ToolAnswered(
            0, command.call_id, json.dumps(reply.output), took,
            figures=reply.figures, facts=reply.facts,
            hang_up=reply.hang_up, hand_over=reply.hand_over, recitation=reply.recitation,
            telling=reply.telling,
            danger=reply.danger.category.value if reply.danger else None,
            danger_words=reply.danger.words if reply.danger else "",
        )  # fmt: skip
        self._timeline.after(took, lambda: self._feed(replace(event, at_ms=self._now)))

    # -- the end ----------------------------------------------------------------------------

    def _finish(self) -> None:
        played, at = self.played, self._world.clock.business()
        played.length_ms = self._now
        played.protocol_errors, played.said = self._server.refused, self._server.said
        for passage in self._line.passages:
            if text := self._line.words(passage):
                played.note(passage.began_ms, "agent", text, passage.until_ms)
        played.lines.sort(key=lambda line: line.at_ms)
        if played.end is not None:
            self._world.backend.finish(played.end.reason, played.end.failure, at, [])
            self._world.dialled()


def play(scenario: Scenario, makes: MakesAgent, seed: int, pace: Pace | None = None) -> Played:
    """Play a scenario once. The same scenario, model and seed give the same call."""
    return _Call(scenario, makes, seed, pace or Pace()).play()
