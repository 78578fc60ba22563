"""escalate_to_human: the wish for a person is kept, and somebody is rung."""

from datetime import timedelta

from tests.examples import NOW
from tests.unit.shared.tools.talk import Talk, coolcare


def test_a_person_is_asked_for_and_the_intent_is_kept() -> None:
    talk = Talk()

    reply = talk.use("escalate_to_human", reason="asked for one", summary="No cooling.")

    assert reply.output["mode"] == "transfer"
    assert reply.hand_over is True
    escalation = talk.world.calls.rows["CA1"].escalation
    assert escalation is not None
    assert (escalation.reason, escalation.summary) == ("asked for one", "No cooling.")
    assert talk.world.metrics.total("EscalationsAsked") == 1


def test_where_nobody_is_on_call_an_open_office_is_rung_and_a_closed_one_is_not() -> None:
    """What the agent says is what /after-stream does."""
    morning, evening = Talk(coolcare(on_call=())), Talk(coolcare(on_call=()))
    morning.now = NOW + timedelta(hours=15)  # 10:12 on Friday

    reply = morning.use("escalate_to_human", reason="asked for one")
    assert (reply.output["mode"], reply.hand_over) == ("transfer", True)
    assert "the office" in str(reply.output["message"])
    evening.use("escalate_to_human", reason="asked for one")

    results = []
    for talk in (morning, evening):
        escalation = talk.world.calls.rows["CA1"].escalation
        assert escalation is not None
        results.append(escalation.result)
    assert results == ["pending", "nobody"]


def test_a_person_is_reached_even_when_the_tables_are_down() -> None:
    talk = Talk()
    talk.world.calls.down = True

    reply = talk.use("escalate_to_human", reason="asked for one")

    assert (reply.output["mode"], reply.hand_over) == ("transfer", True)
