"""A loop that is stuck hears nobody: the process ends itself, and its callers are rung through."""

import asyncio
import faulthandler
from typing import Final

STUCK_S: Final = 4.0
BEAT_S: Final = 1.0


async def watch_loop(stuck_s: float = STUCK_S, beat_s: float = BEAT_S) -> None:
    """End the process with status 1 when the loop has not come round for `stuck_s` seconds, with
    the place it is stuck at on stderr. A host that is stopped as a whole is not told from it."""
    try:
        while True:
            faulthandler.dump_traceback_later(stuck_s, exit=True)
            await asyncio.sleep(beat_s)
    finally:
        faulthandler.cancel_dump_traceback_later()
