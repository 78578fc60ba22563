"""A caller's link does not arrive as one; everything else arrives as it was said."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.plain_words import one_line, without_links


@pytest.mark.parametrize(
    ("said", "texted"),
    [
        ("Pay at https://evil.example/pay?x=1 now", "Pay at evil[.]example/pay?x=1 now"),
        ("HTTP://WWW.EVIL.COM", "WWW[.]EVIL[.]COM"),
        ("go to evil.com.", "go to evil[.]com."),
        ("bit.ly/3xYz, quick", "bit[.]ly/3xYz, quick"),
        ("evil.co.uk", "evil[.]co[.]uk"),
        ("http://192.0.2.7:8080/x", "192[.]0[.]2[.]7:8080/x"),
        ("192.0.2.7", "192[.]0[.]2[.]7"),
        ("https:\\\\evil.com", "evil[.]com"),
        ("hthttps://tps://evil.com", "evil[.]com"),
        ("sms:+19005550100 or tel:+19005550100", "+19005550100 or +19005550100"),
        ("javascript:alert(1)", "alert(1)"),
        ("myapp://open", "open"),
        ("evil。com", "evil[.]com"),
        ("evil．com", "evil[.]com"),
        ("ev\u200bil.\u200bcom", "evil[.]com"),
        ("xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd[.]xn--p1ai"),
        ("пример.рф", "пример[.]рф"),
        ("💩.la", "💩[.]la"),
        ("sarah@mail.example.com", "sarah@mail[.]example[.]com"),
    ],
)
def test_a_link_is_still_read_and_opens_nothing(said: str, texted: str) -> None:
    assert without_links(said) == texted


@pytest.mark.parametrize(
    "said",
    [
        "Call me after 8 a.m. or before 5 p.m. please.",
        "The deposit was $206.00, not $3.5.",
        "It's 10.5 feet up... then left.",
        "Dr. Miller, 123 Oak St. Apt. 4",
        "Unit: 4. Gate code: 1234.",
        "U.S.A., e.g. or i.e. no",
        "Sarah: please call 937-555-0142",
        "",
    ],
)
def test_what_is_no_link_stays_as_it_was_said(said: str) -> None:
    assert without_links(said) == said


@given(st.text(alphabet="aZ9.:/\\-@[] 。htps\u200b", max_size=40))
def test_done_twice_is_as_done_once_and_leaves_no_scheme_and_no_name(said: str) -> None:
    texted = without_links(said)
    assert without_links(texted) == texted
    assert not re.search(r"[a-zA-Z]://|[a-zA-Z0-9][.。][a-zA-Z]{2}", texted)


def test_words_are_one_line_of_bounded_length_without_signs_that_are_not_seen() -> None:
    assert one_line("a\r\n\n\u202eb\tc\x00", 300) == "a b c"
    long = one_line("word " * 1000, 100)
    assert len(long) <= 100 and long.endswith("...")
