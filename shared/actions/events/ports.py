"""What telling others needs from outside; adapters and fakes implement it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.domain.errors import PortError
from shared.domain.models import FollowUp
from shared.domain.models.event import Event


@dataclass(frozen=True, slots=True)
class Untold:
    """An event that nobody was told of yet; `where` and `due` are the outbox's own."""

    event: Event
    where: str
    due: str


class Outbox(Protocol):
    """Events that were written with what they tell of."""

    def due(self, now: datetime) -> list[Untold]:
        """What waits, in the order it happened; real time."""

    def hand_on(self, untold: Untold, deliveries: Iterable[FollowUp]) -> bool:
        """Strike the event off and leave its deliveries, both or neither; False when it is no
        longer as it was read."""

    def deliveries(self) -> list[FollowUp]:
        """All that were left, due or not. They are claimed, put off and done as follow-ups are, and
        none of them is among those that are due."""

    def park(self, delivery_id: str, *, until: datetime) -> None:
        """Kept until then, real time, and no longer among the deliveries."""

    def parked(self) -> list[FollowUp]:
        """Those, while they are kept."""

    def again(self, delivery_id: str, *, at: datetime) -> bool:
        """One that waits or is parked is due at once, in its old place and as if it had never
        failed; False when it is there no more. Real time."""


class EventBus(Protocol):
    def put(self, event: Event, body: str) -> None:
        """Hand one event over. Raises PortError."""


class NotDelivered(PortError):
    """An endpoint did not take what was posted; the message says why, never what was sent."""


class HttpsPost(Protocol):
    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """Hand `body` over to an owner's address.

        Raises:
            NotDelivered: it was refused, did not answer, or may not be asked.
        """
