"""The tool calls under way: each is answered exactly once, whatever becomes of its response."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.domain.telling import Telling, in_one_breath
from shared.schema import ToolName

# A caller is waiting while a tool runs: see the limits in docs/calls.md.
LIMITS_MS: Mapping[str, int] = {
    ToolName.BOOK_APPOINTMENT: 8_000,
    ToolName.ESCALATE_TO_HUMAN: 5_000,
    ToolName.CHECK_AVAILABILITY: 5_000,
}
LIMIT_MS = 4_000
# The shell answers at the limit; should it not, the tool counts as timed out so much later.
GRACE_MS = 2_000
MOST_CALLS = 40
# A tool is called once more after it could not work. Whoever asks is not kept waiting for a third.
MOST_BROKEN = 2


@dataclass(frozen=True, slots=True)
class ToolUse:
    """One call of a tool: what the model asked for, and its row in the transcript."""

    seq: int  # of its row
    at_ms: int
    response_id: str
    call_id: str
    name: str
    arguments: Mapping[str, object] | None  # card numbers masked; None: they were no JSON object

    @property
    def limit_ms(self) -> int:
        return LIMITS_MS.get(self.name, LIMIT_MS)

    @property
    def overdue_ms(self) -> int:
        return self.at_ms + self.limit_ms + GRACE_MS


class OpenToolCalls:
    """The calls of tools in one call, by the call id the model gave them."""

    def __init__(self) -> None:
        # Every id that was taken up, also of calls that were refused: the same one runs once.
        self._seen: set[str] = set()
        # Running, and not answered to the model.
        self._open: dict[str, ToolUse] = {}
        # Answered to the model as timed out; the real answer may still come, once.
        self._late: dict[str, ToolUse] = {}
        # Called by code, or by a session that was lost: the model knows no such call.
        self._orphans: set[str] = set()
        # What each response's tools have for the caller's ear; None: the model tells of it.
        self._for_caller: dict[str, list[tuple[ToolUse, Telling | None]]] = {}
        # How many answers running were none.
        self._broken = 0

    @property
    def busy(self) -> bool:
        return bool(self._open)

    @property
    def full(self) -> bool:
        return len(self._seen) >= MOST_CALLS

    @property
    def open(self) -> tuple[ToolUse, ...]:
        return tuple(self._open.values())

    def is_new(self, call_id: str) -> bool:
        return call_id not in self._seen

    def take_up(self, call_id: str) -> None:
        self._seen.add(call_id)

    def start(self, use: ToolUse, *, by_code: bool = False) -> None:
        """`by_code`: the model has not called it, and learns of it in words."""
        self._open[use.call_id] = use
        if by_code:
            self._seen.add(use.call_id)
            self._orphans.add(use.call_id)

    def answered(self, call_id: str, *, timed_out: bool) -> ToolUse | None:
        """Take the call that waits for this; one that timed out may answer once more, late."""
        use = self._open.pop(call_id, None)
        if use is not None and timed_out:
            self._late[call_id] = use
        return use

    def found(self, use: ToolUse, telling: Telling | None) -> None:
        """A tool has answered, and this is to be said of it word for word, if anything is."""
        self._for_caller.setdefault(use.response_id, []).append((use, telling))

    def take_found(self, response_id: str) -> tuple[str | None, bool]:
        """What is to be said once all tools of a response have answered, the price first, and
        whether there is something that the model has to tell."""
        found = self._for_caller.pop(response_id, [])
        found.sort(key=lambda one: (one[0].name != ToolName.GET_PRICING_QUOTE, one[0].seq))
        tellings = [telling for _, telling in found if telling is not None]
        sentence = in_one_breath(tellings) if tellings else None
        return sentence, len(tellings) < len(found) or not found

    def worked(self, *, broke: bool) -> bool:
        """A tool has answered, or could not: False once too many running could not."""
        self._broken = self._broken + 1 if broke else 0
        return self._broken < MOST_BROKEN

    def session_lost(self) -> None:
        """Those that are open go on, and are told of in words."""
        self._orphans.update(self._open)

    def is_orphan(self, call_id: str) -> bool:
        """The model does not know this call by its id."""
        return call_id in self._orphans

    def late(self, call_id: str) -> ToolUse | None:
        return self._late.pop(call_id, None)
