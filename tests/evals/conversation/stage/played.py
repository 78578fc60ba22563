"""What a call was like, line by line, and what it left."""

from dataclasses import dataclass, field

from services.media_bridge.core import commands as do
from services.simulator.receptionist import Agent
from tests.evals.conversation.scenario import Scenario
from tests.evals.conversation.stage.world import World


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the transcript; of the agent, what was heard."""

    at_ms: int
    who: str  # caller, agent, tool, guard
    text: str
    until_ms: int = 0


@dataclass(slots=True)
class Played:
    """One call."""

    scenario: Scenario
    world: World
    agent: Agent
    lines: list[Said] = field(default_factory=list)
    said: list[tuple[int, str]] = field(default_factory=list)  # by the model, heard or not
    cuts: list[int] = field(default_factory=list)  # when a claim was stopped, in ms
    measures: list[do.Measure] = field(default_factory=list)
    turns: dict[int, do.NoteTurn] = field(default_factory=dict)
    recited: list[str] = field(default_factory=list)  # what code asked to have read
    alerts: list[str] = field(default_factory=list)
    latencies: list[tuple[int, bool]] = field(default_factory=list)  # ms, whether behind a tool
    end: do.EndCall | None = None  # None: it did not end within the bound
    length_ms: int = 0
    protocol_errors: list[str] = field(default_factory=list)  # that the model's server answered

    def note(self, at_ms: int, who: str, text: str, until_ms: int | None = None) -> None:
        self.lines.append(Said(at_ms, who, text, at_ms if until_ms is None else until_ms))

    def cut_sentences(self) -> list[tuple[int, str]]:
        """What the model was saying each time it was stopped."""
        found = []
        for at_ms in self.cuts:
            begun = [text for since, text in self.said if since <= at_ms]
            found.append((at_ms, begun[-1] if begun else ""))
        return found
