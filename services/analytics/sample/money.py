"""What becomes of a deposit: most are paid within the hour, some never, a few go wrong."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from services.analytics.sample.stand_ins import NoMetrics
from shared.actions.payments.settle import settle
from shared.actions.payments.stripe_event import API_VERSION, StripeEvent
from shared.actions.ports import Ports
from shared.domain.models import Job, JobStatus

Later = tuple[datetime, Callable[[], object]]

PAID = 0.74


def after_booking(ports: Ports, job: Job, rng: random.Random) -> Iterator[Later]:
    """What happens to the job's money, and when; nothing where no deposit is asked for."""
    if not job.deposit:
        return
    minutes = min(24 * rng.lognormvariate(0, 1.3), 3 * 24 * 60)
    at = job.created_at + timedelta(minutes=minutes)
    money = Money(ports, job, rng)
    if rng.random() < PAID:
        yield at, lambda: money.paid(at)
        yield from _afterwards(money, at, rng)
    elif rng.random() < 0.25:
        given_up = job.created_at + timedelta(hours=rng.randrange(20, 60))
        how = rng.choice((JobStatus.CANCELLED, JobStatus.RELEASED))
        yield given_up, lambda: ports.jobs.close(job.job_id, how, at=given_up)
        if rng.random() < 0.3:
            late = given_up + timedelta(hours=rng.randrange(1, 30))
            yield late, lambda: money.paid(late)  # the link was still open somewhere


def _afterwards(money: "Money", at: datetime, rng: random.Random) -> Iterator[Later]:
    chance = rng.random()
    later = at + timedelta(hours=rng.randrange(2, 90))
    if chance < 0.03:
        yield later, lambda: money.refunded(later, share=1.0)
    elif chance < 0.05:
        yield later, lambda: money.refunded(later, share=0.5)
    elif chance < 0.06:
        yield later, lambda: money.disputed(later)
    elif chance < 0.075:
        yield later, lambda: money.paid(later, number=2)  # paid twice
    elif chance < 0.085:
        yield later, lambda: money.paid(at)  # the same event again


class Money:
    """The events Stripe signs about one job's deposit."""

    def __init__(self, ports: Ports, job: Job, rng: random.Random) -> None:
        self._ports, self._job = ports, job
        self._key = f"{rng.getrandbits(64):016x}"

    def paid(self, at: datetime, *, number: int = 1) -> None:
        about = {
            "id": f"cs_sample_{self._key}_{number}",
            "amount_total": self._job.deposit,
            "currency": "usd",
            "payment_status": "paid",
            "payment_intent": self._intent(number),
            "metadata": self._metadata(),
        }
        self._say("checkout.session.completed", about, f"paid_{number}", at)

    def refunded(self, at: datetime, *, share: float) -> None:
        about = {
            **self._charge(),
            "amount_refunded": round(self._job.deposit * share),
            "metadata": self._metadata(),
        }
        self._say("charge.refunded", about, "refunded", at)

    def disputed(self, at: datetime) -> None:
        about = {**self._charge(), "id": f"dp_{self._key}", "charge": f"ch_{self._key}"}
        self._say("charge.dispute.created", about | {"reason": "fraudulent"}, "disputed", at)

    def _say(self, kind: str, about: dict[str, object], what: str, at: datetime) -> None:
        event = StripeEvent.model_validate(
            {
                "id": f"evt_{self._key}_{what}",
                "type": kind,
                "livemode": False,
                "api_version": API_VERSION,
                "data": {"object": about},
            }
        )
        settle(event, self._ports.jobs, self._ports.payments, NoMetrics(), now=at, live=False)

    def _charge(self) -> dict[str, object]:
        return {
            "id": f"ch_{self._key}",
            "amount": self._job.deposit,
            "currency": "usd",
            "payment_intent": self._intent(1),
        }

    def _metadata(self) -> dict[str, str]:
        return {"job_id": self._job.job_id, "business_id": self._job.business_id}

    def _intent(self, number: int) -> str:
        return f"pi_{self._key}_{number}"
