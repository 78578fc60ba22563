"""What one-off instructions want."""

import pytest

from services.simulator.receptionist.answering.orders import Order, order


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
