"""What the caller has heard: mark echoes, and Twilio's media clock since the last of them.

Twilio buffers what it is sent and echoes a mark when everything before it has been played. Between
two marks its media clock, which comes with every frame of the caller, says how much more was:

    sent      ├── a1: 400 ms ──┤m1├── a1: 200 ms ──┤m2├──── a2: 600 ms ────┤m3│
    echoed                      m1 came back at clock 5000
    anchor                      ▲
    clock now 5120              ├─ 120 ms ─▶│ heard: 400 + 120 ms of a1, none of a2
                                            never past m2: it would have come back

The anchor is the last place that was certainly played. Where nothing was left to play, the next
piece starts a count of its own at the present clock, because Twilio had nothing to go on with.

A mark stands behind an item's first piece, which tells how late Twilio began, then behind each
second of sound, because the clock tells the rest, and behind the end of what was said.

After `clear` Twilio echoes all marks still pending although their sound was never heard: every
mark bears the generation it was placed in (`g1:`, `g2:` ...), a cut begins a new generation, and an
echo of an old one counts for nothing.
"""

from collections import deque
from dataclasses import dataclass

BYTES_PER_MS = 8
# From one mark to the next while sound goes on: each costs a frame in either direction.
MARK_BYTES = 1_000 * BYTES_PER_MS
# A mark this much overdue on the media clock is taken as lost, so that nothing waits for it.
LOST_MARK_MS = 2_000


def byte_length(payload: str) -> int:
    """How many bytes of sound a base64 text holds."""
    return len(payload) * 3 // 4 - payload.endswith("=") - payload.endswith("==")


@dataclass(frozen=True, slots=True)
class Cut:
    """An item whose playing was stopped; `heard_ms` is never more than `sent_ms`."""

    item_id: str
    heard_ms: int
    sent_ms: int


@dataclass(frozen=True, slots=True)
class HeardOfItems:
    """What was heard of some items, in words and sound; `whole`: all that there was of them."""

    text: str
    ms: int
    whole: bool


class Playback:
    """The queue at the phone network, counted in bytes since the generation began."""

    def __init__(self) -> None:
        # Counts the cuts, from 1; it stands in the name of every mark.
        self._generation = 1
        # Twilio's media clock in ms, as the newest frame of the caller told it; None before the
        # first frame. It never goes back.
        self._clock: int | None = None
        self._begin()

    def _begin(self) -> None:
        """A new generation: nothing of it was sent yet. All sizes are bytes since then."""
        self._sent = 0
        # So much of it stands before a mark.
        self._marked = 0
        # What was sent last.
        self._item_id = ""
        # Marks that did not come back, in order, each with the byte it stands behind.
        self._pending: deque[tuple[str, int]] = deque()
        # item -> [start, end] of each of its pieces.
        self._spans: dict[str, list[list[int]]] = {}
        # So much was certainly played when the media clock stood so; set by every echo, and when
        # something is sent although nothing was left to play.
        self._anchor = 0
        self._anchor_clock = self._clock

    def tick(self, media_ms: int) -> None:
        """The caller's audio has come as far as `media_ms`."""
        if self._clock is None or media_ms > self._clock:
            self._clock = media_ms
        if self._anchor_clock is None:
            self._anchor_clock = media_ms

    def sent(self, item_id: str, size: int) -> str | None:
        """`size` bytes of `item_id` were handed over; return the name of the mark that has to
        stand behind them, if one has to."""
        begins = item_id != self._item_id
        if self._estimate() >= self._sent:
            # Nothing was left to play: this piece starts now, not when the last one ended.
            self._anchor, self._anchor_clock, begins = self._sent, self._clock, True
        spans = self._spans.setdefault(item_id, [])
        if spans and spans[-1][1] == self._sent:
            spans[-1][1] += size
        else:
            spans.append([self._sent, self._sent + size])
        self._sent += size
        self._item_id = item_id
        return self.mark() if begins or self._sent - self._marked >= MARK_BYTES else None

    def mark(self) -> str | None:
        """The name of a mark behind all that was sent; None where one stands there."""
        if self._marked == self._sent:
            return None
        self._marked = self._sent
        mark = f"g{self._generation}:{self._item_id}:{self.sent_ms(self._item_id)}"
        self._pending.append((mark, self._sent))
        return mark

    def echoed(self, mark: str) -> bool:
        """Twilio sent `mark` back; False when it is none of this generation's."""
        if not any(name == mark for name, _ in self._pending):
            return False
        while self._pending:
            name, position = self._pending.popleft()
            self._anchor, self._anchor_clock = position, self._clock
            if name == mark:
                break
        return True

    def _estimate(self) -> int:
        """Bytes played by the clock alone, not held back by marks that are missing."""
        if self._clock is None or self._anchor_clock is None:
            return self._anchor
        elapsed = (self._clock - self._anchor_clock) * BYTES_PER_MS
        return min(self._sent, self._anchor + elapsed)

    def _heard(self) -> int:
        # Beyond the next mark nothing can have been heard, or it would have come back.
        limit = self._pending[0][1] if self._pending else self._sent
        return min(self._estimate(), limit)

    @property
    def clock(self) -> int | None:
        """Twilio's media clock in ms, as the caller's last frame told it."""
        return self._clock

    @property
    def idle(self) -> bool:
        """Everything sent has been played."""
        if not self._pending and self._marked == self._sent:
            return True
        if self._clock is None or self._anchor_clock is None:
            return False
        overdue = (self._clock - self._anchor_clock) * BYTES_PER_MS - (self._sent - self._anchor)
        return overdue >= LOST_MARK_MS * BYTES_PER_MS

    @property
    def remaining_ms(self) -> int:
        return (self._sent - self._estimate()) // BYTES_PER_MS

    def played(self, item_id: str) -> bool:
        """Everything sent of `item_id` was played, by its marks."""
        spans = self._spans.get(item_id)
        return spans is None or self.idle or spans[-1][1] <= self._anchor

    def sent_ms(self, item_id: str) -> int:
        return sum(end - start for start, end in self._spans.get(item_id, ())) // BYTES_PER_MS

    def heard_ms(self, item_id: str) -> int:
        heard = self._heard()
        spans = self._spans.get(item_id, ())
        return sum(min(max(heard - start, 0), end - start) for start, end in spans) // BYTES_PER_MS

    def cut(self) -> list[Cut]:
        """Stop everything not yet played; nothing when playing had ended."""
        heard = self._heard()
        if self._sent - heard < BYTES_PER_MS or self.idle:
            return []
        cuts = [
            Cut(item_id, self.heard_ms(item_id), self.sent_ms(item_id))
            for item_id, spans in self._spans.items()
            if spans[-1][1] > heard
        ]
        self._generation += 1
        self._begin()
        return cuts


class ClockWatch:
    """Whether Twilio's media clock goes on while marks are waited for. Where neither marks nor
    the clock come, the line is dead."""

    def __init__(self) -> None:
        # What the clock said when marks were last waited for.
        self._seen: int | None = None
        # How often running it had not gone on since.
        self._stood = 0

    def look(self, playback: Playback) -> None:
        """Marks are waited for from now on."""
        self._seen = playback.clock

    def stood(self, playback: Playback) -> int:
        """How often running nothing came since `look`; 0 when all was played, or the clock goes."""
        moved = playback.idle or playback.clock != self._seen
        self._stood = 0 if moved else self._stood + 1
        return self._stood
