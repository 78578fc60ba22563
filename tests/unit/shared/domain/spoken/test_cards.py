"""Card numbers are found however they are said, and nothing else is taken for one."""

import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.domain.spoken.card_numbers import dialable
from shared.domain.spoken.cards import MASK, CardWatch, contains_card, luhn, mask
from tests.evals.cards import no_cards

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


# What the networks say their numbers begin with, and how many digits they have.
ISSUERS = {
    "visa": (r"4[0-9]{15}", r"4[0-9]{12}", r"4[0-9]{18}"),
    "mastercard": (r"5[1-5][0-9]{14}", r"222[1-9][0-9]{12}", r"2[3-6][0-9]{14}", r"2720[0-9]{12}"),
    "amex": (r"34[0-9]{13}", r"37[0-9]{13}"),
    "discover": (r"6011[0-9]{12}", r"64[4-9][0-9]{13}", r"65[0-9]{14}", r"62292[0-5][0-9]{10}"),
    "jcb": (r"35(?:2[89]|[3-8][0-9])[0-9]{12}",),
    "diners": (r"30[0-5][0-9]{11}", r"36[0-9]{12}", r"3[89][0-9]{12}"),
    "unionpay": (r"62[0-9]{14}", r"62[0-9]{17}"),
    "maestro": (r"(?:5018|5020|5038|6304|6759|676[123])[0-9]{12}", r"6759[0-9]{15}"),
}
PATTERNS = [pattern for patterns in ISSUERS.values() for pattern in patterns]


def of(patterns: list[str]) -> st.SearchStrategy[str]:
    shaped = st.sampled_from(patterns).flatmap(lambda p: st.from_regex(p, fullmatch=True))
    return shaped.map(lambda number: with_check_digit(number[:-1]))


cards = of(PATTERNS)
usual_cards = cards.filter(lambda number: 14 <= len(number) <= 16)


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
    assume(not dialable(number[:10]) or not (size == 5 and between))
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
    CardWatch().said("u1", text)


@given(
    st.lists(
        st.sampled_from((*WORDS, "double", "oh", "forty", "hundred", "4242", ",", "and", "card")),
        max_size=120,
    )
)
def test_what_is_masked_has_no_card_left(words: list[str]) -> None:
    assert not contains_card(mask(" ".join(words))) or MASK in mask(" ".join(words))


@pytest.mark.parametrize("kind", dict(no_cards()))
def test_numbers_of_other_things_are_never_a_card(kind: str) -> None:
    say, chance = dict(no_cards())[kind], random.Random(kind)
    alarms = [text for text in (say(chance) for _ in range(300)) if contains_card(text)]
    assert alarms == []


@pytest.mark.parametrize(
    "text",
    [
        "The serial number is 1747 9192 2056 7223.",
        "tracking number 1548138160707",
        "The card I gave you was declined, the serial number is 1747 9192 2056 7223",
        "four one two five five five oh one four two and one five two one three",
        "My amex ends in 1005, and my phone is 937 555 0142",
    ],
)
def test_what_is_called_something_else_is_no_card(text: str) -> None:
    assert mask(text) == text


def test_any_long_number_is_a_card_where_it_is_called_one() -> None:
    assert mask("card number 1747 9192 2056 7223") == f"card number {MASK}"
    assert mask("1747 9192 2056 7223 is my card number") == f"{MASK} is my card number"


# --- over several turns


def said(*texts: str) -> tuple[CardWatch, list[tuple[str, ...]]]:
    """Turns u1, u2 ... of one call, and what each of them brought to light."""
    watch = CardWatch()
    return watch, [watch.said(f"u{n}", text) for n, text in enumerate(texts, 1)]


def test_a_card_read_out_over_several_turns_is_noticed_when_complete() -> None:
    watch, found = said("okay it's 4242 4242", "um 4242", "and 4242")

    assert found == [(), (), ("u1", "u2", "u3")]
    assert watch.text("u1") == f"okay it's {MASK}"
    assert watch.text("u3") == f"and {MASK}"


@pytest.mark.parametrize(
    "between",
    [
        [""],
        ["um"],
        ["Hold on.", "", "Okay."],
        ["let me turn it over"],
        ["One moment, please."],
        ["Are you still there?", "yes"],
    ],
)
def test_what_says_nothing_does_not_part_the_halves_and_stays(between: list[str]) -> None:
    watch, found = said("It's 4242 4242", *between, "4242 4242")

    last = f"u{len(between) + 2}"
    assert found[-1] == ("u1", last)
    assert [watch.text(f"u{n}") for n in range(2, len(between) + 2)] == between


def test_the_second_half_may_be_transcribed_before_the_first() -> None:
    watch = CardWatch()
    watch.began("u1")
    watch.began("u2")

    assert watch.said("u2", "0000 0004") == ()
    assert watch.unfinished  # it may be the end of what is awaited
    assert watch.said("u1", "it's 5555 5555 ") == ()
    watch = CardWatch()
    watch.began("u1")
    watch.began("u2")
    assert watch.said("u2", "5555 4444 okay") == ()
    assert watch.said("u1", "it's 5555 5555") == ("u1", "u2")
    assert watch.text("u2") == f"{MASK} okay"


def test_a_turn_told_twice_is_one_turn() -> None:
    watch, _ = said("4242 4242")
    assert watch.said("u1", "4242 4242") == ()
    assert watch.text("u1") == "4242 4242"
    assert watch.said("u2", "4242 4242") == ("u1", "u2")


@pytest.mark.parametrize(
    "turns",
    [
        ("5555 5555", "sorry, 5555 5555 5555 4444"),
        ("5555 5556", "no wait, 5555 5555 5555 4444"),
        ("5555 5556", "no, 5555 5555 4444"),
        ("5555 5556, no, 5555", "5555 4444"),
        ("five five five five five five five six", "sorry", "five five five five 5555 4444"),
        ("5555 5555 5555 4444", "I said 5555 5555"),
        ("5555 5555 5555", "wait", "5555 5555 5555 4444"),
    ],
)
def test_corrections_and_repetitions_leave_no_part_behind(turns: tuple[str, ...]) -> None:
    watch, _ = said(*turns)

    kept = " ".join(watch.text(f"u{n}") for n in range(1, len(turns) + 1))
    assert not any(c.isdigit() for c in kept) and "five" not in kept


def test_two_cards_of_one_call_are_two() -> None:
    _, found = said("4242 4242", "4242 4242", "No, take 3782", "822463 10005")
    assert found == [(), ("u1", "u2"), (), ("u3", "u4")]
    watch, found = said("4242 4242 4242 4242, or 5555 5555 5555 4444")
    assert found == [("u1",)]
    assert watch.text("u1") == f"{MASK}, or {MASK}"


def test_an_announced_number_goes_on_in_the_next_turns() -> None:
    watch, found = said("My card number is 4242 4242", "4242", "4241", "and my ZIP is 45501")
    assert found == [("u1",), ("u2",), ("u3",), ()]
    assert not any(c.isdigit() for n in (1, 2, 3) for c in watch.text(f"u{n}"))
    _, found = said("my visa is", "4242 4242")
    assert found == [(), ("u2",)]


def test_what_is_said_after_it_in_that_turn_is_masked_too() -> None:
    watch, _ = said("4242 4242 4242", "4242, expires 04/27, and my name is Sarah")
    assert watch.text("u2") == f"{MASK}, expires {MASK}, and my name is Sarah"


@pytest.mark.parametrize(
    "details",
    [
        "It expires 04/27.",
        "expiration oh four twenty seven",
        "three digits on the back 123",
        "and the security code is one two three",
        "123 is the code on the back",
    ],
)
def test_the_code_and_the_expiry_are_masked_soon_after_a_card(details: str) -> None:
    watch, found = said("4242 4242 4242 4242", "um", details)

    assert found[2] == ("u3",)
    kept = watch.text("u3")
    assert not any(c.isdigit() for c in kept) and "twenty" not in kept and "one two" not in kept


def test_a_house_number_soon_after_a_card_is_none_of_it() -> None:
    said_then = ("4242 4242 4242 4242", "Sorry.", "123 Oak Street", "45501", "555 123 0000")
    _, found = said(*said_then)
    assert found == [("u1",), (), (), (), ()]
    _, found = said("4242 4242 4242 4242", "the security code of the gate is 1234")
    assert found[1] == ()


def test_other_words_in_between_end_a_number() -> None:
    _, found = said("4242 4242 4242", "sorry, I mean my address is on Oak Street", "4242")
    assert found == [(), (), ()]


@pytest.mark.parametrize(
    "turns",
    [
        ("555 123 0000", "123 Oak Street", "937 555 0190", "937 555 0191", "45501"),
        ("412 555 0142", "yes", "15213"),
        ("4125550142", "123"),
        ("four one two", "five five five", "oh one four two", "one five two one three"),
        ("37203", "615 555 0142"),
        ("4521", "45501", "937 555 0142"),
        ("4521", "yes", "45501", "1234"),
        ("4012 Oak Street", "Apartment 4242", "gate code 4242"),
    ],
)
def test_answers_in_a_row_are_no_card(turns: tuple[str, ...]) -> None:
    watch, found = said(*turns)
    assert not any(found)
    assert [watch.text(f"u{n}") for n in range(1, len(turns) + 1)] == list(turns)


def test_a_turn_that_holds_it_all_needs_no_earlier_ones() -> None:
    watch, found = said("1234", "it's 4242 4242 4242 4242")
    assert found == [(), ("u2",)]
    assert watch.text("u1") == "1234"


@given(usual_cards, st.data())
def test_any_card_in_any_pieces_is_noticed(number: str, data: st.DataObject) -> None:
    watch, at, pieces = CardWatch(), 0, 0
    sizes: list[int] = []
    while at < len(number):
        sizes.append(min(data.draw(st.integers(1, 5)), len(number) - at))
        at += sizes[-1]
    # Three, three and four are a phone number first.
    assume([3, 3, 4] not in (sizes[n : n + 3] for n in range(len(sizes))))
    at = 0
    for size in sizes:
        pieces += 1
        watch.said(f"u{pieces}", " ".join(number[at : at + size]))
        at += size
    assert all(watch.masks(f"u{n}") for n in range(1, pieces + 1))


@given(usual_cards, st.integers(4, 11), st.sampled_from(("figures", "words", "zero")))
def test_any_card_in_halves_is_noticed(number: str, at: int, how: str) -> None:
    # Ten digits that can be dialled, and a ZIP's or a house number's: no card.
    assume(not (at == 10 and dialable(number[:10]) and len(number) < 16))
    assume(not (dialable(number[at:]) and at < 6))
    halves = [number[:at], number[at:]]
    if how != "figures":
        halves = [in_words(half, "zero" if how == "zero" else "oh") for half in halves]
    watch, found = said(halves[0], "um", "", halves[1])
    assert found[-1] == ("u1", "u4")
    assert watch.text("u1") == watch.text("u4") == MASK


# --- what others repeat


def test_the_agents_echo_of_a_half_is_hidden_once_the_number_is_known() -> None:
    watch, _ = said("5555 5555", "5555 4444")

    assert watch.hide("So 5555 5555, and then?") == f"So {MASK}, and then?"
    assert watch.hide('{"note":"card begins five five five five five five"}').count("five") == 0
    assert (
        watch.hide("Call 937 555 0142, ZIP 45501, $206.") == "Call 937 555 0142, ZIP 45501, $206."
    )


# --- keyed

PAUSE = 3000


def test_a_number_begun_in_speech_and_ended_with_keys_is_one() -> None:
    watch, _ = said("it's 5555 5555")
    found = [watch.keyed(key, at_ms, PAUSE) for at_ms, key in enumerate("55554444")]

    assert found[-1] == ("u1", "keys0") and not any(found[:-1])
    assert watch.text("u1") == f"it's {MASK}"


def test_a_number_begun_with_keys_and_ended_in_speech_is_one() -> None:
    watch = CardWatch()
    for key in "55555555#":
        watch.keyed(key, 100, PAUSE)

    assert watch.said("u1", "and 5555 4444") == ("keys100", "u1")


def test_thirteen_keys_are_a_card() -> None:
    watch = CardWatch()
    found = [watch.keyed(key, 0, PAUSE) for key in AMEX]

    assert found[12] == ("keys0",) and not any(found[:12]) and not any(found[13:])


def test_hash_and_star_end_what_was_keyed() -> None:
    watch = CardWatch()
    assert not any(watch.keyed(key, 0, PAUSE) for key in "4012888*1881123#")


def test_one_key_or_a_phone_number_is_no_card() -> None:
    watch = CardWatch()
    assert not any(watch.keyed(key, 0, PAUSE) for key in "0")
    assert not any(watch.keyed(key, 9000, PAUSE) for key in "15551230000#0*1")
