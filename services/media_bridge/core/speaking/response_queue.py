"""One response at a time, and each of them asked for by us.

The model's server makes none by itself (`create_response` is off): it tells when the caller's turn
is over, and the bridge asks. So what is to be said is decided here, never guessed at:

    caller    ───speaks────┐stops
    want                   ├─ r1 is sent at once (response.create)
    tool        answers ───┤  one response says both: two plain wants are one
                           └▶ R1 begins ... R1 ends ──▶ the next want is sent

While one is under way or was asked for, while the caller speaks, and while a tool has not
answered, a want waits. What begins after the caller began to speak is cancelled and asked for
anew when they are done.

A recital is a response of its own context, beside the conversation. It does not wait for a response
that was abandoned to end; one in the conversation would be refused until then.
"""

from collections import deque
from dataclasses import dataclass

MOST_FAILURES = 1  # running: a response that failed is asked for once more


@dataclass(frozen=True, slots=True)
class WantedResponse:
    """A response to ask for. Plain (neither instructions nor a sentence): let the model go on
    with what it knows."""

    instructions: str | None = None
    sentence: str | None = None  # a recital
    urgent: bool = False  # does not wait for tools

    @property
    def plain(self) -> bool:
        return self.instructions is None and self.sentence is None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is to be sent, or what is under way came of."""

    request_id: str
    want: WantedResponse


class ResponseQueue:
    """The response that is under way, the one that was asked for, and those that are wanted."""

    def __init__(self) -> None:
        # Response id of the response under way, whoever asked for it.
        self.active: str | None = None
        # The caller speaks; set and cleared by the server's VAD, or by us where it never ends.
        self.speaking = False
        # Neither sound nor the call of a tool has come of the active response yet.
        self.silent = False
        # How many responses running failed or were empty; 0 again when one completes.
        self.failures = 0
        # What is to be asked for, the front first.
        self._wants: deque[WantedResponse] = deque()
        # What was asked for and has not begun.
        self._requested: Asked | None = None
        # What `active` came of, when it was ours.
        self._asked: Asked | None = None
        # Requests that are wanted no more: what begins of them is cancelled at once.
        self._unwanted: dict[str, WantedResponse] = {}
        # Responses in the conversation that were abandoned and have not ended: until then the
        # server refuses another one.
        self._abandoned: set[str] = set()
        # Of the newest id we gave to something we sent.
        self._numbers = 0

    def number(self, kind: str) -> str:
        """A new id for something we send: `r1`, `t2` ..."""
        self._numbers += 1
        return f"{kind}{self._numbers}"

    @property
    def requested(self) -> str | None:
        """Our request that was sent and has not begun: its id."""
        return self._requested.request_id if self._requested else None

    @property
    def free(self) -> bool:
        """Nothing is under way, asked for or wanted."""
        return not (self.active or self._requested or self._wants)

    @property
    def busy(self) -> bool:
        """Something is under way, or was asked for."""
        return bool(self.active or self._requested or self._closed)

    @property
    def _closed(self) -> bool:
        """The conversation takes no response yet."""
        return bool(self._abandoned) or any(not w.sentence for w in self._unwanted.values())

    @property
    def reciting(self) -> bool:
        """What is under way is a recital."""
        return self._asked is not None and self._asked.want.sentence is not None

    # -- our wishes ---------------------------------------------------------------------------

    def want(self, instructions: str | None = None) -> None:
        """Have the model speak when it may. Two plain wants are one."""
        want = WantedResponse(instructions)
        if want not in self._wants and (instructions or not self._answers_caller):
            self._wants.append(want)

    def recite(self, sentence: str, *, urgent: bool = False) -> None:
        """Have a sentence read word for word when it may be."""
        want = WantedResponse(sentence=sentence, urgent=urgent)
        if urgent:
            self._wants.appendleft(want)
        elif want not in self._wants:
            self._wants.append(want)

    def again(self, want: WantedResponse) -> None:
        """Ask once more for what was not said."""
        if want not in self._wants:
            self._wants.appendleft(want)

    def answer_caller(self) -> None:
        """Have the model answer their turn: behind what is urgent, and though a tool runs."""
        if self._answers_caller:
            return
        waiting = [want for want in self._wants if want != WantedResponse()]
        first = sum(want.urgent for want in waiting)
        self._wants = deque([*waiting[:first], WantedResponse(urgent=True), *waiting[first:]])

    @property
    def _answers_caller(self) -> bool:
        return WantedResponse(urgent=True) in self._wants

    def drop_wants(self) -> None:
        self._wants.clear()

    def abandon(self) -> None:
        """What is under way or was asked for is wanted no more; it was or will be cancelled."""
        if self.active is not None and not self.reciting:
            self._abandoned.add(self.active)
        if self._requested is not None:
            self._unwanted[self._requested.request_id] = self._requested.want
        self.active = self._requested = self._asked = None

    def ask(self, *, tools_open: bool) -> Asked | None:
        """The request to send now, if any."""
        if not self._wants or self.active or self._requested or self.speaking:
            return None
        want = self._wants[0]
        if (tools_open and not want.urgent) or (self._closed and want.sentence is None):
            return None
        self._requested = Asked(self.number("r"), self._wants.popleft())
        return self._requested

    # -- the caller's turns -------------------------------------------------------------------

    def caller_spoke(self) -> None:
        self.speaking = True

    def caller_stopped(self) -> None:
        self.speaking = False

    # -- responses ----------------------------------------------------------------------------

    def started(self, response_id: str, request_id: str | None) -> bool:
        """A response began; False when it must be cancelled at once."""
        unwanted = self._unwanted.pop(request_id or "", None)
        if unwanted is not None:
            if unwanted.sentence is None:
                self._abandoned.add(response_id)
            return False
        self.active, self.silent, self._asked = response_id, True, None
        if request_id is None or request_id != self.requested:
            return True
        self._asked, self._requested = self._requested, None
        if self.speaking and self._asked is not None:
            # The caller began before it did: it would talk over them. Their turn is answered first.
            self.again(self._asked.want)
            self.abandon()
            return False
        return True

    def recites(self, response_id: str) -> str | None:
        """The sentence that a response under way is to read; None where it is no recital."""
        return self._asked.want.sentence if self._asked and response_id == self.active else None

    def bore(self, response_id: str) -> None:
        """Something came of a response: sound, or the call of a tool."""
        if response_id == self.active:
            self.silent = False

    def ended(self, response_id: str) -> WantedResponse | None:
        """A response ended; return what it was asked for, when it was ours and not abandoned."""
        self._abandoned.discard(response_id)
        if response_id != self.active:
            return None
        self.active = None
        asked, self._asked = self._asked, None
        return asked.want if asked else None

    def refused(self, request_id: str | None) -> bool:
        """Our request was refused; what it was for is wanted still."""
        if request_id is not None and self._unwanted.pop(request_id, None) is not None:
            return False
        if self._requested is None or request_id not in (None, self._requested.request_id):
            return False
        self._wants.appendleft(self._requested.want)
        self._requested = None
        return True

    def session_lost(self) -> None:
        """What is under way or was asked for is asked of the next session."""
        under_way = self._asked or self._requested
        if under_way is not None and not under_way.want.plain:
            self.again(under_way.want)
        elif under_way is not None or self.active is not None:
            self.want()  # not before the tools it may have called have answered
        self._unwanted.clear()
        self._abandoned.clear()
        self.active = self._requested = self._asked = None
        self.failures = 0

    def model_lost(self) -> None:
        """Nothing more can come."""
        self._wants.clear()
        self._unwanted.clear()
        self._abandoned.clear()
        self.active = self._requested = self._asked = None
        self.speaking = False
