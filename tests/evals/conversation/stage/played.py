"""What a call was like, line by line, and what it left."""

from dataclasses import dataclass, field

from services.media_bridge.core import commands as do
from services.simulator.receptionist import Agent
from tests.evals.conversation.scenario import Scenario
from tests.evals.conversation.stage.world import CALL_SID
from tests.fakes import FakeWorld

CUT = "UnbackedFigures"  # counted for each claim of the agent's that is stopped


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
    left: FakeWorld  # its tables, and the texts that were sent
    agent: Agent | None  # None: it was asked over a socket
    call_sid: str = CALL_SID
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

    def keep(self, at_ms: int, command: do.Command) -> None:
        """What stays of a command beside the rows: the transcript, and what is counted."""
        match command:
            case do.NoteTurn():
                self.turns[command.seq] = command
            case do.AlertHazard():
                self.note(at_ms, "guard", f"on-call is told: {command.category}")
                self.alerts.append(command.category)
            case do.Measure():
                self.measures.append(command)
                if command.metric == CUT:
                    self.cuts.append(at_ms)
            case do.Respond() if command.sentence is not None:
                self.recited.append(command.sentence)
            case do.AnswerTool():
                self.note(at_ms, "tool", f"-> {command.output}")
            case do.TellModel():
                self.note(at_ms, "guard", command.text)
            case do.EndCall():
                self.end = command

    def cut_sentences(self) -> list[tuple[int, str]]:
        """What the model was saying each time it was stopped."""
        found = []
        for at_ms in self.cuts:
            begun = [text for since, text in self.said if since <= at_ms]
            found.append((at_ms, begun[-1] if begun else ""))
        return found
