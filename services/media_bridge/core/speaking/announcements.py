"""Sentences that must reach the caller word for word: the disclosure, the guidance in a danger.

By clip where there is one; the caller talks over no more of it than its moment lets them. Without
a clip the model is asked to say it, and asked again when it was cut short. While one is due,
nothing else is heard. The disclosure is done only when all of it was heard, in its own words: it
is said again, by clip or by the model, and without it no call goes on.
"""

import re
from collections import deque
from dataclasses import dataclass

from shared.domain.moments import MOMENTS, CallMoment, TalkedOver

DISCLOSURE = "disclosure"
MOST_ATTEMPTS = 3
# What an announcement's last mark may be late before we look what the media clock says was heard.
GRACE_MS = 3_000


@dataclass(slots=True)
class Announcement:
    """One sentence to be said word for word, and how far saying it has come."""

    kind: str  # the disclosure, or the category of a hazard
    text: str
    clip: str | None  # base64 sound; None: the model says it
    attempts: int = 0  # how often it was begun
    # By the model only, and of the newest attempt: our request for it, the response that came of
    # that, and whether the response has ended. Playing may go on after that.
    request_id: str | None = None
    response_id: str | None = None
    said: bool = False

    def may_stop(self, heard: str) -> bool:
        """Whether the caller's voice stops it, once `heard` of it was."""
        moment = CallMoment.DISCLOSURE if self.kind == DISCLOSURE else CallMoment.GUIDANCE
        first = re.split(r"(?<=[.?!]) ", self.text)[0]
        after_first = MOMENTS[moment].talked_over is TalkedOver.AFTER_FIRST
        return after_first and len(heard) >= len(first)

    @property
    def item_id(self) -> str:
        """Of its clip; what was heard is counted for each time it is played."""
        again = f"-{self.attempts}" if self.attempts > 1 else ""
        return f"clip-{self.kind}{again}"


class Announcements:
    """Those that are due, in order; the first is the one being said."""

    def __init__(self) -> None:
        # Taken out when it was heard, or given up.
        self._due: deque[Announcement] = deque()
        # All of the disclosure was heard, in its own words.
        self.disclosed = False

    @property
    def current(self) -> Announcement | None:
        return self._due[0] if self._due else None

    @property
    def by_clip(self) -> bool:
        """A clip is playing: what the model says waits behind it."""
        return bool(self._due) and self._due[0].clip is not None

    @property
    def by_model(self) -> bool:
        return bool(self._due) and self._due[0].clip is None

    @property
    def guidance(self) -> str | None:
        """The category of the hazard whose guidance is being said."""
        current = self.current
        return None if current is None or current.kind == DISCLOSURE else current.kind

    def add(self, announcement: Announcement) -> bool:
        """True when it is to start now."""
        self._due.append(announcement)
        return len(self._due) == 1

    def done(self) -> Announcement | None:
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
