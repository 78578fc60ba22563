"""A call's journal as a file."""

from pathlib import Path

from services.media_bridge.core.journal import replay
from tests.unit.services.media_bridge.world import (
    a_world,
    played,
    soon,
)


def test_each_call_leaves_a_journal_that_replays(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with a_world(journal_dir=tmp_path) as world:
            phone, session = await world.call()
            await session.speak()
            await phone.got.until("media", 2)
            token = world.token(phone)
            await phone.hang_up()
            await soon(lambda: world.server.active == 0)

            lines = (tmp_path / f"{phone.call_sid}.jsonl").read_text().splitlines()
            assert len(lines) > 5
            assert token not in "".join(lines)
            assert replay(lines) == []

    played(scenario)
