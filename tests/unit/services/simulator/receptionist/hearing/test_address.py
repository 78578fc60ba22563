"""A service address in what was heard, wrong transcripts included."""

import pytest

from services.simulator.receptionist.hearing.address import address, corrected


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("123 Oak Street, Springfield, Ohio.", "123 Oak Street, Springfield, Ohio"),
        ("one twenty three oak street springfield ohio", "123 Oak Street, Springfield, Ohio"),
        (
            "The address is 42 Maple Avenue, in Springfield, Ohio.",
            "42 Maple Avenue, Springfield, Ohio",
        ),
        ("1-2-3 Oak Street", "123 Oak Street"),
        ("One hundred and twenty three Oak Street.", "123 Oak Street"),
        (
            "two hundred four Elm Ave, Springfield, four five five oh one",
            "204 Elm Ave, Springfield 45501",
        ),
        (
            "twelve fifty North Main Street Springfield Ohio",
            "1250 North Main Street, Springfield, Ohio",
        ),
    ],
)
def test_an_address_is_written_as_one_writes_it(said: str, written: str) -> None:
    assert str(address(said)) == written


def test_a_zip_alone_is_corrected_as_a_zip() -> None:
    old = address("123 Oak Street, Springfield, OH 45501")
    assert corrected(old, "No, it's four five five zero two.").zip == "45502"


@pytest.mark.parametrize("said", ["That's fine.", "Mm-hmm, yes.", "Yep.", "Hold on."])
def test_what_names_no_town_leaves_the_town_alone(said: str) -> None:
    old = address("123 Oak Street, Springfield, OH 45501")
    assert corrected(old, said) == old
