"""Card numbers are found however they are said, and nothing else is taken for one."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.domain.cards import MASK, CardWatch, contains_card, luhn, mask

VISA, AMEX = "4242424242424242", "378282246310005"
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TENS = {
    2: "twenty",
    3: "thirty",
    4: "forty",
    5: "fifty",
    6: "sixty",
    7: "seventy",
    8: "eighty",
    9: "ninety",
}


def in_words(number: str, zero: str = "oh") -> str:
    return " ".join(zero if digit == "0" else WORDS[int(digit)] for digit in number)


def with_check_digit(number: str) -> str:
    return next(number + check for check in "0123456789" if luhn(number + check))


cards = st.builds(with_check_digit, st.from_regex(r"[2-6][0-9]{11,17}", fullmatch=True))


@pytest.mark.parametrize(
    "said",
    [
        VISA,
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        "4242.4242.4242.4242",
        "4242, 4242, 4242, 4242",
        "4242. 4242. 4242. 4242.",
        "my card is 4242 4242 4242 4242 okay",
        "3782 822463 10005",
        in_words(VISA),
        in_words(AMEX),
        in_words(AMEX, "zero"),
        "Four, two, four, two. Four, two, four, two. Four two four two four two four two.",
        "forty two forty two forty two forty two forty-two forty-two forty-two forty-two",
        "five five double five five five five five five five five five double four double four",
        "four two four two um four two four two and then 4242 4242",
        "four thousand two hundred forty two 4242 4242 4242",
        "forty two hundred forty two, 4242 4242 4242",
        "triple five five 5555 5555 triple four four",
    ],
)
def test_a_card_number_is_masked_however_it_is_said(said: str) -> None:
    assert contains_card(said)
    masked = mask(said)
    assert MASK in masked and not any(c.isdigit() for c in masked)
    assert not set(masked.lower().replace(",", " ").split()) & {"four", "two", "double", "forty"}


@pytest.mark.parametrize(
    "said",
    [
        "555-123-0000",
        "(937) 555-0190",
        "+1 937 555 0190",
        "19375550190",
        in_words("5551230000"),
        "five five five one two three double oh double oh",
        "Sarah Miller, 555-123-0000, 123 Oak Street, Springfield, Ohio 45501",
        "call 937 555 0190 or 937 555 0191",
        "937-555-0190, 937-555-0191, 937-555-0192",
        "my number is 5551230000, and the house number is 1234",
        "Gate code 1234. The zip is 45501-1234.",
        "twelve oh four Elm Street",
        "between 8 and 10 on August 29th 2025",
        "it was 2019, maybe 2020, unit number 77",
        "The quote was $206, then $248 and $825.",
        "",
        "double trouble",
        "one or two",
    ],
)
def test_other_numbers_are_left_alone(said: str) -> None:
    assert mask(said) == said
    assert not contains_card(said)


def test_a_code_or_a_price_in_the_same_breath_stays() -> None:
    said = "It's 4242 4242 4242 4242 and my zip is 45501, phone 555-123-0000"
    assert mask(said) == f"It's {MASK} and my zip is 45501, phone 555-123-0000"


@pytest.mark.parametrize(
    "after",
    [
        "expires 04/27",
        "expiration oh four twenty seven",
        "exp date 4 27 cvv 123",
        "security code 1 2 3",
        "04/27 123",
    ],
)
def test_expiry_and_security_code_go_with_the_card(after: str) -> None:
    masked = mask(f"4242 4242 4242 4242, {after}.")
    assert not any(c.isdigit() for c in masked)
    assert "twenty" not in masked and "oh four" not in masked


def test_a_cvv_alone_is_masked_and_a_gate_code_is_not() -> None:
    assert mask("the CVV is 123") == f"the CVV is {MASK}"
    assert mask("the cvc is one two three") == f"the cvc is {MASK}"
    assert mask("the security code of the gate is 1234") == "the security code of the gate is 1234"


def test_a_card_that_is_announced_is_masked_before_it_is_complete() -> None:
    assert mask("my card number is 4242 4242") == f"my card number is {MASK}"
    assert contains_card("my card number is 4242 4242")
    assert mask("I'll pay by card, I'm at 123 Oak") == "I'll pay by card, I'm at 123 Oak"
    assert mask("put it on my card. My number is 555 123 0000").endswith("555 123 0000")


def test_one_digit_misheard_is_masked_where_a_card_was_named() -> None:
    wrong = "my visa, 4242 4242 4242 4241"
    assert mask(wrong) == f"my visa, {MASK}"


def test_masking_twice_changes_nothing_more() -> None:
    once = mask("4242 4242 4242 4242 exp 04/27")
    assert mask(once) == once


@given(cards, st.sampled_from(("", " ", "-", ".", ", ")), st.integers(2, 6))
def test_any_card_in_any_grouping_is_masked(number: str, between: str, size: int) -> None:
    said = between.join(number[at : at + size] for at in range(0, len(number), size))
    # A group of ten or eleven before a pause is a phone number first.
    assume(not (between == ", " and any(len(g) in (10, 11) for g in said.split(", "))))
    assume(not (size == 3 and between))
    assert contains_card(f"sure it's {said} thanks")


@given(cards, st.sampled_from(("oh", "zero", "o")))
def test_any_card_in_words_is_masked(number: str, zero: str) -> None:
    assert mask(in_words(number, zero)).strip(" .") == MASK


@given(
    st.from_regex(r"[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True),
    st.sampled_from(("{}", "+1{}", "1{}", "1-{}")),
)
def test_no_phone_number_is_ever_masked(number: str, form: str) -> None:
    for written in (number, f"{number[:3]}-{number[3:6]}-{number[6:]}", in_words(number)):
        said = f"You can reach me at {form.format(written)}."
        assert mask(said) == said


@given(st.text(max_size=300))
def test_any_text_is_answered(text: str) -> None:
    assert isinstance(mask(text), str)
    CardWatch().said(text)


@given(
    st.lists(
        st.sampled_from((*WORDS, "double", "oh", "forty", "hundred", "4242", ",", "and", "card")),
        max_size=120,
    )
)
def test_what_is_masked_has_no_card_left(words: list[str]) -> None:
    assert not contains_card(mask(" ".join(words))) or MASK in mask(" ".join(words))


# --- over several turns


def test_a_card_read_out_over_several_turns_is_noticed_when_complete() -> None:
    watch = CardWatch()
    heard = [watch.said(said) for said in ("okay it's 4242 4242", "um 4242", "and 4242")]
    assert heard == [False, False, True]
    assert watch.text == f"and {MASK}"
    assert watch.earlier == 2


def test_what_is_said_after_it_in_that_turn_is_masked_too() -> None:
    watch = CardWatch()
    watch.said("4242 4242 4242")
    assert watch.said("4242, expires 04/27, and my name is Sarah")
    assert watch.text == f"{MASK}, expires {MASK}, and my name is Sarah"


def test_words_in_between_end_a_number() -> None:
    watch = CardWatch()
    assert not watch.said("4242 4242 4242")
    assert not watch.said("sorry, I mean my address is on Oak Street")
    assert not watch.said("4242")


def test_a_phone_number_and_a_house_number_are_no_card() -> None:
    watch = CardWatch()
    for said in ("555 123 0000", "123 Oak Street", "937 555 0190", "937 555 0191", "45501"):
        assert not watch.said(said)
        assert watch.text == said


def test_a_turn_that_holds_it_all_needs_no_earlier_ones() -> None:
    watch = CardWatch()
    watch.said("1234")
    assert watch.said("it's 4242 4242 4242 4242")
    assert watch.earlier == 0


@given(cards, st.data())
def test_any_card_in_any_pieces_is_noticed(number: str, data: st.DataObject) -> None:
    watch, at, known = CardWatch(), 0, False
    while at < len(number):
        size = data.draw(st.integers(1, 5))
        known = watch.said(" ".join(number[at : at + size])) or known
        at += size
    assert known


# --- keyed


def test_a_keyed_card_is_noticed_with_its_last_key() -> None:
    watch = CardWatch()
    pressed = [watch.keyed(key) for key in AMEX]
    assert pressed[-1] and not any(pressed[:12])


def test_hash_and_star_end_what_was_keyed() -> None:
    watch = CardWatch()
    assert not any(watch.keyed(key) for key in VISA[:10] + "#" + VISA[10:])


def test_one_key_or_a_phone_number_is_no_card() -> None:
    watch = CardWatch()
    assert not any(watch.keyed(key) for key in "0")
    assert not any(watch.keyed(key) for key in "15551230000#0*1")
