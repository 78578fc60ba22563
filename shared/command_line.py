"""A command of several, and near misses: what was mistyped is told with what there is."""

import argparse
import difflib
from collections.abc import Iterable, Sequence
from typing import Any


class OneCommand(argparse.ArgumentParser):
    """The parser of one command: an option it does not know is told with its own options.

    `add_subparsers(parser_class=Command)`; argparse itself shows those of the whole program.
    """

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """As argparse; whatever is left over ends the program with status 2."""
        found, rest = super().parse_known_args(args, namespace)
        if rest:
            known = [option for action in self._actions for option in action.option_strings]
            self.error(f"there is no {rest[0]}{meant(rest[0], known)}")
        return found, rest


Command: type[argparse.ArgumentParser] = OneCommand


def meant(given: str, known: Iterable[str]) -> str:
    """ "; did you mean …?" where one of `known` is near, else ""."""
    every = sorted(known)
    near = difflib.get_close_matches(given, every, n=1, cutoff=0.6)
    near = near or [each for each in every if given and each.startswith(given)]
    return f"; did you mean {near[0]}?" if near else ""
