"""The deadlines of one call. Nothing here knows the time: the session is told it."""


class Timers:
    """Named deadlines in `at_ms`; setting one again moves it."""

    def __init__(self) -> None:
        self._at: dict[str, int] = {}
        self.next: int | None = None  # the earliest, kept ready because every frame may ask

    def set(self, name: str, at_ms: int) -> None:
        if self._at.get(name) != at_ms:
            self._at[name] = at_ms
            self.next = min(self._at.values())

    def clear(self, name: str) -> None:
        if self._at.pop(name, None) is not None:
            self.next = min(self._at.values(), default=None)

    def running(self, name: str) -> bool:
        return name in self._at

    def due(self, now_ms: int) -> list[str]:
        """Take out those that have come, earliest first."""
        come = sorted((at, name) for name, at in self._at.items() if at <= now_ms)
        for _, name in come:
            self.clear(name)
        return [name for _, name in come]

    def stop(self) -> None:
        self._at.clear()
        self.next = None
