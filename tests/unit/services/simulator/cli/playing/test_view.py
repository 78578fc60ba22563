"""A call on the terminal: what is said stands where it was heard, and nothing that was not."""

import io
from typing import Any

from services.simulator.caller.sending import CallerLine
from services.simulator.cli.playing.paper import Paper
from services.simulator.cli.playing.view import LiveView
from services.simulator.phone.calls import PhoneEvent
from services.simulator.phone.media.playback import PhonePlayback
from services.simulator.realtime import RealtimeNote


def a_view(**how: Any) -> tuple[io.StringIO, LiveView, PhonePlayback]:
    out, phone = io.StringIO(), PhonePlayback()
    view = LiveView(Paper(out), phonebook={"+15551230000": "caller"}, **how)
    view.logs = lambda: [phone.log]
    return out, view, phone


def plays(phone: PhonePlayback, item: str, begins_ms: int, frames: int = 5) -> None:
    phone.media(bytes(160) * frames, begins_ms)
    phone.mark(f"g1:{item}:{frames * 20}", begins_ms)
    for number in range(frames):
        phone.frame(begins_ms + 20 * (number + 1))


def test_the_agent_s_words_stand_at_the_time_at_which_they_were_heard() -> None:
    out, view, phone = a_view(opening="This call is recorded.")
    plays(phone, "clip-disclosure", 1000)
    view.model(RealtimeNote(1, "said", "First, any gas smell?", "item_1"))
    plays(phone, "item_1", 12_000)
    view.caller(CallerLine(15_000, "said", "No smells."))
    assert out.getvalue().splitlines() == [
        "  0:01  agent         This call is recorded.",
        "  0:12  agent         First, any gas smell?",
        "  0:15  caller        No smells.",
    ]
    assert [line.at_ms for line in view.transcript if line.who == "agent"] == [1000, 12_000]


def test_what_nobody_heard_is_not_shown_as_said_and_with_verbose_as_not_heard() -> None:
    for verbose in (False, True):
        out, view, _ = a_view(verbose=verbose)
        view.model(RealtimeNote(1, "said", "We fix anything for $99.", "item_1"))
        view.look()
        view.over()
        assert ("not heard     We fix anything" in out.getvalue()) is verbose
        assert not any(line.who == "agent" for line in view.transcript)


def test_a_cut_says_after_how_long_and_what_was_heard() -> None:
    out, view, _ = a_view()
    row = {"sk": "T#1", "seq": 1, "role": "assistant", "item_id": "i", "text": "Would tonight work"}
    view.look([row | {"cut": True, "heard_ms": 1040, "heard": "Would tonight"}])
    assert "cut           after 1.0 s; heard of it: Would tonight" in out.getvalue()


def test_a_tool_is_one_line_with_what_matters_and_its_whole_json_with_verbose() -> None:
    result = '{"visit_fee": 248, "deposit": 206, "say": "…"}'
    row = {"sk": "T#1", "seq": 1, "role": "tool", "tool": "get_pricing_quote", "took_ms": 9}
    for verbose, wanted in ((False, "fee for the visit $248, deposit $206"), (True, result)):
        out, view, _ = a_view(verbose=verbose)
        view.look([row | {"result": result}])
        view.look([row | {"result": result}])  # it was shown
        assert out.getvalue().splitlines() == [
            f"  0:00  tool          get_pricing_quote, 9 ms: {wanted}"
        ]


def test_the_caller_s_ears_are_named_and_only_shown_to_who_asks() -> None:
    for verbose in (False, True):
        out, view, _ = a_view(verbose=verbose)
        view.caller(CallerLine(3000, "heard", "Thanks, sir Miller"))
        assert ("caller's ears Thanks, sir Miller" in out.getvalue()) is verbose


def test_a_text_says_whose_phone_it_came_to() -> None:
    out, view, _ = a_view()
    view.phone(PhoneEvent("text", "to +15551230000: You're booked."))
    assert "text          to caller +15551230000: You're booked." in out.getvalue()
