"""The caller's words that are on their way, and what waits for them.

The model may begin to reply before the transcript of what it replies to is here. A danger in those
words must be answered by our own guidance, so the reply is held until they come, 1.2 s at most:

    caller speaks        stops                    words          +1.2 s
    ─────┴────────────────┴───────────────────────┴────────────────┴──────▶
                          │   the reply is held   │ let go: in time
                          │   the reply is held         let go: late ─┘

A server whose transcripts come too late twice running is waited for no more, until one comes in
time again: otherwise every reply of the call would be late.
"""

from collections import deque

from services.media_bridge.core.events import ToolCalled

# Counted from the end of the utterance; most replies take as long to begin anyhow.
WORDS_MS = 1_200
MOST_LATE = 2
# Utterances may be told of again so long after; more than a call has at once.
_REMEMBERED = 32


class AwaitedTranscripts:
    """Utterances that are over and whose words are not here, by their item."""

    def __init__(self) -> None:
        # item -> until when (`at_ms`) the reply is held for its words.
        self._until: dict[str, int] = {}
        # item -> when its utterance ended, to tell words in time from late ones. Also of those
        # that no reply is held for.
        self._stopped_at: dict[str, int] = {}
        # Items whose words came, or are known never to come: a second report changes nothing.
        self._settled: deque[str] = deque(maxlen=_REMEMBERED)
        # How often running words came too late; 0 again when some come in time.
        self._late = 0
        # Bookings that wait for the words: the yes they rest on may be among them.
        self._bookings: list[ToolCalled] = []

    @property
    def any(self) -> bool:
        """Whether the reply is held for words."""
        return bool(self._until)

    @property
    def next_ms(self) -> int | None:
        """When the first of them is waited for no more."""
        return min(self._until.values(), default=None)

    def stopped(self, item_id: str, at_ms: int) -> bool:
        """An utterance is over; True when the reply is held for its words."""
        self._stopped_at[item_id] = at_ms
        if self._late >= MOST_LATE or item_id in self._settled:
            return False
        self._until[item_id] = at_ms + WORDS_MS
        return True

    def settle(self, item_id: str) -> bool:
        """The words of an item came, or never will; False when that is known already."""
        if item_id in self._settled:
            return False
        self._settled.append(item_id)
        return True

    def came(self, item_id: str, at_ms: int) -> None:
        """The words came: in time they make the server one that is waited for again."""
        if at_ms <= self._stopped_at.pop(item_id, at_ms) + WORDS_MS:
            self._late = 0

    def overdue(self, now_ms: int) -> list[str]:
        """The items whose words are late by now."""
        late = [item_id for item_id, until in self._until.items() if until <= now_ms]
        self._late += len(late)
        return late

    def let_go(self, item_id: str) -> None:
        """The reply is held for the words of this item no longer."""
        self._until.pop(item_id, None)

    def session_lost(self) -> None:
        """No words come any more of what the lost session heard."""
        self._until.clear()
        self._stopped_at.clear()
        self._bookings.clear()

    # -- bookings that wait --------------------------------------------------------------------

    def hold(self, booking: ToolCalled) -> None:
        """Let a booking wait until no words are awaited; the same call twice waits once."""
        if all(booking.call_id != waiting.call_id for waiting in self._bookings):
            self._bookings.append(booking)

    def take_bookings(self) -> list[ToolCalled]:
        """Those that waited, in order, once no words are awaited any more."""
        waiting, self._bookings = self._bookings, []
        return waiting
