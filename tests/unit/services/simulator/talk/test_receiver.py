"""The receiver: what a person's phone sends, 20 ms at a time."""

from services.simulator.speech.sound import FRAME, SILENCE
from services.simulator.talk.receiver import AHEAD_FRAMES, Overheard, Receiver

LOUD = b"\x10" * FRAME


def test_the_microphone_is_sent_frame_by_frame_and_silence_where_there_is_none() -> None:
    phone = Receiver()
    phone.hear(LOUD)
    phone.hear(b"no frame")
    assert phone.tick(SILENCE).audio == LOUD
    assert phone.tick(SILENCE).audio == SILENCE


def test_sound_that_came_late_is_left_out() -> None:
    phone = Receiver()
    for number in range(AHEAD_FRAMES + 5):
        phone.hear(bytes([number]) * FRAME)
    assert phone.tick(SILENCE).audio == bytes([5]) * FRAME


def test_what_is_typed_is_said_to_its_end_and_the_microphone_waits() -> None:
    phone = Receiver()
    phone.hear(LOUD)
    phone.say(b"\x20" * FRAME * 2)
    assert [phone.tick(SILENCE).audio for _ in range(3)] == [b"\x20" * FRAME] * 2 + [SILENCE]


def test_keys_are_pressed_one_after_the_other_and_others_are_none() -> None:
    phone = Receiver()
    for key in ("1", "x", "12", "#"):
        phone.press(key)
    keys = [phone.tick(SILENCE).keys for _ in range(40)]
    assert [key for key in keys if key] == ["1", "#"]
    assert keys.index("#") > 5


def test_hanging_up_goes_before_all_that_was_to_be_said() -> None:
    phone = Receiver()
    phone.say(LOUD * 50)
    phone.hang_up()
    assert phone.tick(SILENCE).hangs_up


def test_who_listens_in_hears_both_sides() -> None:
    phone, heard = Receiver(), []
    phone.hear(LOUD)
    Overheard(phone, lambda agent, caller: heard.append((agent, caller))).tick(b"agent")
    assert heard == [(b"agent", LOUD)]
