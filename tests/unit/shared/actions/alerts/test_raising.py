"""An emergency is raised: who is asked first, and when the next one is."""

from datetime import timedelta

from shared.actions.alerts.raising import ANSWER_WITHIN, alert_id, hazard_alert
from shared.businesses import by_id
from shared.domain.business import Business
from shared.domain.models import FollowUpKind, HazardCategory
from tests.examples import NOW, OFFICE, ON_CALL, SARAH, a_call, a_turn
from tests.fakes import FakeWorld

SECOND = "+19375550192"


def two_on_call(**changes: object) -> Business:
    business = by_id("coolcare_hvac")
    assert business is not None
    return business.model_copy(update={"on_call": (ON_CALL, SECOND), **changes})


def raised(business: Business | None = None) -> FakeWorld:
    world = FakeWorld()
    world.calls.open(a_call())
    alert(world, business)
    return world


def alert(world: FakeWorld, business: Business | None = None, category: str = "gas_leak") -> bool:
    return hazard_alert(
        world.ports, business or two_on_call(), "CA1", SARAH, category, real_now=NOW
    )


def test_the_first_person_is_asked_and_the_row_says_so() -> None:
    world = raised()

    (body,) = world.texts.to(ON_CALL)
    assert body.startswith("DANGER: a gas leak.")
    assert "555-123-0000" in body and "Answer 1" in body
    assert world.texts.to(SECOND) == []
    row = world.calls.rows["CA1"]
    assert row.hazard is HazardCategory.GAS_LEAK
    assert (row.alerted_at, row.alert_asked) == (NOW, (ON_CALL,))
    assert world.metrics.total("EmergencyDetected") == 1
    assert world.metrics.total("EmergencyHandled") == 1


def test_it_is_come_back_to_after_three_minutes() -> None:
    kept = raised().follow_ups.rows[alert_id("CA1")]
    assert kept.kind is FollowUpKind.ALERT
    assert kept.due_at == NOW + ANSWER_WITHIN == NOW + timedelta(minutes=3)


def test_who_is_at_home_stands_behind_the_danger() -> None:
    world = FakeWorld()
    world.calls.open(a_call())
    world.turns.add([a_turn(1, role="user", text="I smell gas, my baby and my kids are here")])
    alert(world)
    (body,) = world.texts.to(ON_CALL)
    assert body.startswith("DANGER: a gas leak. They spoke of a baby and children. CoolCare HVAC")


def test_a_text_that_is_not_taken_goes_to_the_next_person_at_once() -> None:
    world = FakeWorld()
    world.calls.open(a_call())
    world.texts.failing[ON_CALL] = 30_003
    assert alert(world) is True
    assert len(world.texts.to(SECOND)) == 1
    assert world.calls.rows["CA1"].alert_asked == (ON_CALL, SECOND)


def test_one_that_reached_nobody_is_detected_but_not_handled() -> None:
    world = FakeWorld()
    world.calls.open(a_call())
    world.texts.fail_all = 30_003
    assert alert(world) is False
    assert world.metrics.total("EmergencyHandled") == 0
    assert alert_id("CA1") in world.follow_ups.rows


def test_with_nobody_on_call_the_office_is_asked() -> None:
    world = raised(two_on_call(on_call=()))
    assert [text.to for text in world.texts.sent] == [OFFICE]


def test_a_second_danger_goes_to_whoever_was_asked_or_has_it() -> None:
    world = raised()
    alert(world, category="fire_smoke")
    assert len(world.texts.to(ON_CALL)) == 2 and world.texts.to(SECOND) == []
    world.calls.note("CA1", acknowledged_at=NOW, acknowledged_by=SECOND)
    alert(world, category="carbon_monoxide")
    assert len(world.texts.to(ON_CALL)) == 2 and len(world.texts.to(SECOND)) == 1


def test_without_texts_everybody_is_mailed_and_it_is_not_handled() -> None:
    business = two_on_call(texts="off", office_email="office@example.com")
    world = FakeWorld()
    world.calls.open(a_call())
    assert alert(world, business) is False
    ((to, subject, body),) = world.mail.sent
    assert (to, subject) == ("office@example.com", "DANGER: a gas leak")
    assert "555-123-0000" in body and "Answer 1" not in body
    assert world.follow_ups.rows == {}
    assert world.metrics.total("EmergencyHandled") == 0  # a mail wakes nobody


def test_without_its_row_somebody_is_asked_all_the_same() -> None:
    world = FakeWorld()
    world.calls.down = True
    assert alert(world) is True
    assert len(world.texts.to(ON_CALL)) == 1
