"""Each call of a tool is answered exactly once, whatever becomes of it."""

import pytest

from services.media_bridge.core.tool_calls import GRACE_MS, MOST_CALLS, OpenToolCalls, ToolUse


def a_use(call_id: str = "call_1", name: str = "get_pricing_quote") -> ToolUse:
    return ToolUse(3, 1_000, "R1", call_id, name, {})


def test_a_call_is_new_until_it_is_taken_up() -> None:
    calls = OpenToolCalls()
    assert calls.is_new("call_1")
    calls.take_up("call_1")

    assert not calls.is_new("call_1")
    assert not calls.busy  # taken up, but refused: nothing runs


def test_an_answer_is_taken_once() -> None:
    calls = OpenToolCalls()
    calls.start(a_use())
    assert calls.busy

    assert calls.answered("call_1", timed_out=False) == a_use()
    assert calls.answered("call_1", timed_out=False) is None
    assert calls.late("call_1") is None
    assert not calls.busy


def test_a_call_that_timed_out_may_answer_late_and_once() -> None:
    calls = OpenToolCalls()
    calls.start(a_use())
    calls.answered("call_1", timed_out=True)

    assert not calls.busy
    assert calls.late("call_1") == a_use()
    assert calls.late("call_1") is None


@pytest.mark.parametrize(
    ("name", "limit_ms"),
    [("book_appointment", 8_000), ("check_availability", 5_000), ("add_note", 4_000)],
)
def test_every_tool_has_a_limit(name: str, limit_ms: int) -> None:
    use = a_use(name=name)

    assert use.limit_ms == limit_ms
    assert use.overdue_ms == use.at_ms + limit_ms + GRACE_MS


def test_one_call_has_room_for_so_many() -> None:
    calls = OpenToolCalls()
    for number in range(MOST_CALLS):
        assert not calls.full
        calls.take_up(f"call_{number}")

    assert calls.full


def test_too_many_that_could_not_work_running_are_told() -> None:
    calls = OpenToolCalls()

    assert [calls.worked(broke=broke) for broke in (True, False, True, True)] == [
        True,
        True,
        True,
        False,
    ]
