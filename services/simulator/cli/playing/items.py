"""What the agent said, by the phone's playback: when each sentence began, and what was never heard.

The bridge's marks name the item they stand behind, "g<generation>:<item>:<ms>".
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from services.call_page.rows import Span
from services.simulator.phone.media.playback import Played

_ITEM = re.compile(r"g\d+:(.+):\d+")


def spans(log: Iterable[Played]) -> dict[str, Span]:
    """When each item was played, and for how long by now, as far as marks have come back."""
    placed: dict[str, list[float]] = {}
    before = 0.0
    found: dict[str, Span] = {}
    for entry in log:
        if entry.kind == "mark" and (named := _ITEM.fullmatch(entry.name)):
            placed.setdefault(named[1], [before, before])[1] = entry.received_ms
        if entry.kind == "mark":
            before = entry.received_ms
        elif entry.kind in ("clear", "ended", "echo"):
            for item, (start, end) in placed.items():
                heard = min(entry.played_ms, end) - start
                if heard > 0:
                    began = (
                        found[item][0] if item in found else entry.at_ms - (entry.played_ms - start)
                    )
                    found[item] = (round(began), round(max(heard, 0)))
            if entry.kind != "echo":
                before = entry.played_ms
                placed = {}
    return found


@dataclass(frozen=True, slots=True)
class Uttered:
    """A sentence that the caller hears; `at_ms` is when it began."""

    at_ms: int
    text: str


class Sentences:
    """Sentences of the model and of code, until the phone plays them."""

    def __init__(self, known: Mapping[str, str]) -> None:
        """`known` are the clips': texts by item, which stand before the call."""
        self._texts = {item: text for item, text in known.items() if text}  # those that wait
        self._begun: set[str] = set()

    def add(self, item: str, text: str) -> None:
        """Take a sentence; whoever tells of it again changes nothing."""
        if item and text and item not in self._begun:
            self._texts.setdefault(item, text)

    def played(self, logs: Iterable[Iterable[Played]]) -> Iterator[Uttered]:
        """Yield what has begun to be played since the last time, in that order."""
        begun = [(began, item) for log in logs for item, (began, _) in spans(log).items()]
        for began, item in sorted(begun):
            if item in self._texts:
                self._begun.add(item)
                yield Uttered(began, self._texts.pop(item))

    def never_heard(self) -> list[str]:
        """What still waits; once a call is over, that nobody heard."""
        return list(self._texts.values())
