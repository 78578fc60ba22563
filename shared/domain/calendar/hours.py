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
    """

    opens: int = Field(ge=0, lt=DAY)
    closes: int = Field(gt=0, lt=2 * DAY)

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            return value
        if len(value) != 2:
            raise ValueError("hours are two times: when it opens and when it closes")
        opens, closes = (_minute(at) for at in value)
        if opens == closes:
            raise ValueError(
                "it opens and closes at the same time: "
                '["00:00", "24:00"] is a day that is open throughout'
            )
        return {"opens": opens, "closes": closes if opens < closes else closes + DAY}


def _minute(value: Any) -> int:
    """A clock time of the file, "08:00" or TOML's own 08:00:00, in minutes after midnight."""
    text = f"{value:%H:%M}" if isinstance(value, time) else str(value)
    if _OFFSET.search(text):
        raise ValueError("opening hours are local: without an offset")
    if not _CLOCK.fullmatch(text):
        raise ValueError(f"{text[:60]!r} is no time from 00:00 to 24:00")
    return int(text[:2]) * 60 + int(text[3:5])
