"""Nobody says "1": the next person, the office by voice, then a page; each once."""

from datetime import datetime, timedelta

from shared.actions.alerts.raising import alert_id
from shared.actions.follow_ups.retry import FollowUpRun
from shared.actions.follow_ups.run import run
from shared.domain.call_time import CallTime
from tests.examples import NOW, OFFICE, ON_CALL, a_follow_up
from tests.fakes import FakeWorld
from tests.unit.shared.actions.alerts.test_raising import SECOND, raised, two_on_call

THREE = timedelta(minutes=3)


def at(world: FakeWorld, when: datetime) -> dict[str, int]:
    business = two_on_call()
    this_run = FollowUpRun(world.ports, lambda _: business, "https://x", CallTime(when, when))
    return dict(run(this_run, lambda: True))


def test_before_three_minutes_nobody_else_is_asked() -> None:
    world = raised()
    assert at(world, NOW + timedelta(minutes=2)) == {}


def test_the_next_person_by_text_and_by_voice() -> None:
    world = raised()
    assert at(world, NOW + THREE) == {"held": 1}
    assert world.texts.to(SECOND)[0].startswith("DANGER: a gas leak.")
    ((to, said),) = world.rings.rung
    assert to == SECOND and said.startswith("Danger: a gas leak.")
    assert world.calls.rows["CA1"].alert_asked == (ON_CALL, SECOND)
    assert world.follow_ups.rows[alert_id("CA1")].due_at == NOW + 2 * THREE


def test_then_the_office_by_voice_and_then_a_page() -> None:
    world = raised()
    for n in (1, 2):
        at(world, NOW + n * THREE)
    assert world.rings.rung[-1][0] == OFFICE and world.texts.to(OFFICE) == []
    assert world.metrics.total("EmergencyUnanswered") == 0
    at(world, NOW + 3 * THREE)
    assert world.metrics.total("EmergencyUnanswered") == 1
    at(world, NOW + 4 * THREE)
    assert world.metrics.total("EmergencyUnanswered") == 1
    assert at(world, NOW + 3 * THREE + timedelta(hours=1)) == {"done": 1}
    assert world.follow_ups.rows == {}


def test_once_somebody_has_it_nobody_is_asked() -> None:
    world = raised()
    world.calls.note("CA1", acknowledged_at=NOW, acknowledged_by=ON_CALL)
    assert at(world, NOW + THREE) == {"done": 1}
    assert world.rings.rung == []


def test_where_who_took_it_could_tell_nobody_the_others_are_told_then() -> None:
    world = raised()
    at(world, NOW + THREE)
    world.calls.acknowledge("CA1", SECOND, at=NOW + THREE)  # and its process died there
    assert at(world, NOW + 2 * THREE) == {"done": 1}
    assert "has taken a gas leak" in world.texts.to(ON_CALL)[-1]


def test_a_run_that_died_after_its_text_asks_nobody_twice() -> None:
    world = raised()
    at(world, NOW + THREE)
    world.calls.note("CA1", alert_asked=(ON_CALL,))  # not written before it died
    at(world, NOW + 2 * THREE)
    assert len(world.texts.to(SECOND)) == 1 and len(world.rings.rung) == 1
    assert world.calls.rows["CA1"].alert_asked == (ON_CALL, SECOND)


def test_a_phone_that_cannot_be_rung_keeps_nobody_waiting() -> None:
    world = raised()
    world.rings.down = True
    assert at(world, NOW + THREE) == {"held": 1}
    assert world.calls.rows["CA1"].alert_asked == (ON_CALL, SECOND)


def test_an_emergency_goes_before_all_that_is_due() -> None:
    world = raised()
    older = a_follow_up(due_at=NOW - THREE, to=OFFICE, body="older")
    world.follow_ups.leave(older)
    business = two_on_call()
    this_run = FollowUpRun(
        world.ports, lambda _: business, "https://x", CallTime(NOW + THREE, NOW + THREE)
    )
    once = iter([True, False])
    run(this_run, lambda: next(once))
    assert world.rings.rung and world.texts.to(OFFICE) == []
