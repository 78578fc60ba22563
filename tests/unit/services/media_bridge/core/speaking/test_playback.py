"""What the caller has heard, held to what a phone really played."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.speaking.playback import ClockWatch, Playback
from tests.scripted import ScriptedCall, quiet_call, sound


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.integers(1, 20).map(lambda n: n * 20), min_size=1, max_size=8),
    st.integers(0, 250).map(lambda n: n * 20),
    st.booleans(),
)
def test_heard_is_what_the_phone_played(pieces: list[int], until: int, echo: bool) -> None:
    call = ScriptedCall(echo_after_clear=echo).live()
    call.caller_says("Hello?")
    response = call.starts()
    for ms in pieces:
        call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(ms)))
        call.wait(40)
    call.wait(until)
    played = call.heard.get("a9", 0)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))

    heard = [cut.heard_ms for cut in call.all(do.Truncate)]
    if played and played < sum(pieces) - 20:
        assert heard and abs(heard[0] - played) <= 20
    assert all(ms <= sum(pieces) for ms in heard)


def test_a_mark_stands_behind_the_first_piece_each_second_and_the_end() -> None:
    call = quiet_call()
    response = call.starts()
    for _ in range(14):
        call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(200)))
        call.wait(40)
    call.ends(response)

    names = [mark.name for mark in call.all(do.PlaceMark)]
    assert [name.rpartition(":")[2] for name in names if "a9" in name] == [
        "200", "1200", "2200", "2800",
    ]  # fmt: skip


def test_sound_is_waited_for_until_its_mark_is_back_though_none_stands_behind_it_yet() -> None:
    playback = Playback()
    playback.tick(155)
    first = playback.sent("a1", 1_600)
    assert first is not None and playback.echoed(first)
    assert playback.idle

    assert playback.sent("a1", 1_600)  # nothing was left to play: it begins anew
    assert playback.sent("a1", 1_600) is None
    assert not playback.idle
    last = playback.mark()
    assert last is not None and playback.mark() is None
    assert playback.echoed(last)
    assert playback.idle


def test_marks_returned_by_clear_count_for_nothing() -> None:
    call = quiet_call()
    first = call.agent_says("first " * 10, 4000)
    call.wait(600)
    call.feed(ev.CallerSpoke(call.at_ms, "u8"))
    call.feed(ev.CallerStopped(call.at_ms, "u8"))
    call.feed(ev.CallerSaid(call.at_ms, "u8", "Wait."))
    second = call.agent_says("second " * 10, 4000)
    call.wait(600)  # the echoes of the cleared marks come in here

    commands = call.feed(ev.CallerSpoke(call.at_ms, "u9"))

    cuts = {c.item_id: c.heard_ms for c in call.all(do.Truncate)}
    assert abs(cuts[first] - 600) <= 20
    assert abs(cuts[second] - call.heard[second]) <= 20
    assert type(commands[0]) is do.ClearPlayback


def test_heard_is_never_more_than_was_sent() -> None:
    call = quiet_call()
    response = call.starts()
    call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(400)))
    call.wait(300)
    call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(200)))
    call.wait(120)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))

    (cut,) = call.all(do.Truncate)
    assert abs(cut.heard_ms - 420) <= 20


def test_sound_after_a_pause_in_the_stream_is_counted_from_when_it_came() -> None:
    call = quiet_call()
    response = call.starts()
    call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(200)))
    call.wait(3000)  # the model thinks, or a tool runs
    call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(1000)))
    call.wait(400)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))

    (cut,) = call.all(do.Truncate)
    assert abs(cut.heard_ms - 600) <= 20


def test_a_clock_that_goes_on_is_no_dead_line() -> None:
    playback, watch = Playback(), ClockWatch()
    playback.tick(155)
    playback.sent("a1", 1_600)
    watch.look(playback)

    assert [watch.stood(playback), watch.stood(playback)] == [1, 2]
    playback.tick(175)
    assert watch.stood(playback) == 0


def test_what_was_played_is_waited_for_no_more() -> None:
    playback, watch = Playback(), ClockWatch()
    playback.tick(155)
    mark = playback.sent("a1", 1_600)
    watch.look(playback)
    assert mark is not None
    playback.echoed(mark)

    assert watch.stood(playback) == 0
