"""A call played against a CallSession by hand: a phone that really plays, a model that is told.

The phone takes 20 ms steps, plays what it was sent in order, echoes marks when their sound is over
and, after a clear, all that were pending. `heard` is the truth that tests hold the session to.
"""

from base64 import b64encode
from collections import deque
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar

from services.media_bridge.call.word_models import WordModels
from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.hearing.hush import Hush
from services.media_bridge.core.journal import Journal
from services.media_bridge.core.session import CallSession
from services.media_bridge.core.speaking.playback import BYTES_PER_MS, byte_length
from services.media_bridge.process import claim_weights
from services.media_bridge.wire.realtime.tool_arguments import parsed
from tests.moments import WAITING

_Kind = TypeVar("_Kind", bound=do.Command)
STEP_MS = 20
FIRST_MEDIA_MS = 155  # Twilio's media clock does not begin at 0
DISCLOSURE = (
    "Thanks for calling CoolCare HVAC. I'm the AI assistant and this call is recorded. "
    "How can I help?"
)
GAS = "Please leave the building now and call 911 from outside."


def sound(ms: int) -> str:
    return b64encode(b"\xff" * (ms * BYTES_PER_MS)).decode()


def noise(ms: int) -> str:
    """As loud as somebody speaking."""
    return b64encode(b"\x20\xa0" * (ms * BYTES_PER_MS // 2)).decode()


def some_setup(**changes: object) -> ev.CallSetup:
    setup = ev.CallSetup(
        call_sid="CA" + "1" * 32,
        business_id="coolcare_hvac",
        business_name="CoolCare HVAC",
        instructions="You answer the phone.",
        tools=({"type": "function", "name": "end_call", "description": "", "parameters": {}},),
        model="gpt-realtime-2.1",
        voice="marin",
        disclosure=DISCLOSURE,
        disclosure_clip=ev.Clip(DISCLOSURE, sound(2000)),
        guidance={"gas_leak": GAS},
        guidance_clips={"gas_leak": ev.Clip(GAS, sound(3000))},
        waiting_clips=tuple(ev.Clip(words, sound(1000)) for words in WAITING),
    )
    return replace(setup, **changes)  # type: ignore[arg-type]


@dataclass(slots=True)
class _Sent:
    """What the phone was sent and has not played: sound, or a mark behind it."""

    ms: int
    item: str | None  # None until a mark tells
    mark: str = ""


@cache
def _models() -> WordModels:
    """What reads claims, as in a bridge; verdicts on dangers are the tests' own."""
    return WordModels(claims_in=claim_weights.load().read)


class ScriptedCall:
    """Time goes on only through `wait`; everything else happens at the present moment."""

    def __init__(self, *, echo_after_clear: bool = True) -> None:
        self.session = CallSession()
        self.at_ms = 0
        self.done: list[do.Command] = []
        self.last: list[do.Command] = []
        self.journal = Journal()
        self.lines = ""
        self.heard: dict[str, int] = {}  # item -> ms really played
        self.loud = False  # whether the caller's frames hold more than silence
        self._hush: Hush | None = None  # as in the bridge
        self._hushed: type[ev.CallerQuiet | ev.CallerUnnoticed] = ev.CallerQuiet
        self._echo_after_clear = echo_after_clear
        self._queue: deque[_Sent] = deque()
        self._echoes: list[str] = []
        self._media = FIRST_MEDIA_MS
        self._numbers = 0
        self._open_request = False
        self.besides: list[do.Respond] = []  # what was asked for but to answer the caller's turn

    # -- events -------------------------------------------------------------------------------

    def feed(self, event: ev.Event) -> list[do.Command]:
        if isinstance(event, ev.ResponseStarted | ev.ModelRefused):
            self._open_request = False
        if isinstance(event, ev.AgentSaid):
            event = _models().read(event, self.session)
        commands = self.session.handle(event)
        self.lines += self.journal.entry(event, commands)
        for command in commands:
            self._phone(command, event)
            if isinstance(command, do.Respond):
                self._open_request = True
                if not isinstance(event, ev.CallerStopped):
                    self.besides.append(command)
        self.done += commands
        self.last = commands
        return commands

    def _phone(self, command: do.Command, event: ev.Event) -> None:
        if isinstance(command, do.PlayAudio):
            item = event.item_id if isinstance(event, ev.AgentAudio) else None
            self._queue.append(_Sent(byte_length(command.payload) // BYTES_PER_MS, item))
        elif isinstance(command, do.PlaceMark):
            item = command.name.split(":", 1)[1].rpartition(":")[0]
            for sent in self._queue:
                sent.item = sent.item or item
            self._queue.append(_Sent(0, item, command.name))
        elif isinstance(command, do.ClearPlayback):
            if self._echo_after_clear:
                self._echoes += [sent.mark for sent in self._queue if sent.mark]
            self._queue.clear()
        elif isinstance(command, do.ListenForQuiet):
            self._hush, self._hushed = Hush(), ev.CallerQuiet
        elif isinstance(command, do.ListenForSpeech):
            self._hush, self._hushed = Hush(after_speech=True), ev.CallerUnnoticed

    def wait(self, ms: int) -> list[do.Command]:
        """Let `ms` pass on the line; return what was done meanwhile, audio frames left out."""
        before = len(self.done)
        for _ in range(ms // STEP_MS):
            self.at_ms += STEP_MS
            self._step()
        return [c for c in self.done[before:] if not isinstance(c, do.HearAudio)]

    def _step(self) -> None:
        for mark in self._take(self._echoes) + self._play():
            self.feed(ev.MarkEchoed(self.at_ms, mark))
        frame = noise(STEP_MS) if self.loud else sound(STEP_MS)
        self.feed(ev.CallerAudio(self.at_ms, frame, self._media))
        self._media += STEP_MS
        if self._hush is not None and self._hush.heard(frame):
            self._hush = None
            self.feed(self._hushed(self.at_ms))
        deadline = self.session.deadline
        if deadline is not None and deadline <= self.at_ms:
            self.feed(ev.Tick(self.at_ms))

    @staticmethod
    def _take(marks: list[str]) -> list[str]:
        taken = list(marks)
        marks.clear()
        return taken

    def _play(self) -> list[str]:
        left, over = STEP_MS, []
        while self._queue and left >= 0:
            sent = self._queue[0]
            played = min(sent.ms, left)
            self.heard[sent.item or ""] = self.heard.get(sent.item or "", 0) + played
            left, sent.ms = left - played, sent.ms - played
            if sent.ms:
                break
            self._queue.popleft()
            if sent.mark:
                over.append(sent.mark)
        return over

    # -- opening ------------------------------------------------------------------------------

    def open(self, **setup: object) -> "ScriptedCall":
        """Up to where the model is ready and the disclosure plays."""
        self.feed(ev.LineOpened(self.at_ms, "CA" + "1" * 32, "MZ" + "1" * 32, "a-token"))
        self.feed(ev.ModelOpened(self.at_ms))
        self.feed(ev.TokenRedeemed(self.at_ms, some_setup(**setup)))
        self.feed(ev.ModelReady(self.at_ms))
        return self

    def live(self, **setup: object) -> "ScriptedCall":
        """Up to where the disclosure was heard and the caller may speak."""
        self.open(**setup)
        self.wait(2200)
        return self

    # -- the caller ---------------------------------------------------------------------------

    def caller_says(self, text: str, *, ms: int = 400, words: bool = True) -> str:
        """One utterance with its transcript; returns its item id."""
        item_id = self._id("u")
        self.feed(ev.CallerSpoke(self.at_ms, item_id))
        self.wait(ms)
        self.feed(ev.CallerStopped(self.at_ms, item_id))
        if words:
            self.feed(ev.CallerSaid(self.at_ms, item_id, text))
        return item_id

    def keys(self, digits: str) -> list[do.Command]:
        before = len(self.done)
        for digit in digits:
            self.feed(ev.KeyPressed(self.at_ms, digit))
            self.wait(200)
        return [c for c in self.done[before:] if not isinstance(c, do.HearAudio)]

    # -- the model ----------------------------------------------------------------------------

    def _id(self, kind: str) -> str:
        self._numbers += 1
        return f"{kind}{self._numbers}"

    @property
    def asked(self) -> do.Respond:
        """The newest response.create."""
        return self.all(do.Respond)[-1]

    @property
    def outstanding(self) -> str | None:
        """Our newest request, while nothing has come of it."""
        return self.asked.request_id if self._open_request else None

    def starts(self, request_id: str | None = None) -> str:
        """A response begins: to `request_id`, else to the request that is open, if one is."""
        response_id = self._id("R")
        self.feed(ev.ResponseStarted(self.at_ms, response_id, request_id or self.outstanding))
        return response_id

    def speaks(self, response_id: str, text: str, ms: int = 1000, *, over: bool = True) -> str:
        """Sound in pieces of 200 ms and its words; `over`: the response ends."""
        item_id = self._id("a")
        for _ in range(ms // 200):
            self.feed(ev.AgentAudio(self.at_ms, response_id, item_id, sound(200)))
        self.feed(ev.AgentSaid(self.at_ms, response_id, item_id, text))
        if over:
            self.ends(response_id)
        return item_id

    def ends(
        self, response_id: str, status: str = "completed", reason: str | None = None
    ) -> list[do.Command]:
        return self.feed(ev.ResponseEnded(self.at_ms, response_id, status, reason, None))

    def agent_says(self, text: str, ms: int = 1000, *, asked: bool = False) -> str:
        """A whole response, which has not played yet; `asked`: to our newest request, also when
        one has come of it."""
        response_id = self.starts(self.asked.request_id if asked else None)
        return self.speaks(response_id, text, ms)

    def exchange(self, agent: str, caller: str) -> None:
        """The agent says something to the end, and the caller answers."""
        self.agent_says(agent)
        self.wait(1200)
        self.caller_says(caller)

    def calls_tool(self, name: str, arguments: str = "{}", *, response_id: str = "") -> str:
        """`arguments` is the model's JSON text, decoded as the wire decodes it."""
        call_id, given = self._id("call"), parsed(arguments)
        self.feed(ev.ToolCalled(self.at_ms, response_id or "R0", call_id, name, given))
        return call_id

    def tool_answers(self, call_id: str, output: str = '{"ok":true}', **more: object) -> None:
        self.feed(ev.ToolAnswered(self.at_ms, call_id, output, 120, **more))  # type: ignore[arg-type]

    # -- what was done ------------------------------------------------------------------------

    def all(self, kind: type[_Kind]) -> list[_Kind]:
        return [command for command in self.done if isinstance(command, kind)]

    def measured(self, metric: str) -> list[float]:
        return [command.value for command in self.all(do.Measure) if command.metric == metric]

    def reopens(self) -> list[do.Command]:
        """The model's next session is ready; what that led to."""
        self.feed(ev.ModelOpened(self.at_ms))
        return self.feed(ev.ModelReady(self.at_ms))

    def end(self) -> do.EndCall:
        last = self.done[-1]
        assert isinstance(last, do.EndCall)
        return last


# -- calls that have come somewhere ------------------------------------------------------------


def quiet_call(**more: bool) -> ScriptedCall:
    """The caller has said something, and waits for the answer."""
    call = ScriptedCall(**more).live()
    call.caller_says("My AC stopped cooling.")
    call.wait(100)
    return call


def goodbye_said(ms: int = 2000) -> ScriptedCall:
    """The agent said goodbye and called end_call in one response."""
    call = ScriptedCall().live()
    call.caller_says("That's all, thanks.")
    response = call.starts()
    call.speaks(response, "Thank you for calling. Goodbye.", ms, over=False)
    tool = call.calls_tool("end_call", '{"reason":"completed"}', response_id=response)
    call.tool_answers(tool, '{"ended":true}', hang_up=True)
    call.ends(response)
    return call
