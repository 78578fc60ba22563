"""The Stripe stand-in: as strict as Stripe, and its webhooks signed as Stripe signs them."""

import re

import stripe

from tests.unit.services.simulator.stripe.merchant import GOOD, SECRET, Merchant, run


def test_a_session_is_made_paid_on_its_page_and_told_by_a_signed_webhook() -> None:
    async def story(merchant: Merchant) -> None:
        status, session, _ = await merchant.create(GOOD)
        assert status == 200
        assert (session["status"], session["payment_status"]) == ("open", "unpaid")
        assert (session["amount_total"], session["payment_intent"]) == (20600, None)
        url = str(session["url"])
        assert re.fullmatch(rf"{merchant.server.url}/c/pay/{session['id']}", url)
        assert "$206.00" in (await merchant.page("GET", url))[1]

        paid = await merchant.page("POST", url)
        await merchant.server.delivered()

        assert paid[0] == 303
        assert paid[2] == f"https://x.test/thanks?session={session['id']}"
        (event,) = merchant.events()
        assert (event["type"], event["livemode"]) == ("checkout.session.completed", False)
        body, header = merchant.got[0]
        assert stripe.WebhookSignature.verify_header(body, header, SECRET, tolerance=5)
        about = stripe.Webhook.construct_event(body, header, SECRET).data.object
        assert (about["payment_status"], about["url"]) == ("paid", None)
        assert about["metadata"]["job_id"] == "job-1"
        assert (await merchant.page("POST", url))[0] == 404

    run(story)
