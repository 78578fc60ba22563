"""The account at Stripe: its sessions, and what customers, staff and banks do to them."""

from urllib.parse import urlsplit

from services.simulator.stripe import objects
from services.simulator.stripe.webhooks import StripeWebhooks, event

Object = dict[str, object]


class StripeAccount:
    """What happens at Stripe. Every happening sends events; it returns the id of the one to watch.

    A customer pays or lets a session expire, staff refund, a cardholder disputes. All objects are
    as the API gives them, and they are keyed by the id of their Checkout session.
    """

    def __init__(self, webhooks: StripeWebhooks) -> None:
        self.sessions: dict[str, Object] = {}
        self.charges: dict[str, Object] = {}
        self.refunds: dict[str, list[Object]] = {}  # in the order they were made
        self.disputes: dict[str, Object] = {}
        # What our side gave as payment_intent_data: a charge carries it, the session does not.
        self._intent_metadata: dict[str, object] = {}
        self._webhooks = webhooks

    def open_session(self, params: Object, total: int, base_url: str) -> Object:
        """Make a Checkout session of checked `params`; `total` is in cents."""
        made = objects.session(params, total, base_url)
        session_id = str(made["id"])
        intent = params.get("payment_intent_data")
        self._intent_metadata[session_id] = (
            intent.get("metadata") if isinstance(intent, dict) else None
        )
        self.sessions[session_id] = made
        return made

    async def pay(self, session: str, *, delayed: bool = False) -> str:
        """A customer pays the open session, given by id or by its pay page's address.

        `delayed` is a method whose money comes later: see `clear`.

        Raises:
            KeyError: there is no such session.
            ValueError: it is not open.
        """
        paid = self._open(urlsplit(session).path.rpartition("/")[2])
        session_id = str(paid["id"])
        paid |= {
            "status": "complete",
            "payment_status": "unpaid" if delayed else "paid",
            "payment_intent": objects.new_id("pi_"),
            "url": None,
            "customer_details": {"email": "payer@example.com", "name": None, "phone": None},
        }
        charged = objects.charge(paid, self._intent_metadata[session_id], objects.new_id("ch_"))
        self.charges[session_id] = charged
        return self._send("checkout.session.completed", paid)

    async def clear(self, session_id: str, *, ok: bool = True) -> str:
        """The money of a delayed method arrives, or never will."""
        session = self.sessions[session_id]
        if ok:
            session["payment_status"] = "paid"
        outcome = "succeeded" if ok else "failed"
        return self._send(f"checkout.session.async_payment_{outcome}", session)

    async def expire(self, session_id: str) -> str:
        """The open session's time is over. Raises as `pay` does."""
        return self.close_expired(self._open(session_id))

    def close_expired(self, session: Object) -> str:
        session |= {"status": "expired", "url": None}
        return self._send("checkout.session.expired", session)

    async def refund(self, session_id: str, amount: int | None = None) -> str:
        """Give back `amount` cents of a paid session, or all that is left.

        Raises:
            ValueError: that much is not left.
        """
        charged = self.charges[session_id]
        whole, before = charged["amount"], charged["amount_refunded"]
        assert isinstance(whole, int) and isinstance(before, int)
        after = whole if amount is None else before + amount
        if not before < after <= whole:
            raise ValueError(f"cannot refund {amount} of {whole}, {before} of it refunded")
        charged |= {"amount_refunded": after, "refunded": after == whole}
        made = objects.refund(charged, after - before)
        self.refunds.setdefault(session_id, []).append(made)
        self._send("refund.created", made)
        return self._send("charge.refunded", charged)

    async def fail_refund(self, session_id: str, reason: str = "expired_or_canceled_card") -> str:
        """The bank sends the newest refund back, days later; Stripe tells of it three times."""
        charged, made = self.charges[session_id], self.refunds[session_id][-1]
        made |= {"status": "failed", "failure_reason": reason}
        left = charged["amount_refunded"]
        assert isinstance(left, int) and isinstance(made["amount"], int)
        charged |= {"amount_refunded": left - made["amount"], "refunded": False}
        for kind in ("charge.refund.updated", "refund.updated"):
            self._send(kind, made)
        return self._send("refund.failed", made)

    async def dispute(
        self, session_id: str, reason: str = "fraudulent", *, status: str = "needs_response"
    ) -> str:
        """The cardholder objects to the payment; `warning_needs_response` is only a question."""
        made = objects.dispute(self.charges[session_id], reason, status)
        self.disputes[session_id] = made
        sent = self._send("charge.dispute.created", made)
        if not status.startswith("warning"):
            self.charges[session_id]["disputed"] = True
            self._send("charge.dispute.funds_withdrawn", made)
        return sent

    async def close_dispute(self, session_id: str, status: str) -> str:
        """The bank decides: won, lost, or warning_closed for a question."""
        made = self.disputes[session_id]
        made["status"] = status
        sent = self._send("charge.dispute.closed", made)
        if status == "won":
            self._send("charge.dispute.funds_reinstated", made)
        return sent

    def _send(self, kind: str, about: Object) -> str:
        made = event(objects.new_id("evt_"), kind, about)
        self._webhooks.send(made)
        return str(made["id"])

    def _open(self, session_id: str) -> Object:
        session = self.sessions[session_id]
        if session["status"] != "open":
            raise ValueError(f"session {session_id} is {session['status']}")
        return session
