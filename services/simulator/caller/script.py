"""Which line of the scenario comes next: how often each was used, and what still may be said."""

from collections import Counter

from services.simulator.scenarios.scenario import Scenario, matches


class ScriptProgress:
    """How far one caller has come in her scenario. Lines are counted as the scenario has them."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        # How often each line was used: a line may be used once for each of its wordings.
        self._used: Counter[int] = Counter()
        # How often in a row she has asked the agent to repeat; 0 again as soon as a line fits.
        self._puzzled = 0

    def line_for(self, text: str) -> int | None:
        """Return the first line that answers `text` and may still be used."""
        for index, line in enumerate(self._scenario.lines):
            if self._used[index] < line.uses and matches(line.hears, text):
                return index
        return None

    def interrupting(self, spoken_ms: int) -> list[int]:
        """Return the lines that may cut in on an agent who has been speaking for `spoken_ms`."""
        return [
            index
            for index, line in enumerate(self._scenario.lines)
            if line.interrupts_after_ms is not None
            and line.interrupts_after_ms <= spoken_ms
            and self._used[index] < line.uses
        ]

    def wording(self, index: int) -> str | None:
        """Return how a line is worded this time; None where it is keys or silence alone."""
        says = self._scenario.lines[index].says
        return says[self._used[index] % len(says)] if says else None

    def use(self, index: int) -> None:
        """Count one use of a line."""
        self._used[index] += 1
        self._puzzled = 0

    def ask_again(self) -> str | None:
        """Return the next way of asking the agent to repeat; None when she has no more words."""
        wordings = self._scenario.puzzled
        if self._puzzled == len(wordings):
            return None
        self._puzzled += 1
        return wordings[self._puzzled - 1]
