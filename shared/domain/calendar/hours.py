"""One day's opening hours, as a business file writes them."""

import re
from datetime import time
from typing import Any

from pydantic import Field, model_validator

from shared.domain.models import Value

DAY = 24 * 60  # minutes
_CLOCK = re.compile(r"(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)(?::00)?", re.ASCII)
_OFFSET = re.compile(r"\d(?:[+-]\d\d:?\d\d|Z)$")


class OpenHours(Value):
    """The hours that begin on one day, in minutes after its local midnight.

    The file gives two times: ["08:00", "18:00"]. "24:00" closes at the end of the day, and a
    closing time before the opening one is that of the next day: ["17:00", "01:00"] has
    `closes` 1500. The hours belong to the day on which they open, also after midnight.

    With four times, or six, there are breaks between: ["08:00", "12:00", "13:00", "17:00"]. No
    visit reaches into one; whatever else depends on hours, rates above all, knows none.
    """

    opens: int = Field(ge=0, lt=DAY)
    closes: int = Field(gt=0, lt=2 * DAY)
    breaks: tuple[tuple[int, int], ...] = ()  # from, to

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if isinstance(value, dict | cls):
            return value
        if isinstance(value, str | int) or not value:
            raise ValueError(
                'hours are two times in brackets, ["08:00", "18:00"]; a day that is closed is not '
                "named"
            )
        if len(value) < 2 or len(value) % 2 or any(isinstance(at, list) for at in value):
            raise ValueError(
                "hours are two times, when it opens and when it closes, or four with a break "
                'between: ["08:00", "12:00", "13:00", "17:00"]'
            )
        opens, *between, closes = (_minute(at) for at in value)
        if opens == DAY:
            raise ValueError('"24:00" is the end of a day: one that opens at midnight has "00:00"')
        if opens == closes:
            raise ValueError(
                "it opens and closes at the same time: "
                '["00:00", "24:00"] is a day that is open throughout'
            )
        if between:
            return {"opens": opens, **_with_breaks(opens, between, closes)}
        return {"opens": opens, "closes": closes if opens < closes else closes + DAY}

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """From when until when no break comes."""
        edges = (self.opens, *(at for each in self.breaks for at in each), self.closes)
        return tuple(zip(edges[::2], edges[1::2], strict=True))

    def until_break(self, minute: int) -> int:
        """For how many minutes from `minute` on, within these hours, no break comes; 0 in one."""
        for begins, ends in self.breaks:
            if minute < begins:
                return begins - minute
            if minute < ends:
                return 0
        return self.closes - minute


def _with_breaks(opens: int, between: list[int], closes: int) -> dict[str, Any]:
    """All times in their order; those after midnight are the next day's."""
    times = [opens]
    for at in (*between, closes):
        times.append(at if at > times[-1] else at + DAY)
    if times[-1] >= opens + DAY:
        raise ValueError("the times of a day must rise: it opens, breaks, goes on, closes")
    pairs = times[1:-1]
    return {"closes": times[-1], "breaks": tuple(zip(pairs[::2], pairs[1::2], strict=True))}


def _minute(value: Any) -> int:
    """A clock time of the file, "08:00" or TOML's own 08:00:00, in minutes after midnight."""
    text = f"{value:%H:%M}" if isinstance(value, time) else str(value)
    if _OFFSET.search(text):
        raise ValueError("opening hours are local: without an offset")
    if not _CLOCK.fullmatch(text):
        raise ValueError(f"{text[:60]!r} is no time like 08:00 or 17:30, from 00:00 to 24:00")
    return int(text[:2]) * 60 + int(text[3:5])
