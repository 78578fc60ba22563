"""Checkout sessions at Stripe. `stripe` is imported at the first call: it costs 300 ms."""

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, cast
from zoneinfo import ZoneInfo

from shared.actions.ports import CheckoutSession
from shared.domain.errors import CheckoutFailed, PortError
from shared.domain.models import Job
from shared.domain.money import Cents

if TYPE_CHECKING:
    from stripe import StripeClient, StripeError
    from stripe.checkout import Session
    from stripe.params.checkout import SessionCreateParams

log = logging.getLogger(__name__)

# Two tries and the pause between them stay within the 8 s a tool may keep a caller waiting;
# Stripe's own default is 80 s.
TIMEOUT_S = 3.5
# Refused for what was asked, or of what Stripe does not know: asking again is useless. A wrong
# key, a limit, a conflict and any failure of Stripe's own may be over by the next try.
PERMANENT = (400, 404)


class StripeCheckout:
    """Implements `shared.actions.ports.Checkout`. `api_base` replaces https://api.stripe.com.

    `api_key` is asked at each call and may raise PortError; a new key gets a new client.
    """

    def __init__(
        self,
        api_key: Callable[[], str],
        *,
        api_base: str | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._api_key, self._api_base, self._timeout_s = api_key, api_base, timeout_s
        # The last client made; it keeps connections, so it is made anew for another key only.
        self._client_for = lru_cache(maxsize=1)(self._new_client)

    @property
    def _stripe(self) -> "StripeClient":
        """A client with the present key. Raises CheckoutFailed when there is none to be had."""
        try:
            key = self._api_key()
        except PortError as exc:
            raise CheckoutFailed(f"no key for stripe: {exc}") from exc
        return self._client_for(key)

    def _new_client(self, key: str) -> "StripeClient":
        from stripe import RequestsClient, StripeClient

        return StripeClient(
            key,
            max_network_retries=1,
            http_client=RequestsClient(timeout=self._timeout_s),
            base_addresses={"api": self._api_base} if self._api_base else {},
        )

    def create(
        self, job: Job, *, number: int, business_name: str, return_url: str
    ) -> CheckoutSession:
        """A session for the job's deposit, idempotent by job and `number`.

        Raises:
            CheckoutFailed: Stripe gave none.
        """
        from stripe import StripeError

        key = f"job:{job.job_id}:deposit:{number}"
        params = session_params(job, business_name, return_url)
        try:
            try:
                session = self._create(params, key)
            except StripeError as exc:
                if not _key_is_spent(exc):
                    raise
                # The same two keys for everybody, so there are still no two live sessions of one
                # number; and only the one that our table names is ever shown.
                session = self._create(params, f"{key}:again")
        except StripeError as exc:
            raise _failed("create", exc) from exc
        if _replayed(session):
            # What Stripe answered then; by now the session may be paid or expired.
            return self.get(session.id)
        return _read(session)

    def get(self, session_id: str) -> CheckoutSession:
        """The session as it is now. Raises CheckoutFailed."""
        from stripe import StripeError

        try:
            return _read(self._stripe.v1.checkout.sessions.retrieve(session_id))
        except StripeError as exc:
            raise _failed("retrieve", exc) from exc

    def expire(self, session_id: str) -> None:
        """Nobody can pay it any more; fine when that was so. Raises CheckoutFailed."""
        from stripe import InvalidRequestError, StripeError

        try:
            self._stripe.v1.checkout.sessions.expire(session_id)
        except InvalidRequestError as exc:
            if self.get(session_id).status == "open":
                raise _failed("expire", exc) from exc
        except StripeError as exc:
            raise _failed("expire", exc) from exc

    def _create(self, params: "SessionCreateParams", key: str) -> "Session":
        return self._stripe.v1.checkout.sessions.create(params, {"idempotency_key": key})


def session_params(job: Job, business_name: str, return_url: str) -> "SessionCreateParams":
    """What Stripe is asked for: a function of the job alone, since one key means one set of params.

    Therefore no expires_at: a time would make every retry another request under the same key, and
    without it a session lives the 24 hours that Stripe allows. No customer_email either: an
    address heard on the phone may be wrong, and the payer could not correct it there.
    """
    names = {"job_id": job.job_id, "business_id": job.business_id}
    thanks = f"{return_url}/pay/{job.job_id}/thanks"
    start = job.window.start.astimezone(ZoneInfo(job.time_zone))
    return {
        "mode": "payment",
        "allowed_payment_method_types": ["card"],  # so that completed means paid
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": "usd",
                    "unit_amount": job.deposit,
                    "product_data": {
                        "name": f"Deposit, {business_name}",
                        "description": f"Visit on {start:%A}, {start:%B} {start.day}",
                    },
                },
            }
        ],
        "client_reference_id": job.job_id,
        # Refunds and disputes hang on the charge, which knows only the payment intent's metadata.
        "metadata": names,
        "payment_intent_data": {"metadata": names},
        "success_url": thanks,
        "cancel_url": thanks,
    }


def _read(session: "Session") -> CheckoutSession:
    return CheckoutSession(
        session_id=session.id,
        url=session.url,
        status=cast(Literal["open", "complete", "expired"], session.status),
        amount=Cents(session.amount_total or 0),
        paid=session.payment_status == "paid",
    )


def _replayed(session: "Session") -> bool:
    headers = session.last_response.headers if session.last_response else {}
    return headers.get("Idempotent-Replayed") == "true"


def _key_is_spent(exc: "StripeError") -> bool:
    """Stripe will give this key the same error for a day.

    It was used with other params (the public address has changed since), or its first answer was
    a failure of Stripe's, which is replayed.
    """
    if (exc.http_status or 0) >= 500:
        return (exc.headers or {}).get("Idempotent-Replayed") == "true"
    return exc.http_status == 400 and "idempotency" in type(exc).__name__.lower()


def _failed(what: str, exc: "StripeError") -> CheckoutFailed:
    # Not str(exc): Stripe's messages quote params and parts of the key.
    log.warning(
        "stripe refused or did not answer",
        extra={
            "kind": what,
            "error": type(exc).__name__,
            "status": exc.http_status,
            "code": exc.code,
        },
    )
    return CheckoutFailed(
        f"stripe {what}: {type(exc).__name__} {exc.http_status or ''} {exc.code or ''}".rstrip(),
        # A spent key is given back after a day.
        permanent=exc.http_status in PERMANENT and not _key_is_spent(exc),
    )
