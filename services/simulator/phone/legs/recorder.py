"""<Start><Recording>: what is said on one call, both sides, until it is stopped."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

from services.simulator.phone.calls import new_sid, rfc2822
from services.simulator.phone.media.line import Line
from services.simulator.phone.twiml import Verb
from services.simulator.speech.sound import BYTES_PER_MS

Report = Callable[[str, Mapping[str, str]], None]  # an address of ours, and the form for it


@dataclass(frozen=True, slots=True)
class _Running:
    sid: str
    name: str
    began: int  # where in the line's sound, in bytes
    at: str  # the same as a date
    callback: str
    events: frozenset[str]
    channels: int


class CallRecorder:
    """The recording of one call: at most one runs at a time, as with Twilio's TwiML."""

    def __init__(self, line: Line, keep: Callable[[str, bytes], str], report: Report) -> None:
        """`keep` takes a SID and its sound, and returns its address."""
        self._line, self._keep, self._report = line, keep, report
        self._running: _Running | None = None

    @property
    def runs(self) -> bool:
        return self._running is not None

    def start(self, noun: Verb, base: str) -> None:
        """Record from the next frame on."""
        if self._running is not None:
            return
        callback = noun.get("recordingStatusCallback")
        self._running = _Running(
            sid=new_sid("RE"),
            name=noun.get("name"),
            began=len(self._line.caller),
            at=rfc2822(datetime.now(UTC)),
            callback=urljoin(base, callback) if callback else "",
            events=frozenset(noun.get("recordingStatusCallbackEvent", "completed").split()),
            channels=2 if noun.get("channels", "dual") == "dual" else 1,
        )
        self._tell(self._running, "in-progress", {})

    def stop(self, name: str | None = None) -> bool:
        """End it; False where none of that name runs (None: whatever its name)."""
        running = self._running
        if running is None or name not in (None, running.name):
            return False
        self._running = None
        caller = bytes(self._line.caller[running.began :])
        agent = bytes(self._line.agent[running.began :])
        if not caller:
            self._tell(running, "absent", {"ErrorCode": "16101"})
            return True
        sound = _interleaved(caller, agent) if running.channels == 2 else caller
        url = self._keep(running.sid, sound)
        seconds = round(len(caller) / BYTES_PER_MS / 1000)
        self._tell(running, "completed", {"RecordingUrl": url, "RecordingDuration": str(seconds)})
        return True

    def _tell(self, running: _Running, status: str, more: Mapping[str, str]) -> None:
        if running.callback and status in running.events:
            report = {
                "RecordingSid": running.sid,
                "RecordingStatus": status,
                "RecordingChannels": str(running.channels),
                "RecordingTrack": "both",
                "RecordingSource": "StartCallRecordingTwiML",
                "RecordingStartTime": running.at,
            }
            self._report(running.callback, {**report, **more})


def _interleaved(left: bytes, right: bytes) -> bytes:
    """Two channels of mu-law as one stream, a byte of each in turn."""
    both = bytearray(2 * len(left))
    both[::2], both[1::2] = left, right[: len(left)].ljust(len(left), b"\xff")
    return bytes(both)
