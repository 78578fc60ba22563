"""What a caller asks about, by the topics of the business's file."""

import pytest

from shared.domain import topics
from shared.domain.topics import Topic

KNOWN = {
    "billing": Topic(label="billing", words=("invoice", "charged"), numbers=("+19375550193",)),
    "warranty": Topic(label="the warranty", words=("guarantee",), numbers=("+19375550194",)),
}


@pytest.mark.parametrize(
    ("named", "said", "topic"),
    [
        ("billing", (), "billing"),
        ("Billing", (), "billing"),
        ("the warranty", (), "warranty"),
        ("nonsense", ("I was charged twice",), "billing"),
        (None, ("hello", "it is about an Invoice"), "billing"),
        (None, ("my guarantee",), "warranty"),
        (None, ("the battery is discharged",), None),
        (None, (), None),
    ],
)
def test_the_name_counts_first_and_then_the_words(
    named: str | None, said: tuple[str, ...], topic: str | None
) -> None:
    assert topics.of(KNOWN, named, said) == topic


def test_without_topics_nothing_is_one() -> None:
    assert topics.of({}, "billing", ("invoice",)) is None
