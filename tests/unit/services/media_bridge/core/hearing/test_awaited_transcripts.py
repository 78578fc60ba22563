"""The reply waits for the caller's words, while words come."""

from services.media_bridge.core import events as ev
from services.media_bridge.core.events import ToolCalled
from services.media_bridge.core.hearing.awaited_transcripts import WORDS_MS, AwaitedTranscripts
from tests.scripted import ScriptedCall, sound


def test_replies_wait_for_words_only_while_words_come() -> None:
    call = ScriptedCall().live()
    for _ in range(2):
        call.caller_says("Hello?", words=False)
        call.wait(1300)
    call.caller_says("Hello?", words=False)
    response = call.starts()

    assert call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(200)))


def test_a_reply_is_held_until_the_last_words_it_answers_are_here() -> None:
    awaited = AwaitedTranscripts()
    assert awaited.stopped("u1", 1_000) and awaited.stopped("u2", 1_500)
    assert awaited.any and awaited.next_ms == 2_200
    awaited.let_go("u1")
    assert awaited.next_ms == 2_700
    awaited.let_go("u2")

    assert not awaited.any and awaited.next_ms is None


def test_words_that_came_before_the_end_of_their_utterance_are_not_waited_for() -> None:
    awaited = AwaitedTranscripts()
    assert awaited.settle("u1")

    assert not awaited.stopped("u1", 1_000)
    assert not awaited.settle("u1")  # told a second time


def test_after_two_late_ones_none_is_waited_for_until_one_comes_in_time() -> None:
    awaited = AwaitedTranscripts()
    for item_id, at_ms in (("u1", 0), ("u2", 5_000)):
        awaited.stopped(item_id, at_ms)
        assert awaited.overdue(at_ms + WORDS_MS) == [item_id]
        awaited.let_go(item_id)
    assert not awaited.stopped("u3", 10_000)
    awaited.came("u3", 10_000 + WORDS_MS)

    assert awaited.stopped("u4", 20_000)


def test_a_booking_waits_once_and_in_order() -> None:
    awaited = AwaitedTranscripts()
    first, second = (
        ToolCalled(0, "R1", call_id, "book_appointment", {}) for call_id in ("call_1", "call_2")
    )
    for booking in (first, second, first):
        awaited.hold(booking)

    assert awaited.take_bookings() == [first, second]
    assert awaited.take_bookings() == []
