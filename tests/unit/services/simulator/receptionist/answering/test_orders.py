"""What one-off instructions want."""

import pytest

from services.simulator.receptionist.answering.orders import Order, asked_by, order
from services.simulator.receptionist.notes import Ask
from shared.domain.moments import CallMoment, wordings_of


@pytest.mark.parametrize(
    ("instructions", "wanted"),
    [
        ("Say exactly: Are you still there?", Order.EXACT),
        ("Ask only whether they are safe now.", Order.SAFE),
        ("Tell the caller that this call can last about two more minutes.", Order.TIME_LIMIT),
        ("The caller has been silent. Ask whether they are still there.", Order.STILL_THERE),
        ("Say goodbye and end the call.", Order.GOODBYE),
        ("Go on.", Order.GO_ON),
    ],
)
def test_one_off_instructions_are_understood(instructions: str, wanted: Order) -> None:
    assert order(instructions) is wanted


@pytest.mark.parametrize(
    ("moment", "asks"),
    [
        (CallMoment.PRICE, Ask.FIND_TIME),
        (CallMoment.WINDOWS, Ask.WINDOW),
        (CallMoment.SAY_AGAIN, None),
    ],
)
def test_what_code_asks_in_her_name_is_understood_in_each_wording(
    moment: CallMoment, asks: Ask | None
) -> None:
    parts = {
        "price": "The visit is $165.",
        "first": "tomorrow 8 to 10 AM",
        "others": "",
        "alone": "",
    }

    assert {asked_by(each.format(**parts)) for each in wordings_of(moment)} == {asks}
