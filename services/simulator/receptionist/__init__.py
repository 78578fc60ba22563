"""A stand-in for the model's mind: a dialogue by rules, or a rogue that obeys nothing."""

from typing import Protocol

from services.simulator.receptionist.notes import Act, Json, Say, Use
from services.simulator.receptionist.receptionist import Receptionist
from services.simulator.receptionist.rogue import Rogue

__all__ = ["Act", "Agent", "Receptionist", "Rogue", "Say", "Use"]


class Agent(Protocol):
    """What stands in for the model: learns from the session, decides what is said and done."""

    def brief(self, instructions: str, tools: list[Json]) -> None:
        """Take in the session's instructions and tools."""

    def heard(self, text: str) -> None:
        """Take in what the caller said, as it was transcribed."""

    def instructed(self, text: str) -> None:
        """Take in a system message."""

    def spoken(self, text: str) -> None:
        """Take in what was said in its name."""

    def answered(self, name: str, output: str) -> None:
        """Take in a tool's answer."""

    def unsent(self, use: Use) -> None:
        """A call it wanted was never sent: the response was cut off before."""

    def cut(self, heard: str) -> None:
        """The last thing said was cut short: only `heard` of it reached the caller."""

    def take_back(self) -> None:
        """Nothing of the last response was heard."""

    def respond(self, one_off: str | None = None) -> list[Act]:
        """Return what is said and done now; `one_off` are instructions for this response alone."""

    def summary(self) -> str:
        """Return the conversation in one sentence."""
