"""A task that was deregistered and has no call any more leaves, instead of waiting half an hour."""

import logging
from collections.abc import Callable
from typing import Final

from shared.domain.errors import PortError

log = logging.getLogger(__name__)

LOOK_S: Final = 30.0
LOOKS: Final = 2  # running: an upgrade may have been on its way when it was deregistered


class Leaving:
    """`draining` asks the balancer and blocks; `active` counts the calls."""

    def __init__(self, draining: Callable[[], bool], active: Callable[[], int]) -> None:
        self._draining, self._active = draining, active
        self._empty = 0  # looks running that found it deregistered and without a call

    def is_time(self) -> bool:
        """Look once; True when this task may end."""
        try:
            gone = self._draining()
        except PortError as exc:
            log.warning("the balancer does not say", extra={"why": str(exc)})
            gone = False
        self._empty = self._empty + 1 if gone and not self._active() else 0
        if self._empty < LOOKS:
            return False
        log.info("drained and empty: leaving")
        return True
