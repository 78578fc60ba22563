"""What the agent said is known to have been heard by what the phone played."""

from services.simulator.cli.playing.items import Sentences, Uttered, spans
from services.simulator.phone.media.playback import PhonePlayback

FRAME = bytes(160)


def said(playback: PhonePlayback, item: str, frames: int, at_ms: int) -> None:
    playback.media(FRAME * frames, at_ms)
    playback.mark(f"g1:{item}:{frames * 20}", at_ms)


def played(playback: PhonePlayback, frames: int, at_ms: int) -> int:
    for _ in range(frames):
        at_ms += 20
        playback.frame(at_ms)
    return at_ms


def test_a_sentence_begins_when_the_one_before_it_is_over() -> None:
    phone = PhonePlayback()
    said(phone, "one", 50, 1000)
    said(phone, "two", 50, 1010)
    played(phone, 100, 1000)
    assert spans(phone.log) == {"one": (1000, 1000), "two": (2000, 1000)}


def test_of_a_sentence_that_was_cut_only_what_was_played_counts() -> None:
    phone = PhonePlayback()
    said(phone, "one", 50, 1000)
    said(phone, "two", 50, 1000)
    phone.clear(played(phone, 60, 1000))
    assert spans(phone.log)["two"] == (2000, 200)


def test_sentences_are_told_once_in_the_order_in_which_they_are_heard() -> None:
    phone, sentences = PhonePlayback(), Sentences({"clip-disclosure": "This is recorded."})
    said(phone, "clip-disclosure", 5, 0)
    said(phone, "one", 5, 0)
    sentences.add("one", "Good evening.")
    sentences.add("two", "We fix anything for $99.")
    assert list(sentences.played([phone.log])) == []
    played(phone, 10, 0)
    assert list(sentences.played([phone.log])) == [
        Uttered(0, "This is recorded."),
        Uttered(100, "Good evening."),
    ]
    sentences.add("one", "Good evening.")  # its row, later
    assert list(sentences.played([phone.log])) == []
    assert sentences.never_heard() == ["We fix anything for $99."]
