"""One line of `make doctor`: what was looked at, how it is, and what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

# blocked: a deployment would fail, or no call would be answered. later: it can wait, but not long.
State = Literal["ok", "blocked", "later", "unseen"]
_MARKS: dict[State, str] = {
    "ok": "ok",
    "blocked": "NOT READY",
    "later": "soon",
    "unseen": "cannot see",
}


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    state: State
    detail: str = ""  # what is there, or what there is to do

    def __str__(self) -> str:
        return f"{_MARKS[self.state]:<11}{self.what}" + (f": {self.detail}" if self.detail else "")


Findings = Iterator[Finding]
Check = Callable[[], Findings]


def ok(what: str, detail: str = "") -> Finding:
    return Finding(what, "ok", detail)


def blocked(what: str, todo: str) -> Finding:
    return Finding(what, "blocked", todo)


def later(what: str, todo: str) -> Finding:
    return Finding(what, "later", todo)


def unseen(what: str, todo: str) -> Finding:
    return Finding(what, "unseen", todo)
