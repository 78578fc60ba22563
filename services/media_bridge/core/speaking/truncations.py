"""What the model is told of an item that was cut: how much of it was heard."""

from collections.abc import Callable, Iterator

from services.media_bridge.core import commands as do


class Truncations:
    """Our truncations; each is tried once more at most. `number` gives new ids."""

    def __init__(self, number: Callable[[str], str]) -> None:
        self._number = number
        self._items: dict[str, str] = {}  # request id -> item

    def of(self, item_id: str, heard_ms: int) -> do.Truncate:
        request_id = self._number("t")
        self._items[request_id] = item_id
        return do.Truncate(request_id, item_id, heard_ms)

    def refused(self, request_id: str | None, length_ms: int) -> Iterator[do.Command]:
        """The server counts the item shorter than we do: cut it where it ends, once.

        `length_ms`: of the item, as the server has it. A refusal that names no request is taken
        for that of the newest truncation.
        """
        if request_id is None and self._items:
            request_id = next(reversed(self._items))
        item_id = self._items.pop(request_id or "", None)
        if item_id is not None and length_ms >= 1:
            yield do.Truncate(self._number("t"), item_id, length_ms)
