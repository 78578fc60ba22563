"""Stripe's API: its key, and the addresses it has."""

import pytest

from tests.unit.services.simulator.stripe.merchant import GOOD, Merchant, run


@pytest.mark.parametrize("auth", ["", "Bearer sk_test_other", "Basic xyz"])
def test_without_the_key_there_is_no_answer(auth: str) -> None:
    async def story(merchant: Merchant) -> None:
        assert (await merchant.create(GOOD, auth=auth))[0] == 401

    run(story)


def test_an_address_stripe_does_not_have_is_told_as_such() -> None:
    async def story(merchant: Merchant) -> None:
        status, text, _ = await merchant.page("GET", f"{merchant.server.url}/v1/nothing")
        assert (status, "provide an API key" in text) == (401, True)

    run(story)
