"""The end of the caller's line, which waits for what /after-stream is going to read."""

import asyncio
from typing import Final

from services.media_bridge.call.records.writes import CallThreads
from services.media_bridge.legs.caller import CallerLeg

WRITES_S: Final = 0.8  # with the webhook's own 1.5 s well within the 4 s of silence promised


class LineCloser:
    """Closes the caller's line, once.

    When the socket closes, Twilio asks /after-stream at once what to do with the caller, and the
    answer is read from the calls row. So the line stays open until the row says it:

        CloseLine (and EndCall, in the same turn of the loop)
          │ next turn of the loop: all that these commands write has been added
          ├── the writes are done ────────────► the socket closes
          └── or WRITES_S passes: a dead table must not keep the caller on a dead line
    """

    def __init__(self, line: CallerLeg, threads: CallThreads) -> None:
        self._line, self._threads = line, threads
        self._is_closing = False  # asked to close: a second time changes nothing

    def close(self, *, has_row: bool) -> None:
        """Close the line after the writes; at once where the call has no row to write.

        Without a row /after-stream finds nothing, and brings a human.
        """
        if self._is_closing:
            return
        self._is_closing = True
        if has_row:
            asyncio.get_running_loop().call_soon(self._close_after_writes)
        else:
            self._line.close()

    def _close_after_writes(self) -> None:
        limit = asyncio.get_running_loop().call_later(WRITES_S, self._line.close)

        def close() -> None:
            limit.cancel()
            self._line.close()

        self._threads.after_writes(close)
