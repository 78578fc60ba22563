"""The model of one call: one session after the other, each with a leg of its own."""

import asyncio
from collections.abc import Callable
from functools import partial

from services.media_bridge.core import commands as do
from services.media_bridge.legs.ports import ModelLeg


class ReopenedModel:
    """Implements ModelLeg over a leg that can be left for another.

    The one that is left is closed, and by its contract feeds nothing any more, whatever its server
    still sends: no event has to say which session it is of.
    """

    def __init__(self, new_leg: Callable[[], ModelLeg]) -> None:
        self._new_leg, self._leg = new_leg, new_leg()
        self._caller: str | None = None

    def open(self, caller: str | None) -> None:
        self._caller = caller
        self._leg.open(caller)

    def hear(self, payload: str) -> None:
        self._leg.hear(payload)

    def perform(self, command: do.Command) -> None:
        if isinstance(command, do.ReopenModel):
            self._reopen(command.after_ms)
        else:
            self._leg.perform(command)

    def close(self) -> None:
        self._leg.close()

    def _reopen(self, after_ms: int) -> None:
        self._leg.close()
        self._leg = self._new_leg()
        # Closed before that, it opens nothing.
        open_it = partial(self._leg.open, self._caller)
        asyncio.get_running_loop().call_later(after_ms / 1000, open_it)
