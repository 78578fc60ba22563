"""The field reference tells every field of the models, and nothing else."""

import tomllib

import pytest

from shared.businesses.reference import FieldTold, example_of, fields, fields_of, unknown
from tests.business_fields import PAGE, reference

FIELDS = fields()


@pytest.mark.parametrize("told", FIELDS, ids=lambda told: f"{told.table}.{told.name}")
def test_every_field_has_a_meaning_and_an_example_that_is_toml(told: FieldTold) -> None:
    assert told.meaning, f"fields.toml does not tell of {told.name}"
    assert tomllib.loads(f"{told.name} = {told.example}")


def test_nothing_is_told_of_what_no_model_has() -> None:
    assert unknown() == ()


def test_the_page_is_current() -> None:
    assert reference() in PAGE.read_text("utf-8"), "run `python -m tests.business_fields --write`"


def test_a_default_is_the_models_own() -> None:
    told = {(each.table, each.name): each for each in FIELDS}
    assert told["", "id"].default == ""
    assert told["", "window_hours"].default == "2"
    assert told["policy", "texts_from"].default == "8"
    assert told["card", "deposit"].default == '"always"'
    assert told["", "on_call"].default == "none"


def test_what_may_stand_at_a_place_is_known_also_under_a_name_of_the_owners() -> None:
    assert "visit" in fields_of(("card", "services", "repair"))
    assert "complexity" in fields_of(("card", "kinds", 0))
    assert "days_off" in fields_of(("crew", "ana"))
    assert fields_of(("card", "services")) == ()
    assert fields_of(("nothing", "of", "this")) == ()
    assert example_of(("card", "services", "repair", "visit")) == "165"
    assert example_of(("nothing",)) == ""
