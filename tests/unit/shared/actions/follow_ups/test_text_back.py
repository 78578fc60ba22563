"""Who hung up after the quote is texted once in thirty days, with a yes to texts alone."""

from datetime import datetime, timedelta

import pytest

from shared.actions.follow_ups import text_back
from shared.actions.follow_ups.retry import FollowUpRun
from shared.actions.follow_ups.run import run
from shared.businesses import by_id
from shared.domain.business import Business, Policy
from shared.domain.call_time import CallTime
from shared.domain.models import OptOut, Outcome, TextConsent
from tests.examples import NOW, SARAH, a_call, a_customer, a_job
from tests.fakes import FakeWorld

SHOP = "coolcare_hvac"
DAY = timedelta(days=1)
ENDED = NOW - timedelta(hours=4)  # 15:12 in Springfield
ON = Policy(text_back=True)


def business(policy: Policy = ON) -> Business:
    found = by_id(SHOP)
    assert found is not None
    return found.model_copy(update={"policy": policy})


def hung_up(
    world: FakeWorld | None = None,
    call_sid: str = "CA1",
    at: datetime = ENDED,
    *,
    consent: bool = True,
    policy: Policy = ON,
    **changes: object,
) -> FakeWorld:
    world = world or FakeWorld()
    if consent:
        said = TextConsent(at=at - DAY, wording="Book and text?", call_sid="CA0")
        world.texting.consent(SHOP, SARAH, said)
    fields = {"outcome": Outcome.QUOTE_ONLY, "started_at": at, "ended_at": at}
    world.calls.open(a_call(call_sid, **(fields | changes)))
    for _ in range(2):
        text_back.note(world.ports, business(policy), call_sid, at_real=at)
    return world


def after(world: FakeWorld, at: datetime = ENDED + timedelta(minutes=15)) -> list[str]:
    for _ in range(2):
        run(
            FollowUpRun(world.ports, lambda _: business(), "https://x", CallTime(at, at)),
            lambda: True,
        )
    return world.texts.to(SARAH)


def test_they_are_texted_once_without_a_price_or_an_offer() -> None:
    world = hung_up()
    assert after(world, ENDED + timedelta(minutes=14)) == []
    assert after(world) == [
        "CoolCare HVAC: thanks for calling. If you still need us, call 937-555-0100 or reply here. "
        "Reply STOP for no texts."
    ]
    assert world.follow_ups.rows == {}


def test_a_number_is_texted_back_once_in_thirty_days() -> None:
    world = hung_up()
    after(world)
    for n, days in enumerate((1, 20, 31), 2):
        hung_up(world, f"CA{n}", ENDED + days * DAY)
        after(world, ENDED + days * DAY + timedelta(minutes=15))
    assert len(world.texts.to(SARAH)) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"consent": False},
        {"policy": Policy()},
        {"outcome": Outcome.ABANDONED},
        {"end_reason": "goodbye"},
        {"caller": None},
        {"synthetic": True},
    ],
)
def test_nobody_else_is(changes: dict[str, object]) -> None:
    world = hung_up(**changes)  # type: ignore[arg-type]
    assert world.follow_ups.rows == {} and after(world) == []


def test_who_has_booked_meanwhile_or_wants_no_texts_is_not() -> None:
    world = hung_up()
    world.jobs.book(a_job(created_at=ENDED + timedelta(minutes=5)), a_customer())
    assert after(world) == []
    world = hung_up()
    world.texting.opt_out(SHOP, SARAH, OptOut(at=ENDED, by="spoken"))
    assert after(world) == [] and world.follow_ups.rows == {}


def test_nobody_is_texted_back_at_night() -> None:
    world = hung_up(at=NOW + timedelta(hours=2))  # 21:12
    assert after(world, NOW + timedelta(hours=3)) == []
    assert len(after(world, NOW + timedelta(hours=14))) == 1
