"""Where deposits are paid; adapters and fakes implement it."""

from dataclasses import dataclass
from typing import Literal, Protocol

from shared.domain.models import Job
from shared.domain.money import Cents


@dataclass(frozen=True, slots=True)
class CheckoutSession:
    session_id: str
    url: str | None  # None when no longer open
    status: Literal["open", "complete", "expired"]
    amount: Cents
    paid: bool = False  # complete does not mean paid: some methods pay days later


class Checkout(Protocol):
    def create(
        self, job: Job, *, number: int, business_name: str, return_url: str
    ) -> CheckoutSession:
        """A session for the job's deposit, idempotent by job and `number`.

        Raises:
            CheckoutFailed: Stripe gave none.
        """

    def get(self, session_id: str) -> CheckoutSession:
        """Raises CheckoutFailed."""

    def expire(self, session_id: str) -> None:
        """Nobody can pay it any more; fine when that was so. Raises CheckoutFailed."""
