"""Real ears on real sound: the agent's sentences and the callers' recordings are understood.

The bounds leave room for another processor, on which a word may come out differently.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.simulator.caller.recordings import Recordings
from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.caller.sending import CallerLine
from services.simulator.scenarios.scenario import load, matches
from services.simulator.speech import (
    Speech,
    SpeechStarted,
    SpeechStopped,
    SpeechUnavailable,
    open_speech,
)
from services.simulator.speech.sound import FRAME_MS, SILENCE, frames, ms_of, silence
from services.simulator.speech.spoken import spoken

ROOT = Path(__file__).parents[5]

AGENT = [
    "Thanks for calling CoolCare, I'm the AI scheduling assistant and this call is recorded.",
    "Is anyone smelling gas or smoke, or is a carbon monoxide alarm sounding?",
    "May I have your name, please?",
    "I have 555-123-0000. Is that right?",
    "That's 123 Oak Street, Springfield, Ohio. Is that right?",
    "Since it's after hours, tonight's visit is $248, and the estimate is about $825.",
    "I can do tonight 9 to 11 PM, or tomorrow 8 to 10 AM. Which works?",
    "Anything the technician should know, like a gate code or pets?",
    "You're all set. I've texted you a link for the $206 deposit; pay when you can.",
    "Please leave the building now and take everyone with you. Call 911 from outside.",
]
CALLERS = [
    ("af_heart", "My AC stopped cooling and the outdoor unit is rattling.", "cooling.*rattling"),
    ("af_heart", "Just the cooling and the noise. No smells.", "no smells"),
    ("af_heart", "My name is Sarah Miller.", "sarah miller"),
    ("af_heart", "The address is 123 Oak Street, in Springfield, Ohio.", "oak street.*ohio"),
    ("af_heart", "Tonight, nine to eleven.", "tonight.*(nine|9).*(eleven|11)"),
    ("af_heart", "Tomorrow, eight to ten A M, please.", "tomorrow.*(eight|8).*(ten|10)"),
    ("af_heart", "Gate code 1234. One friendly dog.", "gate code.*dog"),
    ("af_heart", "Yes, that's right.", "yes.*right"),
    ("am_michael", "I'd like to speak to a person, please.", "speak to a person"),
    ("am_michael", "My name is John Baker.", "john baker"),
    ("am_michael", "Today, twelve to two, please.", "today.*(twelve|12).*(two|2)"),
    ("af_bella", "There is a strong smell of gas in the house.", "smell of gas"),
    ("af_bella", "No, the house number is one two three.", "^no.*house number"),
]
PHONES = [
    ("af_heart", "It is five, five, five. One, two, three. Zero, zero, zero, zero.", "5551230000"),
    ("am_michael", "It is five, five, five. One, two, three. Zero, one, four, five.", "5551230145"),
    ("af_bella", "It is five, five, five. One, two, three. Zero, one, six, seven.", "5551230167"),
]
DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


@pytest.fixture(scope="module")
def speech() -> Iterator[Speech]:
    try:
        yield open_speech("voice")
    except SpeechUnavailable as exc:
        pytest.skip(str(exc))


def heard(speech: Speech, audio: bytes) -> list[str]:
    ears = speech.ears(silence_ms=700)
    events = ears.hear(silence(600) + audio + silence(1200))
    clips = [event.clip for event in events if isinstance(event, SpeechStopped)]
    return [speech.transcriber.text(clip) for clip in clips]


def plain(text: str) -> list[str]:
    return re.findall(r"[a-z]+|\d", spoken(text).lower().replace("'", ""))


def wrong_words(said: list[str], found: list[str]) -> int:
    """The edit distance, in words."""
    row = list(range(len(found) + 1))
    for at, word in enumerate(said, start=1):
        before, row[0] = row[0], at
        for column, other in enumerate(found, start=1):
            change = before + (word != other)
            before = row[column]
            row[column] = min(row[column] + 1, row[column - 1] + 1, change)
    return row[-1]


@pytest.mark.voice
def test_own_ears_understand_the_own_voice(speech: Speech) -> None:
    wrong = total = 0
    for sentence in AGENT:
        audio = b"".join(speech.voice.speak(sentence))
        found = plain(" ".join(heard(speech, audio)))
        wrong += wrong_words(plain(sentence), found)
        total += len(plain(sentence))

    assert wrong / total < 0.15


@pytest.mark.voice
@pytest.mark.parametrize(("voice", "text", "meaning"), CALLERS)
def test_a_callers_line_is_understood(speech: Speech, voice: str, text: str, meaning: str) -> None:
    found = heard(speech, Recordings(voice).sound(text))

    assert len(found) == 1
    assert matches(meaning, found[0])


@pytest.mark.voice
@pytest.mark.parametrize(("voice", "text", "number"), PHONES)
def test_a_phone_number_is_understood(speech: Speech, voice: str, text: str, number: str) -> None:
    words = plain(heard(speech, Recordings(voice).sound(text))[0])

    assert "".join(str(DIGITS.index(word)) for word in words if word in DIGITS) == number


@pytest.mark.voice
def test_speech_is_found_where_it_is(speech: Speech) -> None:
    line = Recordings("af_heart").sound("Yes, please.")
    events = speech.ears(silence_ms=500).hear(silence(1000) + line + silence(1000))

    assert [type(event) for event in events] == [SpeechStarted, SpeechStopped]
    assert abs(events[0].at_ms - 1000) < 150
    assert abs(events[1].at_ms - 1000 - ms_of(line)) < 250


@pytest.mark.voice
def test_silence_and_a_tone_are_not_speech(speech: Speech) -> None:
    assert speech.ears().hear(silence(3000) + b"\x20\xa0" * 8000 + silence(1000)) == []


@pytest.mark.voice
def test_the_voice_begins_with_a_clause_and_says_the_same_twice(speech: Speech) -> None:
    text = "Since it's after hours, tonight's visit is $248, and the estimate is about $825."
    once = list(speech.voice.speak(text))

    assert ms_of(once[0]) < 3000
    assert list(speech.voice.speak(text)) == once


@pytest.mark.voice
def test_sentences_kept_on_disk_are_said_by_the_next_process(
    speech: Speech, tmp_path: Path
) -> None:
    once = list(open_speech("voice", tmp_path).voice.speak("Goodbye."))

    assert [path.read_bytes() for path in tmp_path.iterdir()] == once
    assert list(open_speech("voice", tmp_path).voice.speak("Goodbye.")) == once


@pytest.mark.voice
def test_the_caller_hears_the_agent_and_answers_with_her_recording(speech: Speech) -> None:
    noted: list[CallerLine] = []
    caller = ScriptedCaller(load("spec"), speech, noted.append)
    audio = b"".join(speech.voice.speak("May I have your name, please?"))
    sent = [caller.tick(frame).audio for frame in [*frames(audio), *[SILENCE] * 35]]
    # Transcribing takes real time, while media time goes on only with the next frame.
    while not any(note.kind == "said" for note in noted) and len(sent) * FRAME_MS < 3_600_000:
        sent.append(caller.tick(SILENCE).audio)
    sent += [caller.tick(SILENCE).audio for _ in range(100)]
    caller.close()

    assert [note.kind for note in noted] == ["heard", "said"]
    assert Recordings("af_heart").sound("My name is Sarah Miller.") in b"".join(sent)


def test_without_the_packages_voice_says_which_are_missing_and_text_works() -> None:
    program = (
        "from services.simulator.speech import SpeechUnavailable, open_speech\n"
        "assert open_speech('text').mode == 'text'\n"
        "try:\n"
        "    open_speech('voice')\n"
        "except SpeechUnavailable as exc:\n"
        "    print(exc)\n"
    )
    # -S: no site-packages, so nothing but the standard library is there.
    command = [sys.executable, "-S", "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True)

    assert done.stdout.startswith(
        "voice needs packages that are not here: numpy, onnxruntime, moon"
    )
