"""A file that is no TOML is told in one line of the owner's words, with its number."""

import tomllib

import pytest

from shared.businesses.syntax import fault


def told(text: str) -> str:
    with pytest.raises(tomllib.TOMLDecodeError) as wrong:
        tomllib.loads(text)
    return fault(wrong.value, text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = 1\na = 2", "line 2: this name stands twice"),
        ("[policy]\n[policy]", "line 2: [policy] stands twice"),
        ("[card.kinds]\n[card.kinds]", "two brackets: [[card.kinds]]"),
        ("name = “CoolCare”", "line 1: these are the quotes of a text program"),
        ("a = 1\nname = CoolCare HVAC", "line 2: words stand in quotes"),
        ("texts = off", "line 1: words stand in quotes"),
        ("max_slots: 3", "line 1: a name, = and a value are wanted"),
        ("window_starts = [8 10]", "line 1: a list is not closed by ], or lacks a comma"),
        ('a = 1\ncrews = ["a"\nb = 2', "line 3: a list is not closed"),
        ("mon = [08:00, 18:00]", 'line 1: a time stands in quotes: ["08:00", "18:00"]'),
        ("holidays = [2026-02-30]", "line 1: there is no such date"),
        ("holidays = [2026-13-01]", "line 1: there is no such date"),
        ("holidays = [12/25/2026]", "line 1: there is no such date; one is written 2026-12-25"),
        ("[crew.José]", "line 1: a name has letters A to Z"),
        ('name = "CoolCare', "line 1: a quote is missing"),
        ('name = "CoolCare" HVAC', "line 1: a quote is missing, or something is left over"),
        ('{"id": "x"}', "line 1: this is not TOML: invalid statement"),
        ("a =", "line 1: "),
    ],
)
def test_what_the_reader_stumbled_over_is_told(text: str, words: str) -> None:
    line = told(text)
    assert words in line and "\n" not in line
    assert "column" not in line and "(at" not in line
