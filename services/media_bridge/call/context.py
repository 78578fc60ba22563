"""What all calls of a process share, and what the parts of one call share."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from services.media_bridge.call.backend import CallBackend, Dependencies
from services.media_bridge.call.call_metrics import CallMetrics, Traffic
from services.media_bridge.call.records.journal_file import JournalFile
from services.media_bridge.call.records.turn_writer import TurnWriter
from services.media_bridge.call.records.writes import CallThreads
from services.media_bridge.call.timer import CallClock
from services.media_bridge.core.session import CallSession
from services.media_bridge.legs.ports import AtMs, Feed, ModelLeg


@dataclass(frozen=True, slots=True)
class Runtime:
    """What all calls of this process share."""

    dependencies: Dependencies
    model: Callable[[Feed, AtMs], ModelLeg]  # a new leg for each call
    tools: Executor  # threads for tools, and for texts that must not wait
    writers: Executor  # threads for what is written about calls
    turns: TurnWriter
    traffic: Traffic
    journal_dir: Path | None = None  # where journals are kept; None: nowhere
    session: Callable[[], CallSession] = CallSession


@dataclass(frozen=True, slots=True)
class CallContext:
    """What the parts of one call share."""

    runtime: Runtime
    clock: CallClock
    threads: CallThreads
    metrics: CallMetrics
    backend: CallBackend
    journal: JournalFile | None
