"""Secrets at hand: fetched in a thread, read by the event loop without waiting."""

import logging
from collections.abc import Callable, Iterable

log = logging.getLogger(__name__)


class SecretCache:
    """`fetch` gives a secret's values, the current one first; it may block and raise."""

    def __init__(self, fetch: Callable[[str], tuple[str, ...]], names: Iterable[str]) -> None:
        self._fetch, self._names = fetch, tuple(names)
        self._values: dict[str, tuple[str, ...]] = {}  # by name; all there after one `refresh`

    def refresh(self) -> None:
        """Fetch all again. One that cannot be had now keeps its last value.

        Raises:
            Exception: the very first fetch of a secret failed; without it no call can be taken.
        """
        for name in self._names:
            try:
                self._values[name] = self._fetch(name)
            except Exception:
                if name not in self._values:
                    raise
                log.exception("a secret could not be refreshed", extra={"names": name})

    def all(self, name: str) -> tuple[str, ...]:
        """Every value that is good now: the current one first, behind it the one before it while
        the secret is being rotated."""
        return self._values[name]

    def current(self, name: str) -> str:
        """The value to use for something new."""
        return self._values[name][0]
