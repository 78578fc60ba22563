"""Idempotency keys: one key is one answer."""

from tests.unit.services.simulator.stripe.merchant import GOOD, Merchant, run


def test_one_key_is_one_answer_and_never_two_requests() -> None:
    async def story(merchant: Merchant) -> None:
        first = await merchant.create(GOOD, key="k")
        again = await merchant.create(GOOD, key="k")
        assert again[1]["id"] == first[1]["id"]
        assert (first[2], again[2]) == (False, True)
        status, body, _ = await merchant.create(GOOD | {"mode": "setup"}, key="k")
        assert (status, body["error"]["type"]) == (400, "idempotency_error")  # type: ignore[index]
        assert len(merchant.server.account.sessions) == 1

    run(story)


def test_a_refused_request_does_not_use_its_key_up() -> None:
    async def story(merchant: Merchant) -> None:
        assert (await merchant.create(GOOD | {"x": "y"}, key="k"))[0] == 400
        assert (await merchant.create(GOOD, key="k"))[0] == 200

    run(story)
