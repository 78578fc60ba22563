"""A stranger's words in a text of ours hold no link, and are otherwise as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.plain_words import LINK, without_links


@pytest.mark.parametrize(
    "link",
    [
        "http://evil.com", "https://evil.example/a?b=c#d", "HTTPS://EVIL.COM/X", "www.evil.com/x",
        "evil.com", "bit.ly/3xYz", "sub.domain.evil.co.uk/pay", "evil.com:8080/x", "1.2.3.4/x",
        "ftp://evil.com", "pay-me.shop", "evil\uff0ecom/pay", "evil\u3002com/pay",
        "ht\u200btps://evil.com/x", "evil.\u200bcom/pay", "http:/evil.com/x",
    ],
)  # fmt: skip
def test_a_link_is_named_and_not_shown(link: str) -> None:
    plain = without_links(f"See {link} now", 300)
    assert plain == f"See {LINK} now"


@pytest.mark.parametrize(
    "words",
    [
        "Can we do Friday instead?", "5.30 pm works, it's $1.50 more", "Gate code 1234.",
        "The unit is a Trane XR14; 2.5 tons", "Mr. Miller, 123 N. Oak St.",
        "¿Puede ser el viernes?",
    ],
)  # fmt: skip
def test_plain_words_stay_as_they_are(words: str) -> None:
    assert without_links(words, 300) == words


def test_a_missing_space_is_no_link_and_no_phone_makes_one_of_it() -> None:
    assert without_links("Not Friday.Thanks", 300) == "Not Friday. Thanks"


def test_words_are_one_line_of_bounded_length_without_signs_that_are_not_seen() -> None:
    assert without_links("a\r\n\n\u202eb\tc\x00", 300) == "a b c"
    long = without_links("word " * 1000, 100)
    assert len(long) <= 100 and long.endswith("...")


@given(st.text(max_size=200))
def test_whatever_is_written_no_scheme_and_no_dotted_name_is_left(text: str) -> None:
    plain = without_links(text + " http://evil.com/" + text, 1000)
    assert "http://evil" not in plain.lower()
