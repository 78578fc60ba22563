"""The agent's voice, sent no faster than a multiple of real time."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from services.simulator.speech import Voice

DELTA_BYTES = 1600  # 200 ms
HEAD_START_MS = 400


@dataclass(frozen=True, slots=True)
class PacedVoice:
    """Speaks in a thread of `pool`; `pace` is how many times faster than life, None without limit.

    sent_ms  |----HEAD_START----|------------ pace x passed ------------|
              at once            from here on it waits for the wall clock
    """

    voice: Voice
    pool: ThreadPoolExecutor
    pace: float | None

    async def chunks(self, text: str) -> AsyncIterator[bytes]:
        """Yield the sound of a sentence in deltas of at most `DELTA_BYTES` of mu-law."""
        loop = asyncio.get_running_loop()
        chunks: Iterator[bytes] = iter(self.voice.speak(text))
        while True:
            chunk = await loop.run_in_executor(self.pool, next, chunks, None)
            if chunk is None:
                return
            for start in range(0, len(chunk), DELTA_BYTES):
                yield chunk[start : start + DELTA_BYTES]

    async def keep_pace(self, sent_ms: int, began_at: float) -> None:
        """Wait when more was sent since `began_at` (the loop's time) than `pace` allows."""
        if self.pace is None:
            return
        passed_ms = (asyncio.get_running_loop().time() - began_at) * 1000
        ahead_ms = (sent_ms - HEAD_START_MS) / self.pace - passed_ms
        if ahead_ms > 0:
            await asyncio.sleep(ahead_ms / 1000)
