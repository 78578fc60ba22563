"""Who wants no texts says so in many ways; who only speaks of texts does not."""

import pytest

from shared.domain.spoken.opt_out import wants_no_texts


@pytest.mark.parametrize(
    "words",
    [
        "Stop texting me.",
        "please stop sending me texts",
        "Can you stop sending these text messages?",
        "Don't text me.",
        "Do not text this number, call instead",
        "don\u2019t send me any texts",
        "I don't want any more text messages",
        "No more texts please",
        "Take me off your text list",
        "take my number off the list",
        "I'd like to opt out of text messages",
        "unsubscribe me",
        "Never text my phone again",
        "quit messaging me",
    ],
)
def test_a_wish_is_heard(words: str) -> None:
    assert wants_no_texts(words)


@pytest.mark.parametrize(
    "words",
    [
        "Don't text me the link yet.",
        "Can you text me the link?",
        "I can't get texts on this phone, it's a landline",
        "Did you text me?",
        "I didn't get the text message",
        "Why did you stop texting me?",
        "Stop by on Friday",
        "The unit stopped and I texted my husband",
        "Put me on the list",
        "Don't send the truck before nine",
        "My son said don't text and drive",
        "no heat since this morning",
        "Cancel",
    ],
)
def test_nothing_else_is(words: str) -> None:
    assert not wants_no_texts(words)
