"""Words of an address as they are written."""

import pytest

from shared.domain.spoken.addresses.words import plain_word, titled


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("o'fallon", "O'Fallon"),
        ("5TH", "5th"),
        ("MAIN", "Main"),
        ("McKean", "McKean"),
        ("isle of palms", "Isle of Palms"),
        ("the garrett", "The Garrett"),
        ("wilkes-barre", "Wilkes-Barre"),
    ],
)
def test_names_have_capitals(words: str, written: str) -> None:
    assert titled(words.split()) == written


def test_the_tables_know_no_stops() -> None:
    assert (plain_word("U.S."), plain_word("Ave.,")) == ("us", "ave")
