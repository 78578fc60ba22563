"""The answer path's reading of the business files agrees with the checked one."""

from functions.incoming import phone_numbers
from shared import businesses


def test_lines_are_those_of_the_businesses() -> None:
    for owner in businesses.all_businesses().values():
        line = phone_numbers.of_business(owner.id)
        assert line is not None
        assert (line.name, line.numbers) == (owner.name, owner.numbers)
        assert line.on_call == (owner.on_call or (owner.office,))
        assert all(phone_numbers.dialled(number) == line for number in owner.numbers)
    assert len(phone_numbers.all_lines()) == len(businesses.all_businesses())
