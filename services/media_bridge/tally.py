"""What one call counts as: nothing at all before its token is known to open it."""

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)


class Tally:
    """StreamStarted, CallsEnded, CallSeconds and CallsEndedAbnormally of one stream.

    A stream whose token was used, expired or forged is a stranger's and no call: it counts in
    none of them. It may end before that is known (a slow table, a caller who hangs up at once);
    then its end is kept until it is. `measure` takes a metric and a value.
    """

    def __init__(self, measure: Callable[[str, float], None]) -> None:
        self._measure = measure
        self._is_call: bool | None = None  # None until the token was redeemed or refused
        self._end: tuple[str, float, str | None] | None = None  # came before that was known

    def settled(self, *, is_call: bool) -> None:
        """What the token is worth is known now."""
        self._is_call = is_call
        if is_call:
            self._measure("StreamStarted", 1)
        if is_call and self._end is not None:
            self.ended(*self._end)

    def ended(self, call_sid: str, seconds: float, failure: str | None) -> None:
        """The stream is over, after so many seconds; `failure` says what broke, if anything."""
        if self._is_call is None:
            self._end = (call_sid, seconds, failure)
        if not self._is_call:
            return
        self._measure("CallsEnded", 1)
        self._measure("CallSeconds", seconds)
        if failure is not None:
            self._measure("CallsEndedAbnormally", 1)
            log.warning("a call ended badly", extra={"call_sid": call_sid, "failure": failure})
