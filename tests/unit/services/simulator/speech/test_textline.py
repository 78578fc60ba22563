"""Text mode: the words arrive as they were played, however the audio is cut up."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.simulator.speech import SpeechStarted, SpeechStopped, open_speech
from services.simulator.speech.sound import FRAME, SILENCE, ms_of, silence
from services.simulator.speech.textline import MS_PER_CHARACTER, SHORTEST_MS, decode, encode

texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=300
)
A_LINE = "My AC stopped cooling and the outdoor unit is rattling."


def chunked(audio: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(audio) + 1) for cut in cuts), len(audio)]
    return [audio[start:end] for start, end in pairwise(edges)]


@given(texts)
def test_what_is_said_is_what_is_heard(text: str) -> None:
    assert decode(encode(text)) == text


@given(texts, st.lists(st.integers(0, 10**6), max_size=30))
def test_ears_hear_one_utterance_whatever_the_chunks(text: str, cuts: list[int]) -> None:
    speech = open_speech("text")
    ears = speech.ears(silence_ms=500)
    audio = silence(333) + encode(text) + silence(700)
    events = [event for chunk in chunked(audio, cuts) for event in ears.hear(chunk)]

    assert [type(event) for event in events] == [SpeechStarted, SpeechStopped]
    assert events[0].at_ms == 333
    assert isinstance(events[1], SpeechStopped)
    assert events[1].at_ms == 333 + ms_of(encode(text))
    assert speech.transcriber.text(events[1].clip) == " ".join(text.split())


@given(st.integers(0, len(encode(A_LINE))))
def test_cut_audio_holds_the_words_said_before_the_cut(cut: int) -> None:
    heard = decode(encode(A_LINE)[:cut])

    assert A_LINE.startswith(heard)
    assert abs(len(heard) * MS_PER_CHARACTER * 8 - cut) < 12 * MS_PER_CHARACTER * 8


@given(st.integers(1, 4000), st.integers(0, 4000))
def test_a_cut_utterance_does_not_spoil_the_next_one(cut: int, pause: int) -> None:
    heard = decode(encode(A_LINE)[:cut] + b"\xff" * pause + encode("No smells."))

    assert heard.endswith("No smells.")


def test_words_interleaved_with_silence_are_one_utterance() -> None:
    speech = open_speech("text")
    ears = speech.ears(silence_ms=500)
    audio = encode("Sarah Miller.")
    halves = audio[: 20 * FRAME] + SILENCE * 10 + audio[20 * FRAME :]
    events = ears.hear(halves + SILENCE * 30)

    assert isinstance(events[1], SpeechStopped)
    assert speech.transcriber.text(events[1].clip) == "Sarah Miller."


def test_two_utterances_in_one_turn_stay_apart() -> None:
    assert decode(encode("One moment.") + encode("Thanks.")) == "One moment. Thanks."


def test_a_beep_is_not_speech() -> None:
    assert open_speech("text").ears().hear(b"\x20\xa0" * 4000 + SILENCE * 50) == []


def test_saying_takes_as_long_as_it_would() -> None:
    assert ms_of(encode("No.")) == SHORTEST_MS
    assert abs(ms_of(encode(A_LINE)) - MS_PER_CHARACTER * len(A_LINE)) < 20


def test_words_are_not_silence() -> None:
    assert SILENCE[0] not in encode(A_LINE * 3)[::40]
    assert b"".join(open_speech("text").voice.speak("  ")) == b""
