"""A smoke call: a call to ourselves, which nobody hears of, and of which nothing stays held.

It goes the way of every call, through the same code and tables, so that it proves something. But
its texts are swallowed, it counts nowhere, it leaves no follow-up but one that tidies up after it,
and what it booked is released when it ends: the rows stay, marked synthetic.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from shared.actions.ports import Checkout, Jobs, Ports
from shared.actions.texts.outbox import struck_off
from shared.domain.models import FollowUp, FollowUpKind, Job, JobStatus
from shared.schema import METRICS

# By when a smoke call that never ended is tidied up after.
LATEST = timedelta(minutes=15)
NO_SID = f"SM{0:032x}"


def quiet(ports: Ports) -> Ports:
    """The ports of a smoke call: the same tables and the same Stripe, and nobody hears of it."""
    return replace(
        ports, texts=Unsent(), rings=Unrung(), follow_ups=Forgotten(), metrics=Uncounted()
    )


def cleanup(job: Job, real_now: datetime) -> FollowUp:
    """Kept with a smoke call's booking, in case the call dies before it tidies up itself."""
    return FollowUp(
        follow_up_id=deposit_id(job.job_id),
        kind=FollowUpKind.DEPOSIT,
        business_id=job.business_id,
        job_id=job.job_id,
        error="a smoke call",
        created_at=real_now,
        due_at=real_now + LATEST,
    )


def deposit_id(job_id: str) -> str:
    return f"deposit:{job_id}"


def tidy(ports: Ports, call_sid: str, *, now: datetime) -> None:
    """Give back what the call booked; as often as asked.

    `ports` are the real ones. Raises PortError; the follow-up then does it later.
    """
    for job_id in ports.jobs.of_call(call_sid):
        job = ports.jobs.get(job_id)
        if job is not None and job.synthetic:
            undo(job, ports.jobs, ports.checkout, now=now)
            struck_off(ports, deposit_id(job_id))


def undo(job: Job, jobs: Jobs, checkout: Checkout, *, now: datetime) -> None:
    """No session that can be paid, no hour held. Raises PortError."""
    if job.checkout_session_id is not None:
        checkout.expire(job.checkout_session_id)
    jobs.close(job.job_id, JobStatus.RELEASED, at=now)


class Unsent:
    """Implements `Texts` by sending none."""

    def send(self, to: str, body: str, *, sender: str) -> str:
        return NO_SID


class Unrung:
    """Implements `Rings` by ringing nobody."""

    def ring(self, to: str, say: str, *, sender: str, accept_url: str) -> None: ...


class Uncounted:
    """Implements `Metrics` by counting nothing."""

    def count(self, metric: str, value: float = 1, *, business: str | None = None) -> None:
        """Raises KeyError for a metric that is not in the schema, as the real one does."""
        METRICS[metric]


class Forgotten:
    """Implements `FollowUps` by keeping none: after a smoke call nothing is left to be done."""

    def leave(self, follow_up: FollowUp) -> None: ...

    def leave_once(self, key: str, follow_ups: Iterable[FollowUp] = (), *, at: datetime) -> bool:
        return True

    def seen(self, key: str) -> bool:
        return False

    def waiting(self, follow_up_id: str) -> bool:
        return False

    def due(self, now: datetime) -> list[FollowUp]:
        return []

    def claim(self, follow_up: FollowUp, *, until: datetime) -> FollowUp | None:
        return None

    def replace(self, follow_up_id: str, by: FollowUp) -> bool:
        return False

    def done(self, follow_up_id: str) -> None: ...

    def put_off(self, follow_up_id: str, *, until: datetime, error: str) -> None: ...
