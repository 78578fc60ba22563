"""Words that are taken for each other have one sound, and others have not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.hazards.sounds import sound


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("brakeher", "breaker"),
        ("outlit", "outlet"),
        ("basemint", "basement"),
        ("seeling", "ceiling"),
        ("furnice", "furnace"),
        ("sueedge", "sewage"),
    ],
)
def test_a_misheard_word_sounds_like_the_one_that_was_meant(heard: str, meant: str) -> None:
    assert sound(heard) == sound(meant)


def test_other_words_sound_otherwise() -> None:
    words = ("breaker", "outlet", "basement", "ceiling", "furnace", "monoxide", "generator")
    assert len({sound(word) for word in words}) == len(words)


@given(st.text(max_size=40))
def test_any_text_has_a_sound(text: str) -> None:
    assert len(sound(text)) <= len(text)
