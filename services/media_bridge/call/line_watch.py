"""What the bridge listens to the caller's line for itself, where the core asks for it."""

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.hearing.hush import Hush


class LineWatch:
    """For one thing at a time, or for nothing: a frame then costs nothing."""

    def __init__(self) -> None:
        self._hush: Hush | None = None
        self._tells: type[ev.CallerQuiet | ev.CallerUnnoticed] = ev.CallerQuiet

    @property
    def listens(self) -> bool:
        return self._hush is not None

    def begin(self, command: do.ListenForSpeech | do.ListenForQuiet) -> None:
        after_speech = isinstance(command, do.ListenForSpeech)
        self._hush = Hush(after_speech=after_speech)
        self._tells = ev.CallerUnnoticed if after_speech else ev.CallerQuiet

    def heard(self, payload: str, at_ms: int) -> ev.Event | None:
        """Take a frame (base64 mu-law); the event, once, when what was asked for was heard."""
        if self._hush is None or not self._hush.heard(payload):
            return None
        self._hush = None
        return self._tells(at_ms)
