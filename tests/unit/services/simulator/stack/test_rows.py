"""Rows that analysts read, and waiting for a call's outcome."""

import asyncio

from services.simulator.stack.rows import Rows, meta, settled

OPEN = {"pk": "CALL#1", "sk": "META"}
ENDED = {**OPEN, "outcome": "booked"}
LOCK = {"pk": "SLOT#b#c", "sk": "2025-08-29T01Z"}
TURN = {"pk": "CALL#1", "sk": "T#000001"}


def test_locks_and_markers_are_no_rows_but_every_turn_is_one() -> None:
    rows: Rows = {"jobs": [LOCK, ENDED], "agent_turns": [TURN]}
    assert meta(rows, "jobs") == [ENDED]
    assert meta(rows, "agent_turns") == [TURN]


def test_the_rows_are_read_again_until_the_call_has_its_outcome() -> None:
    answers: list[Rows] = [{"calls": [OPEN]}, {"calls": [ENDED]}]

    async def read() -> Rows:
        return answers.pop(0)

    assert asyncio.run(settled(read)) == {"calls": [ENDED]}
    assert answers == []
