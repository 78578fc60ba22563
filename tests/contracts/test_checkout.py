"""The contract of `Checkout`, over the fake and over Stripe's own library against the stand-in."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from typing import Protocol, TypeVar

import pytest

from services.simulator.stripe.server import StripeStandIn
from shared.actions.payments.deposit import open_deposit
from shared.actions.ports import Checkout, CheckoutSession
from shared.adapters.stripe_checkout import StripeCheckout
from shared.domain.errors import CheckoutFailed
from tests.at_once import at_once
from tests.examples import a_customer, a_job
from tests.fakes import FakeCheckout, FakeJobs
from tests.money import DEPOSIT

KEY = "sk_test_contract"
RETURN = "https://callwright.test"
T = TypeVar("T")


class StripeOnAThread:
    """The stand-in on a loop of its own, since Stripe's library blocks."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.server = StripeStandIn(api_key=KEY, webhook_secret="whsec_contract")
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.url = self._run(self.server.start())

    def pay(self, session_id: str) -> None:
        self._run(self.server.account.pay(session_id))

    def stop(self) -> None:
        self._run(self.server.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()

    def _run(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)


class World(Protocol):
    @property
    def checkout(self) -> Checkout: ...

    def pay(self, session_id: str) -> None: ...


class FakeWorld:
    def __init__(self) -> None:
        self.checkout = FakeCheckout()

    def pay(self, session_id: str) -> None:
        session = self.checkout.sessions[session_id]
        self.checkout.sessions[session_id] = CheckoutSession(
            session_id, None, "complete", session.amount, paid=True
        )


class StripeWorld:
    def __init__(self, stripe: StripeOnAThread) -> None:
        self._stripe = stripe
        self.checkout = StripeCheckout(lambda: KEY, api_base=stripe.url)

    def pay(self, session_id: str) -> None:
        self._stripe.pay(session_id)


@pytest.fixture
def stripe() -> Iterator[StripeOnAThread]:
    standing = StripeOnAThread()
    yield standing
    standing.stop()


@pytest.fixture(params=["fake", "stripe"])
def world(request: pytest.FixtureRequest) -> World:
    if request.param == "fake":
        return FakeWorld()
    return StripeWorld(request.getfixturevalue("stripe"))


def create(checkout: Checkout, number: int = 1, return_url: str = RETURN) -> CheckoutSession:
    return checkout.create(
        a_job(), number=number, business_name="CoolCare HVAC", return_url=return_url
    )


def test_a_new_session_is_open_has_an_address_and_the_deposit(world: World) -> None:
    session = create(world.checkout)
    assert (session.status, session.amount, session.paid) == ("open", DEPOSIT, False)
    assert session.url is not None
    assert session.session_id in session.url


def test_one_number_is_one_session_and_the_next_another(world: World) -> None:
    first = create(world.checkout)
    assert create(world.checkout) == first
    assert create(world.checkout, 2).session_id != first.session_id


def test_a_session_is_as_it_was_made_until_it_is_paid(world: World) -> None:
    session = create(world.checkout)
    assert world.checkout.get(session.session_id) == session

    world.pay(session.session_id)

    now = world.checkout.get(session.session_id)
    assert (now.status, now.paid, now.url) == ("complete", True, None)


def test_an_expired_session_has_no_address_and_expiring_it_again_is_fine(world: World) -> None:
    session = create(world.checkout)
    world.checkout.expire(session.session_id)
    world.checkout.expire(session.session_id)
    now = world.checkout.get(session.session_id)
    assert (now.status, now.url) == ("expired", None)


def test_expiring_a_paid_session_leaves_it_paid(world: World) -> None:
    session = create(world.checkout)
    world.pay(session.session_id)
    world.checkout.expire(session.session_id)
    assert world.checkout.get(session.session_id).paid


def test_a_number_used_again_after_its_session_expired_tells_so(world: World) -> None:
    session = create(world.checkout)
    world.checkout.expire(session.session_id)
    assert create(world.checkout).status == "expired"


def test_a_session_nobody_made_is_a_failure(world: World) -> None:
    with pytest.raises(CheckoutFailed) as unknown:
        world.checkout.get("cs_test_nobody")
    assert unknown.value.permanent
    with pytest.raises(CheckoutFailed):
        world.checkout.expire("cs_test_nobody")


# What only Stripe does


def test_the_session_carries_what_settling_and_refunds_need(stripe: StripeOnAThread) -> None:
    session = create(StripeCheckout(lambda: KEY, api_base=stripe.url))
    made = stripe.server.account.sessions[session.session_id]
    names = {"job_id": a_job().job_id, "business_id": "coolcare_hvac"}
    assert made["metadata"] == names
    assert made["client_reference_id"] == a_job().job_id
    assert made["payment_method_types"] == ["card"]
    assert made["success_url"] == made["cancel_url"] == f"{RETURN}/pay/{a_job().job_id}/thanks"
    assert made["customer_email"] is None
    stripe.pay(session.session_id)
    assert stripe.server.account.charges[session.session_id]["metadata"] == names


def test_one_failure_is_tried_again_within_the_call(stripe: StripeOnAThread) -> None:
    stripe.server.fail_next(1)
    assert create(StripeCheckout(lambda: KEY, api_base=stripe.url)).status == "open"


def test_two_failures_are_told_without_naming_key_or_params(stripe: StripeOnAThread) -> None:
    stripe.server.fail_next(2)
    with pytest.raises(CheckoutFailed) as failed:
        create(StripeCheckout(lambda: KEY, api_base=stripe.url))
    assert KEY not in str(failed.value)
    assert "500" in str(failed.value)


def test_a_failure_that_stripe_replays_for_the_key_does_not_lock_the_number(
    stripe: StripeOnAThread,
) -> None:
    checkout = StripeCheckout(lambda: KEY, api_base=stripe.url)
    stripe.server.fail_next(1, sticky=True)
    session = create(checkout)
    assert session.status == "open"
    assert create(checkout) == session


def test_another_public_address_does_not_lock_the_number(stripe: StripeOnAThread) -> None:
    checkout = StripeCheckout(lambda: KEY, api_base=stripe.url)
    create(checkout)
    moved = create(checkout, return_url="https://moved.test")
    assert moved.status == "open"
    assert create(checkout, return_url="https://moved.test") == moved


def test_a_wrong_key_is_a_failure_whose_code_is_in_the_log(
    stripe: StripeOnAThread, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(CheckoutFailed, match="AuthenticationError 401") as wrong:
        create(StripeCheckout(lambda: "sk_test_wrong", api_base=stripe.url))
    assert not wrong.value.permanent  # until the right one is there
    (line,) = caplog.records
    assert (vars(line)["error"], vars(line)["status"]) == ("AuthenticationError", 401)
    assert "sk_test_wrong" not in str(vars(line))


def test_an_amount_stripe_never_takes_is_a_lasting_failure(stripe: StripeOnAThread) -> None:
    with pytest.raises(CheckoutFailed, match="amount_too_small") as refused:
        checkout = StripeCheckout(lambda: KEY, api_base=stripe.url)
        checkout.create(a_job(deposit=49), number=1, business_name="CoolCare", return_url=RETURN)
    assert refused.value.permanent


def test_a_stripe_that_is_too_slow_is_a_failure(stripe: StripeOnAThread) -> None:
    stripe.server.api.delay_s = 1
    with pytest.raises(CheckoutFailed, match="APIConnectionError"):
        create(StripeCheckout(lambda: KEY, api_base=stripe.url, timeout_s=0.1))


def test_nobody_listening_is_a_failure() -> None:
    with pytest.raises(CheckoutFailed, match="APIConnectionError"):
        create(StripeCheckout(lambda: KEY, api_base="http://127.0.0.1:9"))


def test_eight_clicks_at_once_open_one_session_at_stripe(stripe: StripeOnAThread) -> None:
    jobs, checkout = FakeJobs(), StripeCheckout(lambda: KEY, api_base=stripe.url)
    jobs.book(a_job(), a_customer())

    def click() -> str:
        return open_deposit(a_job(), "CoolCare HVAC", jobs, checkout, return_url=RETURN).session_id

    got = at_once(*[click] * 8)
    assert set(got) == set(stripe.server.account.sessions)
