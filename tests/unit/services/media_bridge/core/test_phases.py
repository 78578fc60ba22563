"""The tables of phases: what they allow, and that the page shows them as they are."""

import pytest

from services.media_bridge.core.phases import (
    MODEL_STATES,
    PHASES,
    IllegalTransition,
    ModelState,
    Phase,
    Phases,
)
from tests.diagram import PAGE, diagrams


def test_a_call_goes_from_its_first_phase_to_its_last() -> None:
    phases = Phases()
    assert (phases.call, phases.model) == (Phase.NEW, ModelState.UNOPENED)
    for phase in (Phase.REDEEMING, Phase.LIVE, Phase.ENDING, Phase.LIVE, Phase.ENDED):
        phases.enter(phase)
    for state in (ModelState.OPENED, ModelState.STARTING, ModelState.READY, ModelState.LOST):
        phases.model_becomes(state)

    assert (phases.call, phases.model) == (Phase.ENDED, ModelState.LOST)


def test_a_move_that_is_in_no_table_raises_and_changes_nothing() -> None:
    phases = Phases()

    with pytest.raises(IllegalTransition, match="from NEW to LIVE"):
        phases.enter(Phase.LIVE)
    with pytest.raises(IllegalTransition, match="from UNOPENED to READY"):
        phases.model_becomes(ModelState.READY)
    assert (phases.call, phases.model) == (Phase.NEW, ModelState.UNOPENED)


def test_what_is_over_stays_over() -> None:
    assert PHASES[Phase.ENDED] == {}


def test_a_lost_model_can_only_be_opened_anew() -> None:
    assert set(MODEL_STATES[ModelState.LOST]) == {ModelState.UNOPENED}


def test_every_state_has_its_row_and_can_end() -> None:
    assert list(PHASES) == list(Phase)
    assert list(MODEL_STATES) == list(ModelState)
    assert all(Phase.ENDED in ways for phase, ways in PHASES.items() if phase is not Phase.ENDED)
    assert all(ModelState.LOST in ways for ways in list(MODEL_STATES.values())[:-1])


def test_the_page_shows_the_tables_as_they_are() -> None:
    assert diagrams() in PAGE.read_text("utf-8"), "run `python -m tests.diagram --write`"
