"""Whose number was dialled, for the answer path: read without pydantic, which doubles a cold start.

The same files as `shared.businesses`, which checks them before they are ever deployed; here
only what answering needs.
"""

import os
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shared import environment


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """A business as far as a phone line needs it."""

    business_id: str
    name: str
    numbers: tuple[str, ...]
    on_call: tuple[str, ...]  # who is rung, in this order; the office where nobody is named
    office: str = ""
    is_recorded: bool = False  # its calls are

    @property
    def rings_the_office(self) -> bool:
        """Nobody is named who would be on call: whoever is rung is the office."""
        return self.on_call == (self.office,)


@cache
def all_lines(folder: Path | None = None) -> tuple[PhoneLine, ...]:
    """Every business's line; the files are read once."""
    folder = folder or environment.businesses(os.environ)
    return tuple(
        _line(tomllib.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.toml"))
    )


def dialled(number: str) -> PhoneLine | None:
    """Whose `number` is; None when it is nobody's."""
    return next((line for line in all_lines() if number in line.numbers), None)


def of_business(business_id: str) -> PhoneLine | None:
    return next((line for line in all_lines() if line.business_id == business_id), None)


def is_ours(number: str) -> bool:
    """Whether it is a line, the office or an on-call phone of any of our businesses."""
    return any(number in (*line.numbers, line.office, *line.on_call) for line in all_lines())


def _line(file: dict[str, object]) -> PhoneLine:
    on_call = tuple(map(str, _listed(file.get("on_call"))))
    return PhoneLine(
        business_id=str(file["id"]),
        name=str(file["name"]),
        numbers=tuple(map(str, _listed(file["numbers"]))),
        on_call=on_call or (str(file["office"]),),
        office=str(file["office"]),
        is_recorded="recording" in file,
    )


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []
