"""What happens on a stack that stays up: told to the call that is played, and kept in a file."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TextIO
from urllib.parse import urlsplit

from services.simulator.cli.playing.view import LiveView
from services.simulator.phone.calls import Notify, PhoneEvent
from services.simulator.realtime import RealtimeNote
from services.simulator.stack.local import Watch


class Relay:
    """Stands between the stack and whoever looks on. `view` is that of the call being played."""

    def __init__(
        self, log: TextIO, progress: Callable[[str], None], also: Notify = lambda _: None
    ) -> None:
        self._log, self._also = log, also
        self.view: LiveView | None = None
        self.texted_at: list[datetime] = []  # one for each text the network took, in order
        self.watch = Watch(progress, self._phone, self._model, self._line)

    def _phone(self, event: PhoneEvent) -> None:
        if event.kind == "text":
            self.texted_at.append(datetime.now(UTC))
        if event.kind == "webhook":
            address, _, came = event.text.partition(" ")
            what = f"POST {urlsplit(address).path} {came}"
            said = {"logger": "phone network", "message": what, "call_sid": event.call_sid}
            self._line(json.dumps(said))
        self._also(event)
        if self.view is not None:
            self.view.phone(event)

    def _model(self, note: RealtimeNote) -> None:
        if self.view is not None:
            self.view.model(note)

    def _line(self, line: str) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._log.write(json.dumps({"at": at, "line": line}) + "\n")
        self._log.flush()
