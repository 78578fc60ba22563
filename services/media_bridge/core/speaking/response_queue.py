"""One response at a time: nothing is asked for while one is under way.

With server VAD the model's server makes a response by itself whenever the caller stops speaking.
A second `response.create` meanwhile is refused and lost, so our own wishes wait here until the
server has nothing under way and nothing to come. A tool that answers while the caller speaks:

    caller    ───speaks────┐stops
    server                 ├─ its own response is expected, 1.5 s at most ─┐
    tool        answers    │                                               │
    our wish    │ waits ───┴───────────────────────────────────────────────┤
                                                                           ├─ comes:  R1, which was
                                                                           │  made after the tool's
                                                                           │  answer and so covers
                                                                           │  the wish: dropped
                                                                           └─ does not come: r1 is
                                                                              sent (response.create)

and a request that is refused, because the server was quicker:

    r1 sent ──▶   "conversation_already_has_active_response"   R1 begins ... R1 ends ──▶ r2 sent
                  the wish goes back to the front and waits for R1
"""

from collections import deque
from dataclasses import dataclass

# How long after the caller stopped the server's own response may take to begin.
EXPECTED_MS = 1_500


@dataclass(frozen=True, slots=True)
class WantedResponse:
    """A response to ask for. Plain (no instructions): let the model go on with what it knows."""

    instructions: str | None = None
    urgent: bool = False  # does not wait for tools


class ResponseQueue:
    """The response that is under way, the one that was asked for, and those that are wanted."""

    def __init__(self) -> None:
        # Response id of the response under way, whoever asked for it.
        self.active: str | None = None
        # Our request (`r1`, `r2` ...) that was sent and has not begun.
        self.requested: str | None = None
        # The caller speaks; set and cleared by the server's VAD, or by us where it never ends.
        self.speaking = False
        # Neither sound nor the call of a tool has come of the active response yet.
        self.silent = False
        # How many responses running failed or were empty; 0 again when one completes.
        self.failures = 0
        # What is to be asked for, the front first.
        self._wants: deque[WantedResponse] = deque()
        # What `requested`, then `active`, was asked for: to ask again where it fails.
        self._asked: WantedResponse | None = None
        # What was requested is wanted no more: it is cancelled as soon as it begins.
        self._discard = False
        # The caller's turn ended after the plain want was known, so the response the server makes
        # to that turn says what was wanted.
        self._covered = False
        # `at_ms` up to which the server may begin a response by itself; None: it is not expected.
        self._expected_until: int | None = None
        # Of the newest id we gave to something we sent.
        self._numbers = 0

    def number(self, kind: str) -> str:
        """A new id for something we send: `r1`, `t2` ..."""
        self._numbers += 1
        return f"{kind}{self._numbers}"

    @property
    def free(self) -> bool:
        """Nothing is under way, asked for or wanted."""
        return not (self.active or self.requested or self._wants)

    @property
    def busy(self) -> bool:
        """Something is under way, or was asked for."""
        return bool(self.active or self.requested)

    # -- our wishes ---------------------------------------------------------------------------

    def want(self, instructions: str | None = None, *, urgent: bool = False) -> None:
        """Have the model speak when it may. Two plain wants are one."""
        want = WantedResponse(instructions, urgent)
        if urgent:
            self._wants.appendleft(want)
        elif want not in self._wants:
            self._wants.append(want)
            self._covered = False

    def again(self, want: WantedResponse) -> None:
        """Ask once more for what was not said."""
        if want not in self._wants:
            self._wants.appendleft(want)

    def drop_wants(self) -> None:
        self._wants.clear()

    def discard(self) -> None:
        """What was requested but has not begun is wanted no more."""
        self._discard = self.requested is not None

    def ask(self, now_ms: int, *, tools_open: bool) -> tuple[str, str | None] | None:
        """The request to send now, as (request id, instructions)."""
        if not self._wants or self.busy or self.speaking:
            return None
        if self._expected_until is not None and now_ms < self._expected_until:
            return None
        if tools_open and not self._wants[0].urgent:
            return None
        self._asked = self._wants.popleft()
        self.requested = self.number("r")
        return self.requested, self._asked.instructions

    def waits_until(self) -> int | None:
        """When a want should be looked at again although nothing happened."""
        return self._expected_until if self._wants else None

    # -- the caller's turns -------------------------------------------------------------------

    def caller_spoke(self) -> None:
        self.speaking = True

    def caller_stopped(self, now_ms: int) -> None:
        self.speaking = False
        self.expect(now_ms)
        self._covered = any(want.instructions is None for want in self._wants)

    def turn_ended_by_us(self) -> None:
        """As `caller_stopped`, but the server will make no response by itself."""
        self.speaking = False

    def expect(self, now_ms: int) -> None:
        """The server may be about to make a response by itself: ours wait a moment."""
        self._expected_until = now_ms + EXPECTED_MS

    # -- responses ----------------------------------------------------------------------------

    def started(self, response_id: str, request_id: str | None) -> bool:
        """A response began; False when it must be cancelled at once."""
        self.active, self.silent = response_id, True
        ours = request_id is not None and request_id == self.requested
        self._expected_until = None
        if not ours:
            if self._covered:
                # It was made after all we told the model, so it says what was wanted.
                self._wants = deque(want for want in self._wants if want.instructions)
            self._covered = False
            return True
        self.requested = None
        unwanted, self._discard = self._discard, False
        if self.speaking and not unwanted:
            # The caller began before it did: it would talk over them. Their turn is answered first.
            self.again(self._asked or WantedResponse())
            self._asked = None
            return False
        return not unwanted

    def bore(self, response_id: str) -> None:
        """Something came of a response: sound, or the call of a tool."""
        if response_id == self.active:
            self.silent = False

    def ended(self, response_id: str) -> WantedResponse | None:
        """A response ended; return what it was asked for, when it was ours."""
        if response_id != self.active:
            return None
        self.active = None
        if self.requested is None:
            asked, self._asked = self._asked, None
            return asked
        return None

    def refused(self, request_id: str | None, now_ms: int) -> bool:
        """Our request was refused: another response is active. It is asked again after that one."""
        if self.requested is None or request_id not in (None, self.requested):
            return False
        if self._asked is not None and not self._discard:
            self._wants.appendleft(self._asked)
        self.requested, self._asked, self._discard = None, None, False
        if self.active is None:
            # The other one is on its way to us; asking before it comes would be refused again.
            self.expect(now_ms)
        return True

    def model_lost(self) -> None:
        """Nothing more can come."""
        self._wants.clear()
        self.active = self.requested = None
        self.speaking = False
