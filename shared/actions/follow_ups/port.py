"""Where what must be come back to is kept; adapters and fakes implement it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from shared.domain.models import FollowUp


class FollowUps(Protocol):
    def leave(self, follow_up: FollowUp) -> None:
        """Keep it; leaving the same id again changes nothing."""

    def leave_once(self, key: str, follow_ups: Iterable[FollowUp] = (), *, at: datetime) -> bool:
        """Remember `key` from `at` on, real time, and leave the follow-ups: all or none.

        False, and nothing changed, when the key was there: the same was reported before.
        """

    def seen(self, key: str) -> bool:
        """Whether `key` was left once."""

    def waiting(self, follow_up_id: str) -> bool:
        """Whether it is still to be done."""

    def due(self, now: datetime) -> list[FollowUp]: ...

    def claim(self, follow_up: FollowUp, *, until: datetime) -> FollowUp | None:
        """Take it on: nobody else finds it due before `until`. Returns it as it is then; None when
        it is done, or another was quicker. `follow_up` is as it was read."""

    def replace(self, follow_up_id: str, by: FollowUp) -> bool:
        """Strike one off and leave the other, both or neither; False when it was done already."""

    def done(self, follow_up_id: str) -> None: ...

    def put_off(self, follow_up_id: str, *, until: datetime, error: str) -> None:
        """One more attempt failed."""
