"""A loop that does not come round any more ends the process; one that does never."""

import subprocess
import sys

_PROGRAM = """
import asyncio
from services.media_bridge.process.stuck import watch_loop

async def main() -> None:
    watch = asyncio.create_task(watch_loop(stuck_s=0.3, beat_s=0.05))
    await asyncio.sleep(0.6)
    if {stuck}:
        while True:
            pass
    watch.cancel()
    await asyncio.wait([watch])
    await asyncio.sleep(0.6)

asyncio.run(main())
"""


def ended(*, stuck: bool) -> subprocess.CompletedProcess[str]:
    program = _PROGRAM.format(stuck=stuck)
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=False
    )


def test_a_stuck_loop_ends_the_process_and_says_where() -> None:
    end = ended(stuck=True)
    assert end.returncode == 1
    assert "Timeout" in end.stderr and "in main" in end.stderr


def test_a_loop_that_comes_round_goes_on_and_is_let_alone_behind_its_end() -> None:
    assert ended(stuck=False).returncode == 0
