"""The lists of words: each word stands once, as the features have it."""

from shared.domain.hazards.concepts import CONCEPTS, LISTS, SOUNDS
from shared.domain.hazards.sounds import sound


def test_a_word_is_in_one_list_and_without_accents() -> None:
    listed = [word for words in LISTS.values() for word in words.split()]
    assert sorted(listed) == sorted(CONCEPTS)
    assert all(word.isascii() and word == word.lower() for word in listed)


def test_plain_words_do_not_sound_like_a_danger() -> None:
    plain = "looking bring booking building morning calling hello number address tomorrow please"
    assert not {word for word in plain.split() if sound(word) in SOUNDS}
