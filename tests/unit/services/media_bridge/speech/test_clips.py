"""Fixed sentences are rendered once and kept, whatever becomes of one of them."""

import logging

import pytest

from services.media_bridge.speech.clips import ClipCache, VoiceClips
from services.media_bridge.speech.reading import BadReading
from shared.domain.errors import PortError
from tests.fakes import FakeClips

WORDS = "You are talking to an AI and the call is recorded."
SOUND = "ERERERER"


def test_a_sentence_is_rendered_once_and_kept_for_the_next_process() -> None:
    kept, asked = FakeClips(), list[str]()

    def speak(words: str) -> str:
        asked.append(words)
        return SOUND

    first = ClipCache(kept, speak, "gpt", "marin")
    assert first.get(WORDS) is None
    assert first.fill([WORDS, WORDS]) and first.fill([WORDS])
    second = ClipCache(kept, speak, "gpt", "marin")
    assert second.fill([WORDS])

    clip = second.get(WORDS)
    assert asked == [WORDS]
    assert clip is not None
    assert (clip.text, clip.audio) == (WORDS, SOUND)


def test_another_voice_or_model_is_another_clip() -> None:
    kept, asked = FakeClips(), list[str]()

    def speak(words: str) -> str:
        asked.append(words)
        return SOUND

    for model, voice in (("gpt", "marin"), ("gpt", "cedar"), ("gpt-mini", "cedar")):
        ClipCache(kept, speak, model, voice).fill([WORDS])

    assert asked == [WORDS] * 3


@pytest.mark.parametrize("error", [BadReading("down"), PortError("down")])
def test_a_sentence_that_cannot_be_rendered_leaves_the_others_ready(error: Exception) -> None:
    def speak(words: str) -> str:
        if words == WORDS:
            raise error
        return SOUND

    kept = FakeClips()
    clips = ClipCache(kept, speak, "gpt", "marin")

    assert not clips.fill([WORDS, "Are you safe?"])
    assert clips.get(WORDS) is None
    assert clips.get("Are you safe?") is not None
    assert [words for words, _, _ in kept.rows] == ["Are you safe?"]


def test_how_far_it_is_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        ClipCache(FakeClips(), lambda _: SOUND, "gpt", "marin").fill([WORDS, "Are you safe?"])

    told = [vars(r) for r in caplog.records if r.message == "a clip is ready"]
    assert [(line["clip"], line["of"]) for line in told] == [(1, 2), (2, 2)]


def test_a_bug_costs_one_clip_and_is_told_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def speak(words: str) -> str:
        return {WORDS: SOUND}[words]

    clips = ClipCache(FakeClips(), speak, "gpt", "marin")
    assert clips.fill(["Are you safe?", WORDS]) is False
    assert clips.get(WORDS) is not None
    (record,) = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert vars(record)["error"] == "KeyError" and "safe" not in str(vars(record))


def test_every_voice_has_clips_of_its_own_and_none_named_is_the_usual_one() -> None:
    asked = list[tuple[str, str]]()

    def of_voice(voice: str) -> ClipCache:
        def speak(words: str) -> str:
            asked.append((words, voice))
            return SOUND

        return ClipCache(FakeClips(), speak, "gpt", voice)

    clips = VoiceClips(of_voice, "marin")
    assert clips.fill({None: [WORDS], "cedar": [WORDS]})
    assert asked == [(WORDS, "marin"), (WORDS, "cedar")]
    assert clips.of(None) is clips.of("marin")
    assert clips.of("cedar").get(WORDS) is not None
    assert clips.of("ash").get(WORDS) is None
