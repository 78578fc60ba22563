"""The language of what a caller said, also where the transcript has lost its accents."""

import pytest

from shared.domain.hazards.language import language_of


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Huele a gas en la cocina", "es"),
        ("no huele a gas", "es"),
        ("esta saliendo humo del calenton", "es"),
        ("¿Habla español?", "es"),
        ("hay agua en el basement y los outlets están mojados", "es"),
        ("I smell gas", "en"),
        ("gas leak", "en"),
        ("there's mucho smoke in the house", "en"),
        ("no", "en"),
        ("", "en"),
        ("🔥 123", "en"),
    ],
)
def test_a_language_is_known_by_its_small_words(said: str, language: str) -> None:
    assert language_of(said) == language
