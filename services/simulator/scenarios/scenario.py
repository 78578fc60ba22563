"""A scripted call: who rings whom, what she says to what she hears, what must come of it."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from services.simulator.scenarios import businesses
from shared.command_line import meant

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[2]


class ScenarioError(ValueError):
    """A scenario cannot be used; the message names file, field and reason."""


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as exc:
        raise ValueError(f"not a regular expression: {exc}") from exc
    return pattern


Table = Literal["calls", "agent_turns", "customers", "jobs", "payments"]
Pattern = Annotated[str, Field(min_length=1), AfterValidator(_compiles)]
Number = Annotated[str, Field(pattern=r"^\+[1-9]\d{7,14}$")]


def matches(pattern: str, text: str) -> bool:
    """Tell whether `pattern` occurs in `text`, in any case and across lines."""
    return re.search(pattern, text, re.IGNORECASE | re.DOTALL) is not None


class ScenarioValue(BaseModel):
    """Frozen, and strict about names: a misspelt field is an error, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ScriptLine(ScenarioValue):
    """What the caller does when the agent's last turn matches `hears`.

    It may be used once for each wording, or `times` times, the wordings taking turns. With
    `interrupts_after_ms` she does not wait for the end of the turn: from then on she speaks
    as soon as what she has heard of it matches.
    """

    hears: Pattern
    says: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    keys: Annotated[str, Field(pattern=r"^[0-9*#]*$")] = ""
    keys_code: bool = False  # the six digits of the newest text that holds some
    hangs_up: bool = False
    silent: bool = False
    interrupts_after_ms: Annotated[int, Field(ge=0)] | None = None
    times: Annotated[int, Field(ge=1)] | None = None

    @property
    def uses(self) -> int:
        """How often it may be used."""
        return self.times or len(self.says) or 1

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        acts = bool(self.says or self.keys or self.keys_code or self.hangs_up)
        if acts == self.silent:
            raise ValueError("needs says, keys or hangs_up, or silent = true and none of them")
        return self


class OnCall(ScenarioValue):
    """What the person on call does when the phone rings, and says once connected."""

    answers: Literal["accepts", "declines", "no_answer"] = "no_answer"
    says: str = "Hi, this is Dana, the on-call technician. I have your details, and I'll help you."


class Pay(ScenarioValue):
    """Whether the caller pays by the texted link; `late`: only after its first session expired."""

    pays: bool = False
    late: bool = False


class ExpectedText(ScenarioValue):
    """A text message that must have been sent."""

    to: Number
    says: Pattern


class Expect(ScenarioValue):
    """What must be true afterwards. All patterns are searched in any case.

    `rows` counts a table's rows; `call` and `job` compare fields of the call's row and of its
    one job: text is a pattern, anything else must be equal.
    """

    outcome: str
    hazard: str | None = None
    rows: dict[Table, Annotated[int, Field(ge=0)]] = {}
    call: dict[str, bool | int | str] = {}
    job: dict[str, bool | int | str] = {}
    text: tuple[ExpectedText, ...] = ()
    untold: tuple[Number, ...] = ()  # who gets no text
    kept: tuple[Pattern, ...] = ()  # of the keys of rows that analysts do not read: OPTOUT#...
    spoken_in_order: tuple[Pattern, ...] = ()
    never_spoken: tuple[Pattern, ...] = ()
    never_stored: tuple[Pattern, ...] = ()
    cut_turns: Annotated[int, Field(ge=0)] | None = None
    heard_within_ms: int = 20  # one frame; a cut at the model's own moment meets frames in flight


class Scenario(ScenarioValue):
    """One scripted call."""

    name: str
    title: str
    business: str
    files: str | None = None  # of another folder of this repository: docs/examples
    at: AwareDatetime
    caller: Number = Field(alias="from")
    voice: Annotated[str, Field(pattern=r"^[a-z]{2}_[a-z]+$")]
    lines: tuple[ScriptLine, ...] = Field(alias="line", min_length=1)
    puzzled: tuple[str, ...] = ("Sorry, could you say that again?", "I'm sorry, what was that?")
    patience_s: Annotated[int, Field(ge=5)] = 45
    on_call: OnCall = OnCall()
    pay: Pay = Pay()
    expect: Expect
    rogue: bool = False
    after: str | None = None  # the scenario whose call came before this one, on the same stack

    @property
    def dialed(self) -> str:
        """The number she dials."""
        return businesses.number(self.business, self.folder) or self.business

    @property
    def folder(self) -> Path | None:
        """Where its business's file is, where that is not with the others."""
        return ROOT / self.files if self.files else None

    @property
    def wordings(self) -> tuple[str, ...]:
        """Everything she may say, each wording once."""
        said = [wording for line in self.lines for wording in line.says]
        return tuple(dict.fromkeys([*said, *self.puzzled]))

    @model_validator(mode="after")
    def _rings_somebody(self) -> Self:
        if not re.match(r"^\+[1-9]\d{7,14}$", self.dialed):
            known = ", ".join(businesses.ids())
            raise ValueError(f"business: {self.business!r} is neither a number nor one of {known}")
        return self


def names(folder: Path = FOLDER) -> tuple[str, ...]:
    """Return the names of the scenarios, in order."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


def named(scenario: str) -> str:
    """A scenario as another process finds it: a file by its whole path."""
    return str(Path(scenario).resolve()) if scenario.endswith(".toml") else scenario


def load(name: str, folder: Path = FOLDER) -> Scenario:
    """Return the scenario called `name`, or that of a file, which ends in .toml.

    Raises:
        ScenarioError: there is none, or its file is not a scenario.
    """
    path = folder / f"{name}.toml"
    if name.endswith(".toml"):
        path, name = Path(name), Path(name).stem
    elif name not in names(folder):
        known = ", ".join(names(folder))
        near = meant(name, names(folder))
        raise ScenarioError(
            f"no scenario {name!r}{near}; there are: {known}, or a file of your own"
        )
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise ScenarioError(f"{path}: cannot be read: {exc.strerror}") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ScenarioError(f"{path.name}: not TOML: {exc}") from exc
    try:
        return Scenario.model_validate({"name": name, **fields})
    except ValidationError as exc:
        first = exc.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "scenario"
        raise ScenarioError(f"{path.name}: {field}: {first['msg']}") from exc
