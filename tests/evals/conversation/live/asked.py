"""What a run with a paid model comes to, said before it begins; and who may not begin one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.media_bridge.call.opening.setup import sentences_by_voice
from services.media_bridge.core.costs import FULL
from services.simulator.speech import Mode
from services.simulator.stack.environment import OPENAI, RealModel
from shared.businesses import all_businesses
from tests.evals.conversation.scenario import Scenario
from tests.evals.conversation.stage.meter import SPOKEN_MS
from tests.evals.conversation.stage.sound import timed

MOST_SCENARIOS = 60  # of the project's own
MOST_USD = 50.0
# Of one call by list prices: the paraphrasing model's booked calls cost 0.13 and two minutes of
# transcription 0.034 (docs/evals.md); the wordy receptionist's over this very way, 0.25.
CALL_USD = 0.25
CALL_S = 110  # nine in ten take at most that, and the stack some seconds to start
WPM = 160


class NotBegun(Exception):
    """A run may not begin; the message is one line that says why."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be played."""

    scenarios: tuple[Scenario, ...]
    runs: int
    most_usd: float

    @property
    def calls(self) -> int:
        return len(self.scenarios) * self.runs

    @property
    def usd(self) -> float:
        """An estimate, by list prices."""
        return self.calls * CALL_USD + clips_usd()

    def said(self, model: RealModel, mode: Mode) -> str:
        """What the user is told beforehand."""
        who = "OpenAI" if model.url == OPENAI else model.url
        return (
            f"{who} answers {self.calls} calls ({len(self.scenarios)} scenarios, {self.runs} each),"
            f" one after the other, in {mode} mode: about {self.calls * CALL_S / 3600:.1f} hours at"
            f" the pace of life, and about {self.usd:.2f} dollars by list prices. It stops at"
            f" {self.most_usd:.2f} dollars measured (--most-usd)."
        )


def clips_usd() -> float:
    """Of the fixed sentences of all businesses, which the model speaks once before the first call;
    nobody measures what that is billed."""
    voices = sentences_by_voice(all_businesses().values()).values()
    ms = sum(timed(words, WPM).ms for sentences in voices for words in sentences)
    return ms / SPOKEN_MS * FULL.audio_out / 1_000_000


def model_of(environ: Mapping[str, str], mode: Mode) -> RealModel:
    """Who answers. Raises NotBegun: there is no key, or nobody would hear anything."""
    model = RealModel.of(environ)
    if model is None:
        raise NotBegun("--model realtime: OPENAI_API_KEY is not set")
    if mode == "text" and model.url == OPENAI:
        raise NotBegun("--text: OpenAI hears sound, not words as data; leave it out")
    return model


def check(plan: Plan) -> None:
    """Raises NotBegun: the estimate is above what may be spent."""
    if plan.usd > plan.most_usd:
        raise NotBegun(
            f"about {plan.usd:.2f} dollars for {plan.calls} calls, and --most-usd is"
            f" {plan.most_usd:.2f}: name fewer scenarios (--only), fewer --runs, or a higher bound"
        )


def spread(scenarios: Sequence[Scenario], most: int = MOST_SCENARIOS) -> list[Scenario]:
    """At most so many of those that can be served, of each class as many as there is room for."""
    seen, ranked = Counter[str](), list[tuple[int, int]]()
    served = [each for each in scenarios if not each.needs]
    for number, each in enumerate(served):
        ranked.append((seen[each.counted_as], number))
        seen[each.counted_as] += 1
    return [served[number] for number in sorted(number for _, number in sorted(ranked)[:most])]
