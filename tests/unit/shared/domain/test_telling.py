"""What tools found is told in one breath."""

from shared.domain.telling import Telling, in_one_breath

PRICE = Telling("At regular hours this runs $300 to $800.", "Would you like to schedule?")
WINDOWS = Telling("Nothing is free on Friday.", "Would Monday work?")


def test_one_is_told_with_its_question() -> None:
    assert in_one_breath([PRICE]) == f"{PRICE.sentence} {PRICE.question}"


def test_only_the_last_asks() -> None:
    assert in_one_breath([PRICE, WINDOWS]) == (
        "At regular hours this runs $300 to $800. Nothing is free on Friday. Would Monday work?"
    )


def test_windows_bear_their_own_price() -> None:
    windows = Telling("", "Would Monday work?", instead="The visit is $165.")

    assert in_one_breath([PRICE, windows]) == "The visit is $165. Would Monday work?"
    assert in_one_breath([windows]) == "Would Monday work?"
