"""Hearing and speaking on the telephone, with real sound or, labelled, with words as data."""

from pathlib import Path

from services.simulator.speech.contract import (
    Ears,
    Mode,
    Speech,
    SpeechStarted,
    SpeechStopped,
    SpeechUnavailable,
    Transcriber,
    Voice,
)

__all__ = [
    "Ears",
    "Mode",
    "Speech",
    "SpeechStarted",
    "SpeechStopped",
    "SpeechUnavailable",
    "Transcriber",
    "Voice",
    "open_speech",
]


def open_speech(mode: Mode, cache: Path | None = None) -> Speech:
    """Return the speech of one mode; rendered sentences are kept under `cache` if given.

    Raises:
        SpeechUnavailable: voice is asked for and a package it needs is missing.
    """
    if mode == "text":
        from services.simulator.speech.textline import TextEars, TextTranscriber, TextVoice

        return Speech("text", TextTranscriber(), TextVoice(), TextEars)
    # Only here: text mode must run where none of these packages is installed.
    from services.simulator.speech.live import open_voice

    return open_voice(cache)
