"""Wordings by name from a data file: one of them is chosen by chance, the last one not again."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random


@cache
def read(path: Path) -> Mapping[str, tuple[str, ...]]:
    """The wordings of a file by name."""
    return {name: tuple(lines) for name, lines in tomllib.loads(path.read_text("utf-8")).items()}


class Wordings:
    """One speaker's choice among the wordings of a file."""

    def __init__(self, path: Path, chance: Random) -> None:
        self._known, self._chance = read(path), chance
        self._last: dict[str, str] = {}
        self.short = False  # the shorter half of them only

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def say(self, name: str, /, **words: str) -> str:
        """One wording of `name`, its gaps filled."""
        lines = self._known[name]
        if self.short:
            lines = tuple(sorted(lines, key=len)[: max(3, len(lines) // 2)])
        fresh = [line for line in lines if line != self._last.get(name)] or list(lines)
        self._last[name] = self._chance.choice(fresh)
        return self._last[name].format(**words)
