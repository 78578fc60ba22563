"""Decides what one call does next. No sockets, no clock, no chance: events in, commands out."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final, assert_never

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core import (
    meanwhile,
    on_caller,
    on_line,
    on_model,
    on_recital,
    waiting,
)
from services.media_bridge.core.phases import Phase
from services.media_bridge.core.speaking import announcing, disclosure
from services.media_bridge.core.state import CallState
from services.media_bridge.core.timers import Timer
from shared.domain.models import CallerKind

# However short a business sets it, the caller is left so long to think.
SHORTEST_SILENCE_MS = 20_000
RELAYED = 3  # so many times as long where an operator speaks for the caller
# Who called and was asked what for has something to say: where nothing was heard of them by then,
# the model may be deaf.
FIRST_SILENCE_MS = 8_000
# Looked up once: up to Python 3.11 asking an enum for a member costs a quarter of a frame.
_ENDED: Final = Phase.ENDED
_ENDING: Final = Phase.ENDING
_LIVE: Final = Phase.LIVE
_UNHEARD: Final = Timer.UNHEARD
_QUIET: Final = Timer.QUIET


class CallSession:
    """Feed it every event in order; do every command it returns, in order.

    The same events always give the same commands, so a journal of a call replays it exactly.
    It begins at 0 `at_ms`, when the socket opened, and waits `start_ms` for LineOpened.
    """

    def __init__(self, *, start_ms: int = waiting.START_MS) -> None:
        # All that is known of the call. Nothing outlives an event but what stands in it.
        self._call = CallState()
        self._call.timers.set(Timer.START, start_ms)
        # Parts of it that every frame asks for, fifty times a second.
        self._phases = self._call.phases
        self._playback = self._call.audio_out.playback
        self._responses = self._call.responses
        self._caller_audio = self._call.hearing.audio

    @property
    def phase(self) -> Phase:
        return self._call.phase

    @property
    def deadline(self) -> int | None:
        """When the session next wants a Tick, in `at_ms`; None: not at all."""
        return self._call.timers.next

    def handle(
        self, event: ev.Event, at_once: Callable[[do.ClearPlayback], None] | None = None
    ) -> list[do.Command]:
        """Return what must be done about `event`; never raises on anything a peer can send.

        EndCall is the last command of a call: nothing that was still to be decided follows it,
        and no later event leads to any. `at_once` is given a ClearPlayback the moment it is
        decided, before all that has to be thought about it: a caller is hearing us over their own
        words. It stands in the list all the same.
        """
        if self._phases.call is _ENDED:
            return []
        if type(event) is ev.CallerAudio:
            return [do.HearAudio(event.payload)] if self.passes(event) else self._keep(event)
        if self._phases.call is _LIVE:
            if type(event) is ev.AgentAudio and event.response_id == self._responses.active:
                return self._speak(event)
            if type(event) is ev.MarkEchoed and self._call.announcements.current is None:
                return self._played(event)
        commands: list[do.Command] = []
        for command in chain(self._decide(event), self._settle(event.at_ms)):
            commands.append(command)
            if type(command) is do.ClearPlayback and at_once is not None:
                at_once(command)
            elif type(command) is do.EndCall:
                break
        return commands

    def asked(self, utterance: str) -> str:
        """The agent's words that an utterance of the caller's answers."""
        return self._call.guards.read_back.asked(utterance)

    @property
    def callers_words(self) -> str:
        """The caller's last words, "" for none."""
        return self._call.guards.claims.caller

    def recites(self, response_id: str) -> bool:
        """Whether a response is code's own sentence, read out."""
        return self._call.audio_out.recitals.get(response_id) is not None

    def passes(self, event: ev.CallerAudio) -> bool:
        """Whether a frame is the model's to hear, and nothing else is to be done about it.

        Fifty times a second: whoever asks this first need not `handle` what passes.
        """
        self._playback.tick(event.media_ms)
        audio = self._caller_audio
        audio.came_ms = event.at_ms
        if not audio.passes:
            return False
        audio.newest.append(event.payload)
        return True

    def _keep(self, event: ev.CallerAudio) -> list[do.Command]:
        """Keep a frame until the model may hear it."""
        if not self._caller_audio.full:
            self._caller_audio.keep(event.payload)
        elif self._call.live:
            # Nothing a caller says is thrown away in silence: a person hears them instead.
            return list(disclosure.give_up(self._call, event.at_ms))
        return []

    # What comes often, and settles nothing: a delta of the response under way, and a mark behind
    # which there is more to play.

    def _speak(self, event: ev.AgentAudio) -> list[do.Command]:
        commands = on_model.audio(self._call, event)
        if not self._call.audio_out.idle:
            self._call.timers.clear(_UNHEARD)
        return commands

    def _played(self, event: ev.MarkEchoed) -> list[do.Command]:
        if not self._playback.echoed(event.name):
            return []
        commands = self._call.audio_out.finished()
        return commands if not self._playback.idle else [*commands, *self._settle(event.at_ms)]

    # -- which event goes where ---------------------------------------------------------------

    def _decide(self, event: ev.Event) -> Iterator[do.Command]:
        call = self._call
        if call.setup is None and isinstance(event, ev.ConversationEvent):
            return  # nobody is known to be there yet: only the legs and the token count
        match event:
            case ev.AgentAudio():
                yield from on_model.audio(call, event)
                call.bound_closing(event.at_ms)
            case ev.MarkEchoed():
                yield from self._mark(event)
            case ev.CallerSpoke():
                yield from waiting.spoke(call, event)
            case ev.CallerStopped():
                waiting.stopped(call, event)
            case ev.CallerQuiet():
                yield from waiting.quiet(call, event)
            case ev.CallerUnnoticed():
                waiting.unnoticed(call, event.at_ms)
            case ev.CallerSaid():
                yield from waiting.said(call, event)
            case ev.CallerUnheard():
                yield from waiting.unheard(call, event)
            case ev.ResponseStarted():
                yield from on_model.started(call, event)
            case ev.AgentSaid():
                yield from on_model.said(call, event)
            case ev.Recited():
                on_model.alive(call, event.at_ms, event.response_id)
                yield from on_recital.recited(call, event)
            case ev.ToolCalled():
                yield from waiting.tool_called(call, event)
            case ev.ToolAnswered():
                yield from waiting.tool_answered(call, event)
            case ev.ResponseEnded():
                yield from on_model.ended(call, event)
            case ev.ModelRefused():
                yield from on_model.refused(call, event)
            case ev.KeyPressed():
                call.guards.loose_ends.caller_answered()
                yield from on_caller.pressed(call, event)
            case ev.CallerAudio():
                yield from self._keep(event)
            case _:
                yield from self._come_and_go(event)

    def _come_and_go(self, event: ev.LifecycleEvent) -> Iterator[do.Command]:
        """The legs and the token: what happens a few times a call."""
        call = self._call
        match event:
            case ev.Tick():
                yield from waiting.time_passed(call, event.at_ms)
            case ev.LineOpened():
                yield from on_line.opened(call, event)
            case ev.TokenRedeemed():
                yield from on_line.redeemed(call, event)
            case ev.TokenRefused():
                yield from on_line.refused(call, event)
            case ev.ModelOpened():
                yield from on_model.opened(call)
            case ev.ModelReady():
                yield from on_model.ready(call, event.at_ms)
            case ev.ModelLost():
                yield from on_model.lost(call, event)
            case ev.Draining():
                yield from on_line.drain(call, event.at_ms)
            case ev.LineClosed():
                yield from on_line.closed(call, event)
            case _:
                assert_never(event)

    # -- the mark that ends something ---------------------------------------------------------

    def _mark(self, event: ev.MarkEchoed) -> Iterator[do.Command]:
        """Something was played to its end: a turn of the agent, perhaps an announcement."""
        call = self._call
        if not self._playback.echoed(event.name):
            return
        yield from call.audio_out.finished()
        current = call.announcements.current
        if current is None:
            return
        if current.clip is None:
            yield from on_model.announcement_heard(call, event.at_ms)
        elif self._playback.played(current.item_id):
            yield from announcing.done(call, event.at_ms)

    # -- after every event --------------------------------------------------------------------

    def _settle(self, now_ms: int) -> Iterator[do.Command]:
        """Ask for the response that is due, close when all was said, watch for silence."""
        call = self._call
        if self._responses.active is None:
            yield from call.audio_out.mark()  # nothing more comes behind it
        if call.model_ready:
            if call.announcements.by_model:
                yield from waiting.announcement_stuck(call, now_ms)
            yield from self._ask(now_ms)
        if self._phases.call is _ENDING and call.closing is not None:
            if call.at_rest:
                yield from call.finish(call.closing.reason, call.closing.failure)
            return
        waiting.watch_marks(call, now_ms)
        if not call.at_rest:
            call.timers.clear(_QUIET)
            meanwhile.watch(call, now_ms)
            return
        call.timers.clear(Timer.UNHEARD)
        if not (call.live and self._caller_audio.passes):
            call.timers.clear(_QUIET)
        elif not call.timers.running(_QUIET) and call.setup is not None:
            silence_ms = max(SHORTEST_SILENCE_MS, call.setup.silence_ms)
            if CallerKind.RELAY in call.hearing.kinds:
                silence_ms *= RELAYED  # all is typed and read out in between
            first = not call.ending.silences and call.transcript.is_caller_silent
            call.timers.set(_QUIET, now_ms + (FIRST_SILENCE_MS if first else silence_ms))
            yield do.ListenForSpeech()

    def _ask(self, now_ms: int) -> Iterator[do.Command]:
        """Send the request for the response that may be made now, if one is wanted."""
        call = self._call
        asked = call.responses.ask(tools_open=call.tool_calls.busy)
        if asked is not None:
            current = call.announcements.current
            if current is not None and asked.want.sentence == current.text:
                current.request_id = asked.request_id
            on_model.asked_for(call, now_ms)
            yield do.Respond(asked.request_id, asked.want.instructions, asked.want.sentence)
