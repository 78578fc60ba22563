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
from dataclasses import dataclass, field, replace
from random import Random

from services.media_bridge.call.backend import TokenRejected
from services.media_bridge.call.opening.setup import session_tuning
from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.hearing.hush import Hush
from services.media_bridge.core.session import CallSession
from services.media_bridge.legs.model import RealtimeEndpoint, RealtimeLeg
from services.simulator.receptionist import Agent
from tests.evals.conversation.callers.behaviours import script_of
from tests.evals.conversation.callers.caller import Caller, Utterance
from tests.evals.conversation.meaning import Meaning
from tests.evals.conversation.scenario import Scenario
from tests.evals.conversation.stage.line import LOUD, QUIET, Line
from tests.evals.conversation.stage.server import Message, Pace, VoiceServer
from tests.evals.conversation.stage.sound import FRAME_MS, Sounds, timed
from tests.evals.conversation.stage.timeline import Timeline
from tests.evals.conversation.stage.world import CALL_SID, MODEL, STREAM_SID, World, danger_in

LONGEST_MS = 600_000
# A caller takes a pause of this length for the end of what the agent has to say.
TURN_OVER_MS = 350
# Who is told nothing for so long says something.
PATIENCE_MS = 7_000
TOOL_MS = (90, 320)  # a tool takes as long as two or three requests to a table
BARGE_IN_AFTER_MS = 1_500
CUT = "UnbackedFigures"  # counted for each claim of the agent's that is stopped
CALLER_WPM, AGENT_WPM = 165, 160

Understands = Callable[[str], Meaning]
# A model is made for each call: it is told what the caller's words mean, and given its chance.
MakesAgent = Callable[[Understands, Random], Agent]


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the transcript, as it was heard."""

    at_ms: int
    who: str  # caller, agent, tool, guard
    text: str
    until_ms: int = 0


@dataclass(slots=True)
class Played:
    """What one call was like, and what it left."""

    scenario: Scenario
    world: World
    lines: list[Said] = field(default_factory=list)
    measures: list[do.Measure] = field(default_factory=list)
    turns: dict[int, do.NoteTurn] = field(default_factory=dict)
    alerts: list[str] = field(default_factory=list)
    said: list[tuple[int, str]] = field(default_factory=list)  # by the model, heard or not
    cuts: list[int] = field(default_factory=list)  # when a claim was cut, in ms
    latencies: list[tuple[int, bool]] = field(default_factory=list)  # ms, whether behind a tool
    end: do.EndCall | None = None
    length_ms: int = 0
    server_errors: list[str] = field(default_factory=list)
    agent: Agent | None = None

    def cut_sentences(self) -> list[tuple[int, str]]:
        """What the model was saying each time it was cut."""
        found = []
        for at_ms in self.cuts:
            begun = [text for since, text in self.said if since <= at_ms]
            found.append((at_ms, begun[-1] if begun else ""))
        return found


class _Leg(RealtimeLeg):
    """The bridge's own leg, its socket replaced by a server in this process."""

    def __init__(self, feed: Callable[[ev.Event], None], now_ms: Callable[[], int]) -> None:
        endpoint = RealtimeEndpoint("", lambda: "", lambda: "", session_tuning(MODEL.model))
        super().__init__(endpoint, lambda event, read_at=None: feed(event), lambda _: now_ms())
        self.server: VoiceServer | None = None

    def perform(self, command: do.Command) -> None:
        if type(command) is not do.HearAudio:  # the server is told when the caller speaks
            super().perform(command)

    def send(self, message: bytes | str) -> None:
        if self.server is not None:
            self.server.receive(json.loads(message))

    def deliver(self, message: Message) -> None:
        self._message(json.dumps(message).encode(), 0.0)

    def shut(self, *_: object) -> None:
        self.server = None


class _Call:
    def __init__(self, scenario: Scenario, makes: MakesAgent, seed: int, pace: Pace) -> None:
        chance = Random(f"{scenario.id}:{seed}")
        self._chance = Random(chance.random())
        self._timeline = Timeline()
        self._sounds = Sounds(AGENT_WPM)
        self._line = Line(self._sounds)
        self._world = World(scenario, self._sounds, lambda: self._timeline.now_ms)
        self._caller = Caller(scenario, script_of(scenario), Random(chance.random()))
        self._meanings: dict[str, Meaning] = {}
        agent = makes(lambda text: self._meanings.get(text, Meaning()), Random(chance.random()))
        self._leg = _Leg(self._feed, lambda: self._timeline.now_ms)
        self._server = VoiceServer(
            agent,
            self._sounds,
            self._timeline,
            self._leg.deliver,
            pace,
            Random(chance.random()),
        )
        self._leg.server = self._server
        self._pace = pace
        self._session = CallSession()
        self._inbox: deque[ev.Event] = deque()
        self._is_handling = False
        self._hush: Hush | None = None
        self.played = Played(scenario, self._world, agent=agent)
        # The caller's turn under way, and what they have reacted to.
        self._speaks_until: int | None = None
        self._reacting = False
        self._opened = False
        self._heard_passages = 0  # of the line's, that they have answered
        self._considered = ""  # what they last thought about, answered or not
        self._quiet_since = 0
        self._last_spoke_ms: int | None = None
        self._tool_since_spoke = False
        self._waits_for_sound = False

    # -- the clock --------------------------------------------------------------------------

    def play(self) -> Played:
        self._feed(ev.LineOpened(0, CALL_SID, STREAM_SID, self._world.token))
        while self.played.end is None and self._timeline.now_ms < LONGEST_MS:
            self._step()
        self._finish()
        return self.played

    def _step(self) -> None:
        at_ms = self._timeline.now_ms + FRAME_MS
        self._timeline.until(at_ms)
        for mark in self._line.step(at_ms):
            self._feed(ev.MarkEchoed(at_ms, mark))
        frame = LOUD if self._speaks_until is not None else QUIET
        self._feed(ev.CallerAudio(at_ms, frame, self._line.media_ms))
        if self._hush is not None and self._hush.heard(frame):
            self._hush = None
            self._feed(ev.CallerQuiet(at_ms))
        deadline = self._session.deadline
        if deadline is not None and deadline <= at_ms:
            self._feed(ev.Tick(at_ms))
        self._note_first_sound(at_ms)
        self._caller_step(at_ms)

    def _note_first_sound(self, at_ms: int) -> None:
        if self._waits_for_sound and self._line.last_sound_ms == at_ms:
            self._waits_for_sound = False
            assert self._last_spoke_ms is not None
            waited = at_ms - FRAME_MS - self._last_spoke_ms
            self.played.latencies.append((waited, self._tool_since_spoke))

    # -- the caller -------------------------------------------------------------------------

    def _caller_step(self, at_ms: int) -> None:
        if self._speaks_until is not None or self._reacting:
            return
        passages = self._line.passages
        if self._line.playing:
            self._quiet_since = at_ms
            if self._opened and len(passages) > self._heard_passages:
                self._maybe_barge_in(at_ms)
            return
        quiet = at_ms - max(self._quiet_since, self._line.last_sound_ms)
        if len(passages) > self._heard_passages and quiet >= TURN_OVER_MS:
            self._answer(self._unanswered())
        elif self._opened and quiet >= PATIENCE_MS and not self._waits_long(at_ms):
            self._quiet_since = at_ms
            self._speak(self._caller.silence())

    def _waits_long(self, at_ms: int) -> bool:
        return self._last_spoke_ms is not None and at_ms - self._last_spoke_ms < PATIENCE_MS

    def _unanswered(self) -> str:
        passages = self._line.passages[self._heard_passages :]
        return " ".join(self._line.words(passage) for passage in passages).strip()

    def _maybe_barge_in(self, at_ms: int) -> None:
        if at_ms - self._line.passages[-1].began_ms < BARGE_IN_AFTER_MS:
            return
        utterance = self._caller.barge_in(self._unanswered())
        if utterance is not None:
            self._heard_passages = len(self._line.passages)
            self._begin(utterance)

    def _answer(self, heard: str) -> None:
        if not self._opened:
            self._opened = True
            self._heard_passages = len(self._line.passages)
            self._speak(self._caller.opening())
            return
        if heard == self._considered:
            return
        self._considered = heard
        utterance = self._caller.reply(heard)
        if utterance is not None:
            self._considered = ""
            self._heard_passages = len(self._line.passages)
            self._speak(utterance)
        # Else they wait: what they have heard may have been the first half of it.

    def _speak(self, utterance: Utterance | None) -> None:
        if utterance is not None:
            self._reacting = True
            self._timeline.after(self._caller.pause_ms, lambda: self._begin(utterance))

    def _begin(self, utterance: Utterance) -> None:
        self._reacting = False
        if self._speaks_until is not None or self.played.end is not None:
            return
        now = self._timeline.now_ms
        ms = timed(utterance.text, CALLER_WPM).ms
        self._speaks_until = now + ms
        self._meanings[utterance.text.strip()] = utterance.meaning
        self.played.lines.append(Said(now, "caller", utterance.text, now + ms))
        item: list[str] = []
        noticed = min(self._pace.speech_start, ms)
        self._timeline.after(noticed, lambda: item.append(self._server.caller_speaks()))
        self._timeline.after(ms, lambda: self._stopped(utterance))
        silence = ms + self._server.silence_ms
        self._timeline.after(
            silence, lambda: self._server.caller_stopped(item[0], utterance.text.strip())
        )

    def _stopped(self, utterance: Utterance) -> None:
        now = self._timeline.now_ms
        self._speaks_until, self._last_spoke_ms = None, now
        self._waits_for_sound, self._tool_since_spoke = True, False
        self._quiet_since = now
        if utterance.hangs_up:
            self._timeline.after(900, lambda: self._feed(ev.LineClosed(self._now, "hung_up")))

    @property
    def _now(self) -> int:
        return self._timeline.now_ms

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
        if isinstance(event, ev.CallerSaid):
            event = replace(event, hazard=danger_in()(event.text))
        elif isinstance(event, ev.ToolCalled):
            arguments = json.dumps(event.arguments)
            self._note("tool", f"{event.name} {arguments}")
        for command in self._session.handle(event):
            self._perform(command)

    def _perform(self, command: do.Command) -> None:
        match command:
            case do.HearAudio():
                pass
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
            case do.ListenForQuiet():
                self._hush = Hush()
            case do.NoteTurn():
                self.played.turns[command.seq] = command
            case do.NoteCall():
                self._world.backend.note(command, self._world.clock.business())
            case do.AlertHazard():
                self._note("guard", f"on-call is told: {command.category}")
                self.played.alerts.append(command.category)
                self._world.backend.alert_on_call(command.category)
            case do.Measure():
                self.played.measures.append(command)
                if command.metric == CUT:
                    self.played.cuts.append(self._now)
            case do.EndCall():
                self.played.end = command
            case do.AnswerTool():
                self._answered_by(command)
                self._leg.perform(command)
            case do.TellModel():
                self._note("guard", command.text)
                self._leg.perform(command)
            case _:
                self._leg.perform(command)

    def _note(self, who: str, text: str) -> None:
        self.played.lines.append(Said(self._now, who, text, self._now))

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
        self._tool_since_spoke = True
        self._ran = command.call_id
        event = ev.ToolAnswered(
            0, command.call_id, json.dumps(reply.output), took,
            figures=reply.figures, facts=reply.facts,
            hang_up=reply.hang_up, hand_over=reply.hand_over,
        )  # fmt: skip
        self._timeline.after(took, lambda: self._feed(replace(event, at_ms=self._now)))

    def _answered_by(self, command: do.AnswerTool) -> None:
        self._note("tool", f"-> {command.output}")

    # -- the end ----------------------------------------------------------------------------

    def _finish(self) -> None:
        played, at = self.played, self._world.clock.business()
        played.length_ms = self._now
        played.server_errors, played.said = self._server.refused, self._server.said
        for passage in self._line.passages:
            text = self._line.words(passage)
            if text:
                played.lines.append(Said(passage.began_ms, "agent", text, passage.until_ms))
        played.lines.sort(key=lambda line: line.at_ms)
        if played.end is not None:
            self._world.backend.finish(played.end.reason, played.end.failure, at, [])
            self._world.dialled()


def play(scenario: Scenario, makes: MakesAgent, seed: int, pace: Pace | None = None) -> Played:
    """Play a scenario once. The same scenario, model and seed give the same call."""
    return _Call(scenario, makes, seed, pace or Pace()).play()
