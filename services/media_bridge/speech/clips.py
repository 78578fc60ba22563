"""Fixed sentences as sound, ready before a call needs them: base64 mu-law, as it goes on the line.

fill (a thread):   table ── kept? ──► ready           at the start, and again until all are there
                     └─ no ─► read by the model ─► table, ready
get (event loop):  ready, or None: the call then goes on without a clip
"""

import logging
from collections.abc import Callable, Iterable, Mapping

from services.media_bridge.core.events import Clip
from services.media_bridge.speech.reading import BadReading
from shared.actions.ports import Clips
from shared.domain.errors import PortError

log = logging.getLogger(__name__)

Speak = Callable[[str], str]  # words -> base64 mu-law; raises BadReading


class ClipCache:
    """The clips of this process. Reading is instant; `fill` blocks and belongs in a thread."""

    def __init__(self, kept: Clips, speak: Speak, model: str, voice: str) -> None:
        self._kept = kept  # the table: what an earlier process rendered
        self._speak = speak
        self._speaker = (model, voice)  # another model or voice is another clip
        self._ready: dict[str, Clip] = {}  # by their words; only ever grows

    def get(self, words: str) -> Clip | None:
        """The sentence where it is ready; None sends a call on its way without."""
        return self._ready.get(words)

    def fill(self, sentences: Iterable[str]) -> bool:
        """Make every sentence ready; False when one could not be, so that it is tried again.

        Never raises: whatever one sentence meets, the others are made.
        """
        wanted = [words for words in sentences if words not in self._ready]
        for number, words in enumerate(wanted, 1):
            try:
                self._ready[words] = Clip(words, self._sound_of(words))
                log.info("a clip is ready", extra={"clip": number, "of": len(wanted)})
            except (BadReading, PortError) as exc:
                log.warning("a clip could not be made", extra={"clip": number, "error": str(exc)})
            except Exception as exc:  # noqa: BLE001 - a bug of ours costs this clip and no other
                # Only the kind of error: its text may hold the words.
                error = type(exc).__name__
                log.error("making a clip broke", extra={"clip": number, "error": error})
        complete = all(words in self._ready for words in wanted)
        if wanted and complete:
            log.info("clips are ready")
        return complete

    def _sound_of(self, words: str) -> str:
        """Base64 mu-law: what the table keeps of the sentence, else rendered now and kept."""
        kept = self._kept.get(words, *self._speaker)
        if kept is not None:
            return kept
        audio = self._speak(words)
        self._kept.keep(words, *self._speaker, audio)
        return audio


class VoiceClips:
    """The clips of every voice that speaks for a business."""

    def __init__(self, of_voice: Callable[[str], ClipCache], usual: str) -> None:
        self._of_voice, self._usual = of_voice, usual
        self._caches: dict[str, ClipCache] = {}

    def of(self, voice: str | None) -> ClipCache:
        """Those of that voice, the usual one where none is named."""
        name = voice or self._usual
        # Two threads may make one at once: the first one stays.
        return self._caches.get(name) or self._caches.setdefault(name, self._of_voice(name))

    def fill(self, sentences: Mapping[str | None, Iterable[str]]) -> bool:
        """Make every voice's sentences ready; False when one could not be. Never raises."""
        complete = True
        for voice, words in sentences.items():
            complete &= self.of(voice).fill(words)
        return complete
