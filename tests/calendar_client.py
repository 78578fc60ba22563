"""A calendar as a crew's phone keeps it: by UID the newest SEQUENCE, read with another parser."""

from datetime import UTC, datetime
from typing import Any

import vobject


class CalendarClient:
    """Takes invitations in any order, and subscribes to feeds."""

    def __init__(self) -> None:
        self._newest: dict[str, tuple[int, Any]] = {}

    def take(self, ics: str, method: str) -> None:
        """One mailed part, as a mail program hands it on."""
        calendar = vobject.readOne(ics)
        assert calendar.method.value == method
        (entry,) = calendar.vevent_list
        uid, sequence = entry.uid.value, int(entry.sequence.value)
        if sequence >= self._newest.get(uid, (-1, None))[0]:
            self._newest[uid] = (sequence, entry if method == "REQUEST" else None)

    def subscribe(self, ics: str) -> None:
        """What a feed says takes the place of all that was there."""
        calendar = vobject.readOne(ics)
        self._newest = {each.uid.value: (0, each) for each in calendar.contents.get("vevent", [])}

    @property
    def entries(self) -> list[Any]:
        return [entry for _, entry in self._newest.values() if entry is not None]

    @property
    def windows(self) -> list[tuple[datetime, datetime]]:
        """When somebody comes, in UTC."""
        return sorted(
            (each.dtstart.value.astimezone(UTC), each.dtend.value.astimezone(UTC))
            for each in self.entries
        )
