"""Booking: what is kept, in which order, and what is refused."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.businesses import by_id
from shared.domain.business import Business
from shared.domain.calendar.busy import BusyCrews
from shared.domain.errors import PortError
from shared.domain.models import (
    Customer,
    FollowUp,
    HazardCategory,
    Hold,
    Job,
    JobStatus,
)
from shared.tools.dispatch import ToolDispatcher
from tests.examples import NOW, OFFICE, ON_CALL, SARAH, a_call, a_customer, a_job
from tests.fakes import FakeJobs, FakeWorld
from tests.unit.shared.tools import talk as spec
from tests.unit.shared.tools.talk import Talk

TONIGHT = "2025-08-28T21:00:00-04:00"
TOMORROW = "2025-08-29T08:00:00-04:00"
BOOKING: dict[str, object] = {
    "customer_name": "Sarah Miller",
    "phone": "555-123-0000",
    "email": "sarah@example.com",
    "address": "123 Oak Street, Springfield, Ohio",
    "service_type": "repair",
    "description": "AC not cooling; outdoor unit rattling.",
    "scheduled_time": TONIGHT,
    "estimated_cost": 825,
    "is_emergency": True,
    "notes": ["Gate code 1234.", "One friendly dog."],
}


def coolcare(**changes: Any) -> Business:
    business = by_id("coolcare_hvac")
    assert business is not None
    return business.model_copy(update=changes)


def book(
    world: FakeWorld,
    *,
    business: Business | None = None,
    call_sid: str = "CA1",
    now: datetime = NOW,
    context: ToolDispatcher | None = None,
    confirmed: Iterable[str] = ("phone", "address"),
    **changes: object,
) -> dict[str, Any]:
    world.calls.open(a_call(call_sid))
    context = context or new_dispatcher(world, business, call_sid)
    asked = {**BOOKING, **changes}
    return context.use(
        "book_appointment", asked, confirmed=frozenset(confirmed), now=now, real_now=now
    ).output


def new_dispatcher(
    world: FakeWorld, business: Business | None = None, call_sid: str = "CA1"
) -> ToolDispatcher:
    return ToolDispatcher(
        business or coolcare(), call_sid, SARAH, world.ports, "https://voice.example.com"
    )


def test_the_job_holds_what_was_agreed() -> None:
    world = FakeWorld()
    reply = book(world)

    job = world.jobs.rows[reply["job_id"]]
    assert job.window.start == datetime.fromisoformat(TONIGHT)
    assert (job.estimate, job.deposit, job.visit_fee) == (82_500, 20_600, 24_800)
    assert (job.rate, job.after_hours, job.is_emergency, job.priority) == (
        "after_hours",
        True,
        True,
        "p1",
    )
    assert job.notes == ("Gate code 1234.", "One friendly dog.")
    assert (job.phone.raw, job.phone.normalised, job.phone.confirmed) == (
        "555-123-0000",
        SARAH,
        True,
    )
    assert job.address.normalised == "123 Oak St, Springfield, OH"
    assert (job.deposit_paid, job.checkout_number) == (False, 1)


@pytest.mark.parametrize("confirmed", [[], ["phone"], ["address"], ["phone", "address"]])
def test_phone_and_address_are_each_stored_as_confirmed_only_if_they_were(
    confirmed: list[str],
) -> None:
    world = FakeWorld()
    job = world.jobs.rows[book(world, confirmed=confirmed)["job_id"]]

    assert job.phone.confirmed is ("phone" in confirmed)
    assert job.address.confirmed is ("address" in confirmed)


@pytest.mark.parametrize("claim", [["phone", "address"], True, {"phone": True}, "all of it"])
def test_what_the_model_claims_to_be_confirmed_is_left_out(claim: object) -> None:
    world = FakeWorld()
    asked = {**BOOKING, "confirmed": claim}
    world.calls.open(a_call())

    reply = new_dispatcher(world).use("book_appointment", asked, now=NOW, real_now=NOW).output

    job = world.jobs.rows[str(reply["job_id"])]
    assert (job.phone.confirmed, job.address.confirmed) == (False, False)


def test_the_customer_is_kept_with_the_job() -> None:
    world = FakeWorld()
    book(world)

    customer: Customer | None = world.customers.get("coolcare_hvac", SARAH)
    assert customer is not None
    assert (customer.name, customer.email) == ("Sarah Miller", "sarah@example.com")
    assert customer.created_at == NOW


def test_caller_office_and_on_call_hear_of_tonight_s_job() -> None:
    world = FakeWorld()
    job_id = book(world)["job_id"]

    (to_caller,) = world.texts.to(SARAH)
    assert to_caller == (
        "CoolCare HVAC: you're booked for Thu, Aug 28, 9 to 11 PM at 123 Oak St, Springfield, OH. "
        f"Deposit $206: https://voice.example.com/visit/{job_id}"
    )
    (to_office,), (to_on_call,) = world.texts.to(OFFICE), world.texts.to(ON_CALL)
    assert to_office == to_on_call
    for word in ("Thu, Aug 28, 9 to 11 PM", "Sarah Miller", "Gate code 1234", "rattling"):
        assert word in to_office
    assert {text.sender for text in world.texts.sent} == {"+19375550100"}
    assert set(world.follow_ups.rows) == {f"deposit:{job_id}"}


def test_tomorrow_s_job_waits_for_the_office() -> None:
    world = FakeWorld()
    book(world, scheduled_time=TOMORROW, estimated_cost=550)

    assert len(world.texts.to(OFFICE)) == 1
    assert world.texts.to(ON_CALL) == []


def test_a_job_of_today_is_the_office_s_while_it_is_open() -> None:
    world = FakeWorld()
    noon = datetime.fromisoformat("2025-08-28T11:00:00-04:00")
    book(world, now=noon, scheduled_time="2025-08-28T14:00:00-04:00", is_emergency=False)

    assert len(world.texts.to(OFFICE)) == 1
    assert world.texts.to(ON_CALL) == []


def test_tonight_s_job_is_on_call_s_also_when_the_office_is_still_open() -> None:
    world = FakeWorld()
    late = datetime.fromisoformat("2025-08-28T17:30:00-04:00")
    book(world, now=late, scheduled_time="2025-08-28T19:00:00-04:00")

    assert len(world.texts.to(ON_CALL)) == 1


def test_tomorrow_instead_of_tonight_is_booked_at_its_own_lower_price() -> None:
    reply = book(FakeWorld(), scheduled_time=TOMORROW, estimated_cost=825)

    assert (reply["total_estimate"], reply["deposit_amount"]) == (550, 138)
    assert "$550" in reply["say"]


def test_a_price_above_what_was_agreed_books_nothing_and_says_the_right_one() -> None:
    world = FakeWorld()
    context = new_dispatcher(world)

    reply = book(world, context=context, estimated_cost=550)

    assert reply["error"] == "price_rose"
    assert (reply["total_estimate"], reply["visit_fee"], reply["deposit"]) == (825, 248, 206)
    assert "$825" in reply["say"]
    assert reply["window"]["datetime"] == TONIGHT
    assert world.jobs.rows == {}
    assert world.texts.sent == []
    assert book(world, context=context, estimated_cost=reply["total_estimate"])["booked"] is True


def test_a_harder_kind_of_job_that_was_quoted_stays_as_dear_when_the_description_is_cut() -> None:
    world = FakeWorld()
    context = new_dispatcher(world)
    quote = {"service_type": "repair", "description": "compressor is dead", "is_after_hours": True}
    context.use("get_pricing_quote", quote, now=NOW, real_now=NOW)

    reply = book(world, context=context, description="AC not cooling.")

    assert (reply["error"], reply["total_estimate"]) == ("price_rose", 1155)


@pytest.mark.parametrize(
    "start",
    [
        "2025-08-28T21:30:00-04:00",  # not on the hour
        "2025-08-29T09:00:00-04:00",  # not on the grid
        "2025-08-30T10:00:00-04:00",  # a Saturday
        "2025-09-01T10:00:00-04:00",  # a holiday
        "2025-08-28T10:00:00-04:00",  # gone
        "2025-08-28T20:00:00-04:00",  # sooner than anybody could come
        "2026-08-28T10:00:00-04:00",  # beyond what is offered
    ],
)
def test_a_window_we_do_not_offer_is_refused_with_those_we_do(start: str) -> None:
    world = FakeWorld()

    reply = book(world, scheduled_time=start)

    assert reply["error"] == "window_not_offered"
    assert reply["available_slots"][0]["datetime"] == TONIGHT
    assert world.jobs.rows == {}


def test_a_window_that_was_taken_is_refused_with_others() -> None:
    world = FakeWorld()
    book(world)

    reply = book(world, call_sid="CA2")

    assert reply["error"] == "window_taken"
    assert TONIGHT not in [slot["datetime"] for slot in reply["available_slots"]]
    assert len(world.jobs.rows) == 1


def test_the_second_crew_takes_what_the_first_cannot() -> None:
    world = FakeWorld()
    two = coolcare(crews=("crew-1", "crew-2"))

    replies = [book(world, business=two, call_sid=f"CA{n}") for n in range(3)]

    assert [reply.get("error") for reply in replies] == [None, None, "window_taken"]
    assert {job.crew for job in world.jobs.rows.values()} == {"crew-1", "crew-2"}


class StaleJobs(FakeJobs):
    """What is held was read a moment too early, as in a race."""

    def held(
        self, business_id: str, crews: Iterable[str], first: datetime, last: datetime
    ) -> set[Hold]:
        return set()


def test_whoever_loses_the_race_for_one_crew_gets_the_next_or_is_refused() -> None:
    world = FakeWorld()
    world.jobs = StaleJobs(world.customers, world.follow_ups)
    two = coolcare(crews=("crew-1", "crew-2"))

    replies = [book(world, business=two, call_sid=f"CA{n}") for n in range(3)]

    assert [reply.get("error") for reply in replies] == [None, None, "window_taken"]
    assert {job.crew for job in world.jobs.rows.values()} == {"crew-1", "crew-2"}


@pytest.mark.parametrize(
    "where", [{"zip": "90210"}, {"address": "123 Oak St, Beverly Hills, CA 90210"}]
)
def test_a_zip_we_do_not_serve_is_refused(where: dict[str, Any]) -> None:
    world = FakeWorld()

    reply = book(world, **where)

    assert reply["error"] == "outside_service_area"
    assert world.jobs.rows == {}
    assert world.calls.rows["CA1"].bookable is False


def test_a_zip_we_serve_and_no_zip_at_all_are_booked() -> None:
    world = FakeWorld()

    assert book(world, zip="45501")["booked"] is True
    assert book(world, call_sid="CA2", scheduled_time=TOMORROW)["booked"] is True


@pytest.mark.parametrize(
    "address",
    [
        "500 Main Street, Columbus, Ohio",
        "500 main street columbus ohio",
        "12 Oak Street, Dayton",
        "123 Oak Street, Springfield, Illinois",
        "123 Oak Street, Kentucky",
        "1873 State Route 6 Rome Ohio",
    ],
)
def test_a_city_we_do_not_serve_is_refused_without_a_zip(address: str) -> None:
    world = FakeWorld()

    reply = book(world, address=address)

    assert reply["error"] == "outside_service_area"
    assert world.jobs.rows == {}
    assert world.calls.rows["CA1"].bookable is False


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "123 Oak Street"},
        {"address": "123 Oak Street, near the school"},
        {"address": "123 oak street springfield ohio"},
        {"address": "123 Oak Street, Urbana, Ohio", "zip": "45502"},
        {"address": "123 Oak Street, Urbana, Ohio 45502"},
    ],
)
def test_our_city_our_zip_and_no_city_at_all_are_booked(changes: dict[str, Any]) -> None:
    assert book(FakeWorld(), **changes)["booked"] is True


def test_a_business_without_cities_serves_every_city() -> None:
    anywhere = coolcare(service_cities=())
    address = "500 Main Street, Columbus, Ohio"
    assert book(FakeWorld(), business=anywhere, address=address)["booked"] is True


@pytest.mark.parametrize(
    "address", ["RR 3 Box 9, Springfield, OH 45502", "the old mill, Springfield, Ohio"]
)
def test_an_address_without_a_house_number_is_asked_for_once_and_then_kept(address: str) -> None:
    world = FakeWorld()
    context = new_dispatcher(world)

    first, second = (book(world, context=context, address=address) for _ in range(2))

    assert first["error"] == "bad_contact"
    assert second["booked"] is True
    (job,) = world.jobs.rows.values()
    assert (job.address.raw, job.address.normalised) == (address, address)
    assert (job.address.confirmed, job.phone.confirmed) == (False, True)


def test_a_post_office_box_is_never_kept_and_a_place_kept_as_said_is_in_our_area() -> None:
    world = FakeWorld()
    context = new_dispatcher(world)

    replies = [book(world, context=context, address="PO Box 12, Springfield, OH") for _ in range(3)]
    assert [reply["error"] for reply in replies] == ["bad_contact"] * 3
    replies = [book(world, context=context, address="RR 3 Box 9, Canton, OH") for _ in range(2)]
    assert [reply["error"] for reply in replies] == ["bad_contact", "outside_service_area"]


@pytest.mark.parametrize("changes", [{"phone": "12"}, {"phone": "555-1230"}, {"address": "here"}])
def test_a_contact_that_cannot_be_right_is_asked_for_again(changes: dict[str, Any]) -> None:
    world = FakeWorld()

    assert book(world, **changes)["error"] == "bad_contact"
    assert world.jobs.rows == {}


def test_the_same_tool_call_again_is_the_same_job_and_sends_no_second_text() -> None:
    world = FakeWorld()
    context = new_dispatcher(world)

    first, second = book(world, context=context), book(world, context=context)

    assert first == second
    assert len(world.texts.sent) == 3
    assert world.metrics.total("Bookings") == 1


def test_a_retry_at_another_dispatcher_is_the_same_job_too() -> None:
    world = FakeWorld()

    first, second = book(world), book(world)

    assert first == second
    assert len(world.texts.sent) == 3
    assert world.metrics.total("Bookings") == 1
    assert len(world.checkout.created) == 1


def test_a_retry_at_another_dispatcher_does_not_claim_texts_that_were_never_taken() -> None:
    world = FakeWorld()
    world.checkout.down, world.texts.fail_all = True, 0
    book(world)
    world.checkout.down, world.texts.fail_all = False, None

    again = book(world)

    assert (again["booked"], again["text_sent"]) == (True, False)
    assert "will follow" in again["say"]
    assert "texted" not in again["say"]
    assert world.texts.sent == []


class LosesTheAnswer(FakeJobs):
    """Books, and fails before it can say so: what a timeout looks like."""

    lost = False

    def book(self, job: Job, customer: Customer, follow_ups: Iterable[FollowUp] = ()) -> bool:
        booked = super().book(job, customer, follow_ups)
        if not self.lost:
            self.lost = True
            raise PortError("timed out")
        return booked


def test_a_booking_whose_answer_was_lost_owes_its_texts_and_is_found_by_the_retry() -> None:
    world = FakeWorld()
    world.jobs = LosesTheAnswer(world.customers, world.follow_ups)

    lost = book(world)
    assert lost["error"] == "unavailable"
    assert "not say that anything is booked" in lost["message"]
    again = book(world)

    job_id = again["job_id"]
    assert again["booked"] is True
    assert again["text_sent"] is False
    assert len(world.jobs.rows) == 1
    assert set(world.follow_ups.rows) == {
        f"checkout:{job_id}",
        f"deposit:{job_id}",
        *(f"text:{job_id}:{whom}" for whom in ("caller", "office", "on_call")),
    }
    to_caller = world.follow_ups.rows[f"text:{job_id}:caller"].body
    assert to_caller is not None
    assert to_caller.endswith(f"/visit/{job_id}")


def test_a_booking_goes_on_when_the_call_s_own_row_cannot_be_read() -> None:
    world = FakeWorld()
    world.calls.open(a_call())
    world.calls.down = True
    asked = BOOKING

    reply = new_dispatcher(world).use("book_appointment", asked, now=NOW, real_now=NOW).output

    assert reply["booked"] is True


def test_one_call_books_twice_at_most() -> None:
    world = FakeWorld()
    visits = [
        (TONIGHT, "123 Oak Street, Springfield, Ohio"),
        (TOMORROW, "9 Elm Street, Springfield, Ohio"),
        ("2025-08-29T10:00:00-04:00", "77 Main Street, Springfield, Ohio"),
    ]

    replies = [book(world, scheduled_time=start, address=place) for start, place in visits]

    assert [reply.get("error") for reply in replies] == [None, None, "too_many_bookings"]
    assert len(world.jobs.rows) == 2


def test_a_window_given_back_may_be_booked_by_another_call() -> None:
    world = FakeWorld()
    first = book(world)
    world.jobs.close(first["job_id"], JobStatus.CANCELLED, at=NOW)

    assert book(world, call_sid="CA2")["booked"] is True


def test_an_offer_whose_hour_has_come_is_no_longer_booked() -> None:
    world = FakeWorld()
    context = new_dispatcher(world)
    asked = {"service_type": "repair", "is_emergency": True}
    context.use("check_availability", asked, now=NOW, real_now=NOW)

    reply = book(world, context=context, now=NOW + timedelta(hours=2))

    assert reply["error"] == "window_not_offered"


def test_a_job_held_by_others_is_not_ours_whatever_its_customer() -> None:
    world = FakeWorld()
    world.jobs.book(a_job("other", call_sid="CA9"), a_customer())

    assert book(world)["error"] == "window_taken"


def test_a_hazard_makes_the_job_a_matter_of_life() -> None:
    talk = Talk()
    talk.world.calls.note("CA1", hazard=HazardCategory.GAS_LEAK)
    talk.use("book_appointment", **spec.BOOKING)

    (job,) = talk.world.jobs.rows.values()
    assert job.priority == "p0"


def test_a_window_offered_is_still_booked_when_its_lead_has_passed_meanwhile() -> None:
    talk = Talk()
    talk.use("check_availability", **spec.AVAILABILITY)
    talk.now = NOW + timedelta(minutes=25)  # 19:37: a new emergency window would be 22:00

    assert talk.use("book_appointment", **spec.BOOKING).output["booked"] is True


def test_what_came_into_the_crew_s_calendar_since_the_offer_is_seen_at_the_booking() -> None:
    world = FakeWorld()
    context = new_dispatcher(world)
    context.use("check_availability", spec.AVAILABILITY, now=NOW, real_now=NOW)
    start = datetime.fromisoformat(TONIGHT).astimezone(UTC)
    world.calendars.known = BusyCrews(frozenset({("crew-1", start)}))
    reply = book(world, context=context)

    assert reply["error"] == "window_taken"
    assert world.jobs.rows == {}


def test_what_is_booked_is_not_cancelled_for_it() -> None:
    world = FakeWorld()
    job_id = book(world)["job_id"]
    start = datetime.fromisoformat(TONIGHT).astimezone(UTC)
    world.calendars.known = BusyCrews(frozenset({("crew-1", start)}))
    again = book(world)

    assert again["job_id"] == job_id
    assert world.jobs.rows[job_id].status is JobStatus.SCHEDULED


def test_while_a_calendar_cannot_be_read_all_hear_that_the_office_confirms_the_time() -> None:
    world = FakeWorld()
    world.calendars.known = BusyCrews(unsure=frozenset({"crew-1"}))
    reply = book(world)

    assert "Our office will confirm the time." in reply["say"]
    assert world.jobs.rows[reply["job_id"]].to_be_confirmed
    assert "Our office will confirm the time." in world.texts.to(SARAH)[0]
    assert "TO BE CONFIRMED, the crew's calendar cannot be read: " in world.texts.to(OFFICE)[0]


def test_a_move_to_a_crew_whose_calendar_is_read_needs_no_confirmation() -> None:
    world = FakeWorld()
    world.calendars.known = BusyCrews(unsure=frozenset({"crew-1"}))
    job_id = book(world)["job_id"]
    world.calendars.known = BusyCrews()
    moved = book(world, scheduled_time=TOMORROW, estimated_cost=825)

    assert moved["job_id"] == job_id
    assert not world.jobs.rows[job_id].to_be_confirmed
    assert "confirm the time" not in world.texts.to(SARAH)[-1]


def test_the_terms_that_are_read_back_say_that_the_time_is_to_be_confirmed() -> None:
    world = FakeWorld()
    world.calls.open(a_call())
    world.calendars.known = BusyCrews(unsure=frozenset({"crew-1"}))
    asked = {"name": "Sarah Miller", "phone": "555-123-0000", "address": BOOKING["address"]}
    said = new_dispatcher(world).use(
        "confirm_details",
        asked | {"booking": BOOKING},
        confirmed=frozenset(asked),
        now=NOW,
        real_now=NOW,
    )

    assert "and our office will confirm the time" in str(said.output)
