"""Whether the model takes the next call, or a person does at once.

Three things speak against the model, and each would otherwise cost its callers seconds of silence
or the business its money:

    model_down    five of the last ten calls of the stage lost the model. One new call a minute is
                  let through all the same: when it keeps its model, all are.
    calls_often   this number has called more than six times within the hour
    over_budget   the stage has spent what it may on the model today

Somebody is paged for each of them once: a day, and a number and hour for `calls_often`.

Where the table does not answer, the model takes the call.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from shared.actions.stage_state import Admissions, StageState
from shared.domain.errors import PortError
from shared.domain.money import Cents
from shared.domain.outcomes import Failure

log = logging.getLogger(__name__)
T = TypeVar("T")

LOOKED_AT: Final = 10  # calls
IS_DOWN: Final = 5  # of them
PROBED_EVERY: Final = timedelta(minutes=1)
MOST_AN_HOUR: Final = 6
PATIENCE_S: Final = 0.8  # of the two seconds that opening a call may take
THREADS: Final = 8

# A call that ends so has lost the model for good.
LOST: Final = frozenset(
    {
        Failure.MODEL_NOT_READY,
        Failure.MODEL_LOST,
        Failure.MODEL_STALLED,
        Failure.RESPONSE_FAILED,
        Failure.RESPONSE_EMPTY,
        Failure.RESPONSE_REFUSED,
    }
)
# Nobody of ours has spoken to a caller of these.
NOT_ADMITTED: Final = frozenset({Failure.MODEL_DOWN, Failure.CALLS_OFTEN, Failure.OVER_BUDGET})


@dataclass(frozen=True, slots=True)
class Admitted:
    """A call that the model takes."""

    is_probe: bool = False  # to see whether the model is back
    cut_call: str | None = None  # the SID of this number's call that was cut off a moment ago


@dataclass(frozen=True, slots=True)
class RungThrough:
    """A call that a person takes at once."""

    why: Failure
    is_first: bool  # for this cause: who is on call is to hear of it


class Admission:
    """Of one process. `refresh` is called every few seconds; all of it blocks."""

    def __init__(
        self,
        admissions: Admissions,
        budget: Cents | None = None,
        calls_an_hour: int = MOST_AN_HOUR,
    ) -> None:
        """`budget` is what the stage may spend on the model in a day, UTC; None: anything.
        `calls_an_hour` is how many of one number the model takes."""
        self._admissions, self._budget, self._an_hour = admissions, budget, calls_an_hour
        self._state = StageState(lost=0, spent=Cents(0))
        self._threads = ThreadPoolExecutor(THREADS, "admission")

    def refresh(self, now: datetime) -> None:
        """Look how the stage fares. What was seen last stands where the table does not answer."""
        try:
            self._state = self._admissions.state(now)
        except PortError as exc:
            log.warning("the stage's state was not read", extra={"why": str(exc)})

    def of(self, business_id: str, caller: str | None, now: datetime) -> Admitted | RungThrough:
        """Whether the model takes a call that begins at `now`; else why it does not."""
        is_probe = False
        try:
            if self._state.lost >= IS_DOWN:
                if not self._admissions.probe(now, every=PROBED_EVERY):
                    return self._refused(Failure.MODEL_DOWN, now)
                is_probe = True
            if self._budget is not None and self._state.spent >= self._budget:
                return self._refused(Failure.OVER_BUDGET, now)
            known = caller and self._soon(self._admissions.called, business_id, caller, now)
        except (PortError, TimeoutError) as exc:
            log.warning("a call was not counted", extra={"why": str(exc)})
            known = None
        if known and known.calls > self._an_hour:
            return RungThrough(Failure.CALLS_OFTEN, known.calls == self._an_hour + 1)
        return Admitted(is_probe, known.cut_call if known else None)

    def _refused(self, why: Failure, now: datetime) -> RungThrough:
        try:
            return RungThrough(why, self._soon(self._admissions.first_today, why, now))
        except (PortError, TimeoutError):
            return RungThrough(why, is_first=True)  # twice is better than never

    def _soon(self, ask: Callable[..., T], *of: object) -> T:
        """Raises PortError, and TimeoutError where the table takes longer than a caller waits."""
        return self._threads.submit(ask, *of).result(PATIENCE_S)

    def ended(
        self, admitted: Admitted, failure: Failure | None, spent: Cents, now: datetime
    ) -> None:
        """A call that the model took is over. Raises PortError."""
        lost = failure in LOST
        if admitted.is_probe and not lost:
            self._admissions.recovered()
        else:
            self._admissions.ended(lost=lost)
        if spent:
            self._admissions.spend(spent, now)
