"""What one call adds to the metrics: nothing at all before its token is known to open it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from shared.actions.admission import NOT_ADMITTED
from shared.actions.ports import Metrics
from shared.actions.smoke import Uncounted
from shared.domain.money import Cents
from shared.domain.stream_token import TokenClaims

log = logging.getLogger(__name__)

# Does what it is given, unless a webhook has told first that the call broke.
Once = Callable[[Callable[[], None]], None]

ANSWERED_WITHIN_MS: Final = 12_000  # of the service level, docs/operations.md
FRAME_CHARACTERS: Final = 214  # 20 ms of mu-law as base64


@dataclass(slots=True)
class Traffic:
    """20 ms frames of all calls of this process, in both directions."""

    frames: int = 0


class Tally:
    """StreamStarted, CallsEnded, CallSeconds and CallsEndedAbnormally of one stream.

    A stream whose token was used, expired or forged is a stranger's and no call: it counts in
    none of them. It may end before that is known (a slow table, a caller who hangs up at once);
    then its end is kept until it is. `measure` takes a metric and a value.
    """

    def __init__(self, measure: Callable[[str, float], None]) -> None:
        self._measure = measure
        self._is_call: bool | None = None  # None until the token was redeemed or refused
        self._end: tuple[str, float, str | None, Once] | None = None  # came before that was known

    def settled(self, *, is_call: bool) -> None:
        """What the token is worth is known now."""
        self._is_call = is_call
        if is_call:
            self._measure("StreamStarted", 1)
        if is_call and self._end is not None:
            self.ended(*self._end)

    def ended(self, call_sid: str, seconds: float, failure: str | None, once: Once) -> None:
        """The stream is over, after so many seconds; `failure` says what broke, if anything."""
        if self._is_call is None:
            self._end = (call_sid, seconds, failure, once)
        if not self._is_call:
            return
        self._measure("CallsEnded", 1)
        self._measure("CallSeconds", seconds)
        if failure is not None and failure not in NOT_ADMITTED:
            once(lambda: self._measure("CallsEndedAbnormally", 1))
            log.warning("a call ended badly", extra={"call_sid": call_sid, "failure": failure})


class CallMetrics:
    """The metrics of one call, under its business. A smoke call's count nowhere."""

    def __init__(self, port: Metrics, traffic: Traffic) -> None:
        self.port = port  # where they go; nowhere once the call is known to be a smoke call
        self.synthetic = False  # a smoke call: known when its token has been read
        self.tally = Tally(self.count)
        self._traffic = traffic
        self._spent_usd = 0.0
        self._business: str | None = None  # its id: known when the token has been read

    def belongs_to(self, claims: TokenClaims) -> None:
        """The token has been read: whose call this is, and whether it is a real one."""
        self._business = claims.business_id
        if claims.synthetic:
            self.synthetic, self.port, self._traffic = True, Uncounted(), Traffic()

    def count(self, metric: str, value: float = 1) -> None:
        """Write one metric of shared.schema.METRICS, in the unit it has there."""
        self.port.count(metric, value, business=self._business)
        if metric == "EstimatedModelCostUsd":
            self._spent_usd += value
        if metric == "FirstAudioMs" and value <= ANSWERED_WITHIN_MS:
            self.port.count("CallsAnswered", business=self._business)

    @property
    def spent(self) -> Cents:
        """On the model, as far as it is known by now."""
        return Cents(round(self._spent_usd * 100))

    def frame_heard(self) -> None:
        """A frame of the caller's went to the model."""
        self._traffic.frames += 1

    def sound_played(self, payload: str) -> None:
        """Sound (base64 mu-law) went to the caller; a last frame that is not full counts too."""
        self._traffic.frames += -(-len(payload) // FRAME_CHARACTERS)
