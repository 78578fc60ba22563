"""Webhooks are delivered again until they are taken."""

from tests.unit.services.simulator.stripe.merchant import GOOD, Merchant, run


def test_what_was_refused_is_delivered_again_until_it_is_taken() -> None:
    async def story(merchant: Merchant) -> None:
        _, session, _ = await merchant.create(GOOD)
        merchant.refuse = 2
        event_id = await merchant.server.account.expire(str(session["id"]))
        await merchant.server.delivered()
        assert [d.statuses for d in merchant.server.deliveries] == [[500, 500, 200]]
        assert {event["id"] for event in merchant.events()} == {event_id}

        await merchant.server.redeliver(event_id)
        assert len(merchant.got) == 4

    run(story)
