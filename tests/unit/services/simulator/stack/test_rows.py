"""Rows that analysts read, and waiting for a call's outcome."""

import asyncio

from services.simulator.stack.rows import Rows, meta, of_call, settled

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


def test_what_one_call_left_is_told_from_what_others_left() -> None:
    def job(job_id: str, sid: str, phone: str) -> dict[str, object]:
        contact = {"normalised": phone}
        return {"pk": f"JOB#{job_id}", "sk": "META", "job_id": job_id, "call_sid": sid,
                "phone": contact}  # fmt: skip

    rows: dict[str, list[dict[str, object]]] = {
        "calls": [{"pk": "CALL#CA1", "sk": "META"}, {"pk": "CALL#CA2", "sk": "META"}],
        "agent_turns": [{"pk": "CALL#CA1", "sk": "T#1"}, {"pk": "CALL#CA2", "sk": "T#1"}],
        "customers": [{"pk": "b", "phone": "+1"}, {"pk": "c", "phone": "+2"}],
        "jobs": [
            job("j1", "CA1", "+1"), job("j2", "CA2", "+2"),
            {"pk": "SLOT#x", "sk": "1", "job_id": "j1"}, {"pk": "SLOT#x", "sk": "2"},
        ],
        "payments": [{"pk": "PAY#1", "job_id": "j1"}, {"pk": "EVT#1"}],
    }  # fmt: skip
    left = of_call(rows, "CA1", "+3")
    assert {table: len(found) for table, found in left.items()} == {
        "calls": 1, "agent_turns": 1, "customers": 1, "jobs": 2, "payments": 1,
    }  # fmt: skip
