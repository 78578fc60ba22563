"""Whom a caller is put through to, by what it is about: the topics of a business's file."""

import re
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from shared.domain.calendar.hours import OpenHours
from shared.domain.fields import Day, Phone, Words
from shared.domain.models import Value

TopicName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{1,29}$")]


class Topic(Value):
    """One thing that people call about and have a person for."""

    label: Words  # as it is said: "billing"
    words: tuple[Words, ...] = ()  # any of them means it: "invoice", "charged twice"
    numbers: tuple[Phone, ...] = Field(min_length=1)  # who is rung, in this order
    # When somebody is there: the business's own hours, always, or hours by day.
    hours: Literal["office", "always"] | dict[Day, OpenHours] = "office"
    say: Words | None = None  # to the caller, before it rings

    def means(self, said: str) -> bool:
        """Whether words of a caller, or of who listened to them, speak of it."""
        names = (self.label, *self.words)
        return any(re.search(rf"\b{re.escape(name)}\b", said, re.IGNORECASE) for name in names)


def of(topics: dict[str, Topic], named: str | None, said: Iterable[str]) -> str | None:
    """Which it is about: the one that was named, else the first whose words were said."""
    if named is not None:
        wanted = named.casefold().strip()
        for name, topic in topics.items():
            if wanted in (name, topic.label.casefold()):
                return name
    heard = list(said)
    return next(
        (name for name, topic in topics.items() if any(map(topic.means, heard))),
        None,
    )
