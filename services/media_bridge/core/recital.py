"""Sentences that must reach the caller word for word: the disclosure, the guidance in a danger.

By clip where there is one; the caller cannot talk over it. Without a clip the model is asked to
say it, and asked again when it was cut short. While one is due, nothing else is heard.
"""

from collections import deque
from dataclasses import dataclass

DISCLOSURE = "disclosure"
MOST_ATTEMPTS = 3
# What a clip's last mark may be late before the call goes on without it.
GRACE_MS = 3_000


@dataclass(slots=True)
class Recital:
    kind: str  # the disclosure, or the category of a hazard
    text: str
    clip: str | None  # base64 sound
    attempts: int = 0
    request_id: str | None = None
    response_id: str | None = None
    said: bool = False  # the model has ended saying it; playing may go on

    @property
    def item_id(self) -> str:
        return f"clip-{self.kind}"


class Recitals:
    """Those that are due, in order; the first is the one being recited."""

    def __init__(self) -> None:
        self._due: deque[Recital] = deque()

    @property
    def current(self) -> Recital | None:
        return self._due[0] if self._due else None

    @property
    def by_clip(self) -> bool:
        """A clip is playing: what the model says waits behind it."""
        return bool(self._due) and self._due[0].clip is not None

    @property
    def by_model(self) -> bool:
        return bool(self._due) and self._due[0].clip is None

    def add(self, recital: Recital) -> bool:
        """True when it is to start now."""
        self._due.append(recital)
        return len(self._due) == 1

    def done(self) -> Recital | None:
        """The current one was heard; return the next, which is to start now."""
        self._due.popleft()
        return self.current

    def started(self, response_id: str, request_id: str | None) -> None:
        current = self.current
        if current is not None and request_id is not None and request_id == current.request_id:
            current.response_id = response_id

    def speaks(self, response_id: str) -> bool:
        """Whether the sound of this response may be heard now."""
        return not self.by_model or self._due[0].response_id == response_id
