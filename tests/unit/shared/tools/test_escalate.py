"""escalate_to_human: the wish for a person is kept, and somebody is rung."""

from datetime import timedelta

from shared.domain.business import Business
from shared.domain.telling import Telling
from shared.domain.topics import Topic
from tests.examples import NOW, a_turn
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


BILLING = Topic(label="billing", words=("invoice",), numbers=("+19375550193",))


def with_billing(**policy: int) -> Business:
    known = coolcare()
    changed = known.policy.model_copy(update=policy)
    return coolcare(topics={"billing": BILLING}, policy=changed)


def test_billing_at_night_is_called_back_by_the_time_that_the_policy_promises() -> None:
    talk = Talk(with_billing(call_back_within_hours=2))
    reply = talk.use("escalate_to_human", reason="a question about the invoice")

    assert (reply.output["mode"], reply.hand_over) == ("callback", False)
    assert reply.telling == Telling(
        "Nobody for billing can be reached now. The office will call you back by tomorrow, 10 AM.",
        "What should I pass on?",
    )
    row = talk.world.calls.rows["CA1"]
    assert row.escalation and (row.escalation.topic, row.escalation.result) == ("billing", "nobody")
    assert row.callback and (row.callback.topic, row.callback.urgency) == ("billing", "normal")


def test_where_the_policy_says_no_time_none_is_told() -> None:
    reply = Talk(with_billing()).use("escalate_to_human", reason="the invoice")
    assert reply.telling is not None
    assert reply.telling.sentence == (
        "Nobody for billing can be reached now. The office will call you back."
    )


def test_billing_by_day_is_put_through() -> None:
    talk = Talk(with_billing())
    talk.now = NOW + timedelta(hours=15)
    reply = talk.use("escalate_to_human", reason="asked", topic="billing")
    assert (reply.output["mode"], reply.hand_over) == ("transfer", True)


def test_the_caller_s_own_words_name_the_topic() -> None:
    talk = Talk(with_billing())
    talk.world.turns.add([a_turn(1, role="user", text="My invoice is wrong")])
    talk.use("escalate_to_human", reason="asked for a person")
    escalation = talk.world.calls.rows["CA1"].escalation
    assert escalation and escalation.topic == "billing"


def test_what_is_urgent_waits_for_no_office() -> None:
    talk = Talk(with_billing())
    reply = talk.use("escalate_to_human", reason="the invoice", urgency="urgent")
    assert reply.output["mode"] == "transfer"
