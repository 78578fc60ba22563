"""The bridge's own leg to the model, its socket replaced by a server in this process."""

import json
from collections.abc import Callable

from services.media_bridge.call.opening.setup import session_tuning
from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.legs.model import RealtimeEndpoint, RealtimeLeg
from tests.evals.conversation.stage.response import Message
from tests.evals.conversation.stage.world import MODEL


class InProcessLeg(RealtimeLeg):
    """What the bridge writes and reads are the wire's own messages, and the same code does it."""

    def __init__(
        self,
        feed: Callable[[ev.Event], None],
        now_ms: Callable[[], int],
        receive: Callable[[Message], None],
    ) -> None:
        """`receive` takes each client event."""
        endpoint = RealtimeEndpoint("", lambda: "", lambda: "", session_tuning(MODEL.model))
        super().__init__(endpoint, lambda event, read_at=None: feed(event), lambda _: now_ms())
        self._receive = receive

    def perform(self, command: do.Command) -> None:
        if type(command) is not do.HearAudio:  # the server is told when the caller speaks
            super().perform(command)

    def send(self, message: bytes | str) -> None:
        self._receive(json.loads(message))

    def deliver(self, message: Message) -> None:
        """A server event."""
        self._message(json.dumps(message).encode(), 0.0)

    def shut(self, *_: object) -> None:
        """There is no socket to be closed."""
