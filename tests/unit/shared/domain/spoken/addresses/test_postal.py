"""The tables agree with each other."""

from shared.domain.spoken.addresses.postal import CORE, STATES, SUFFIXES, TOWNS_BEGIN, USUAL


def test_every_short_form_stands_for_itself() -> None:
    assert all(SUFFIXES[short.lower()] == short for short in SUFFIXES.values())


def test_the_classes_of_suffixes_are_in_the_table() -> None:
    assert set(SUFFIXES.values()) > USUAL > CORE
    assert not {SUFFIXES[word] for word in TOWNS_BEGIN & SUFFIXES.keys()} & CORE


def test_there_are_fifty_states_the_district_and_puerto_rico() -> None:
    assert len(STATES) == len(set(STATES.values())) == 52
