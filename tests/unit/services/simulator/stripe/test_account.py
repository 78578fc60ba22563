"""What happens at Stripe, and the events that tell of it."""

import pytest

from tests.unit.services.simulator.stripe.merchant import GOOD, Merchant, run


def test_refunds_and_disputes_name_the_payment_and_the_charge_the_job() -> None:
    async def story(merchant: Merchant) -> None:
        _, session, _ = await merchant.create(GOOD)
        session_id = str(session["id"])
        await merchant.server.account.pay(str(session["url"]))
        await merchant.server.account.refund(session_id, 600)
        await merchant.server.account.refund(session_id)
        await merchant.server.account.dispute(session_id)
        await merchant.server.delivered()

        by_type: dict[object, list[dict[str, object]]] = {}
        for event in merchant.events():
            data = event["data"]
            assert isinstance(data, dict)
            by_type.setdefault(event["type"], []).append(data["object"])
        intent = merchant.server.account.sessions[session_id]["payment_intent"]
        refunds = by_type["charge.refunded"]
        assert sorted(int(str(r["amount_refunded"])) for r in refunds) == [600, 20600]
        (dispute,) = by_type["charge.dispute.created"]
        assert {r["payment_intent"] for r in (*refunds, dispute)} == {intent}
        assert refunds[0]["metadata"] == {"job_id": "job-1"}
        assert dispute["metadata"] == {}
        with pytest.raises(ValueError, match="cannot refund"):
            await merchant.server.account.refund(session_id, 1)

    run(story)


def test_a_delayed_method_is_unpaid_until_it_clears() -> None:
    async def story(merchant: Merchant) -> None:
        _, session, _ = await merchant.create(GOOD)
        session_id = str(session["id"])
        await merchant.server.account.pay(session_id, delayed=True)
        assert merchant.server.account.sessions[session_id]["payment_status"] == "unpaid"
        await merchant.server.account.clear(session_id)
        assert merchant.server.account.sessions[session_id]["payment_status"] == "paid"
        await merchant.server.delivered()
        assert sorted(str(event["type"]) for event in merchant.events()) == [
            "checkout.session.async_payment_succeeded",
            "checkout.session.completed",
        ]

    run(story)


def test_a_paid_session_can_be_neither_paid_nor_expired() -> None:
    async def story(merchant: Merchant) -> None:
        _, session, _ = await merchant.create(GOOD)
        await merchant.server.account.pay(str(session["id"]))
        with pytest.raises(ValueError, match="complete"):
            await merchant.server.account.pay(str(session["id"]))
        with pytest.raises(ValueError, match="complete"):
            await merchant.server.account.expire(str(session["id"]))

    run(story)
