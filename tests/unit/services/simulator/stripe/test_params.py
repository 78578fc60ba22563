"""Parameters that Stripe refuses, and how it says so."""

import time

import pytest

from tests.unit.services.simulator.stripe.merchant import GOOD, Merchant, run


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"mode": None}, "mode", "parameter_missing"),
        ({"success_url": None}, "success_url", "parameter_missing"),
        ({"success_url": "thanks"}, "success_url", "url_invalid"),
        ({"colour": "red"}, "colour", "parameter_unknown"),
        ({"payment_method_types[0]": "card"}, "payment_method_types", "parameter_unknown"),
        ({"line_items[0][price]": "x"}, "line_items[0][price]", "parameter_unknown"),
        (
            {"line_items[0][price_data][unit_amount]": "206.00"},
            "line_items[0][price_data][unit_amount]",
            "parameter_invalid_integer",
        ),
        ({"line_items[0][price_data][unit_amount]": "49"}, None, "amount_too_small"),
        ({"line_items[0][quantity]": "0"}, "line_items[0]", None),
        ({"line_items": "one"}, "line_items", None),
        ({"metadata": "x"}, "metadata", None),
        ({"expires_at": "1"}, "expires_at", None),
        ({"metadata[" + "k" * 41 + "]": "x"}, "metadata[" + "k" * 41 + "]", None),
    ],
)
def test_params_that_stripe_refuses_are_refused(
    changes: dict[str, str | None], param: str | None, code: str | None
) -> None:
    form = {name: value for name, value in (GOOD | changes).items() if value is not None}
    if "line_items" in changes:
        form = {name: value for name, value in form.items() if "line_items[" not in name}
    if "metadata" in changes:
        form.pop("metadata[job_id]")

    async def story(merchant: Merchant) -> None:
        status, body, _ = await merchant.create(form)
        error = body["error"]
        assert isinstance(error, dict)
        assert (status, error["type"]) == (400, "invalid_request_error")
        assert (error.get("param"), error.get("code")) == (param, code)
        assert not merchant.server.account.sessions

    run(story)


def test_expires_at_lies_between_half_an_hour_and_a_day_ahead() -> None:
    async def story(merchant: Merchant) -> None:
        now = int(time.time())
        for ahead, status in ((1700, 400), (1900, 200), (86300, 200), (86500, 400)):
            got = await merchant.create(GOOD | {"expires_at": str(now + ahead)})
            assert got[0] == status, ahead

    run(story)
