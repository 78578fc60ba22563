"""What the model may send to have a person speak with the caller."""

import pytest

from shared.schema import ToolName
from shared.tools.schemas import BadArguments, check


def test_a_topic_and_an_urgency_are_taken_and_neither_is_needed() -> None:
    given = check(ToolName.ESCALATE_TO_HUMAN, {"reason": "a bill", "topic": "billing"})
    assert given.model_dump()["topic"] == "billing"
    assert check(ToolName.ESCALATE_TO_HUMAN, {"reason": "a bill"}).model_dump()["topic"] is None


def test_a_message_may_be_urgent() -> None:
    message = {"name": "Sarah", "phone": "937-555-0000", "message": "Call me", "urgency": "urgent"}
    assert check(ToolName.TAKE_MESSAGE, message).model_dump()["urgency"] == "urgent"


def test_an_overlong_topic_is_told() -> None:
    with pytest.raises(BadArguments):
        check(ToolName.ESCALATE_TO_HUMAN, {"reason": "a bill", "topic": "x" * 41})
