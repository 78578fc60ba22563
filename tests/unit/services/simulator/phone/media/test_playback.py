"""The buffer between server and ear: every mark once, none too early, and exact positions."""

from hypothesis import given
from hypothesis import strategies as st

from services.simulator.phone.media.playback import PhonePlayback, heard_of
from services.simulator.speech.sound import FRAME, SILENCE

STEPS = st.lists(
    st.one_of(
        st.integers(1, 5 * FRAME).map(lambda size: ("media", size)),
        st.just(("mark", 0)),
        st.just(("clear", 0)),
        st.integers(1, 6).map(lambda count: ("frames", count)),
    ),
    max_size=40,
)


@given(STEPS)
def test_every_mark_returns_once_and_in_order(steps: list[tuple[str, int]]) -> None:
    playback = PhonePlayback()
    placed: list[str] = []
    returned: list[str] = []
    for kind, amount in [*steps, ("clear", 0)]:
        match kind:
            case "media":
                playback.media(bytes(amount), 0)
            case "mark":
                placed.append(f"m{len(placed)}")
                returned += playback.mark(placed[-1], 0)
            case "clear":
                returned += playback.clear(0)
            case "frames":
                for _ in range(amount):
                    returned += [name for names in playback.frame(0)[1:] for name in names]
    assert returned == placed


def test_a_mark_returns_when_the_sound_before_it_was_played_and_not_sooner() -> None:
    playback = PhonePlayback()
    playback.media(bytes(FRAME + 1), 0)
    assert playback.mark("end", 0) == []
    assert playback.frame(0) == (bytes(FRAME), [], [])
    assert playback.frame(20) == (b"\x00" + SILENCE[1:], [], ["end"])


def test_a_mark_inside_a_frame_is_told_from_one_at_its_end() -> None:
    playback = PhonePlayback()
    playback.media(bytes(FRAME // 2), 0)
    playback.mark("inside", 0)
    playback.media(bytes(FRAME // 2), 0)
    playback.mark("end", 0)
    assert playback.frame(0) == (bytes(FRAME), ["inside"], ["end"])


def test_a_mark_with_nothing_waiting_returns_at_once() -> None:
    assert PhonePlayback().mark("end", 0) == ["end"]


def test_clear_silences_and_returns_all_pending_marks() -> None:
    playback = PhonePlayback()
    playback.media(bytes(10 * FRAME), 0)
    playback.mark("g1:item_1:200", 0)
    playback.mark("g1:item_1:200b", 0)
    playback.frame(0)
    assert playback.clear(20) == ["g1:item_1:200", "g1:item_1:200b"]
    assert playback.frame(20) == (SILENCE, [], [])
    assert playback.log[-1].kind == "clear"
    assert playback.log[-1].utterance_ms == 20


def test_what_was_heard_of_an_item_begins_where_the_item_before_it_ended() -> None:
    playback = PhonePlayback()
    playback.media(bytes(2 * FRAME), 0)
    playback.mark("g1:item_1:40", 0)
    playback.media(bytes(5 * FRAME), 0)
    playback.mark("g1:item_12:100", 0)
    for at_ms in range(0, 100, 20):
        playback.frame(at_ms)
    playback.clear(100)
    assert heard_of(playback.log, "item_12") == 60
    assert heard_of(playback.log, "item_1") is None


def test_the_end_of_the_line_cuts_too_and_what_comes_later_was_not_heard() -> None:
    playback = PhonePlayback()
    playback.media(bytes(9 * FRAME), 0)
    playback.mark("g1:a:180", 0)
    playback.media(bytes(FRAME), 0)
    playback.mark("g1:b:20", 0)
    playback.frame(0)
    playback.end(20)
    playback.media(bytes(FRAME), 20)
    playback.mark("g1:c:20", 20)
    assert [heard_of(playback.log, item) for item in "abc"] == [20, 0, 0]


def test_an_item_after_a_cut_counts_from_its_own_beginning() -> None:
    playback = PhonePlayback()
    playback.media(bytes(9 * FRAME), 0)
    playback.mark("g1:a:180", 0)
    playback.frame(0)
    playback.clear(20)
    playback.media(bytes(9 * FRAME), 20)
    playback.mark("g2:b:180", 20)
    playback.frame(20)
    playback.frame(40)
    playback.clear(60)
    assert heard_of(playback.log, "a") == 20
    assert heard_of(playback.log, "b") == 40
