"""Scenario files: who calls, what they know and want, and what must have come of it.

The shape of a file is told in docs/evals.md. Fields that are not named here may be there, and are
left alone; what is named is checked, and what is wrong is said in one line.
"""

import json
import re
from datetime import datetime
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

from shared.businesses import by_id
from shared.domain.models import HazardCategory
from tests.evals.shapes import BadFile

# What is asked of a call and cannot be done yet. Such scenarios are played and counted apart.
Need = Literal["reschedule", "cancel", "text_back", "email_link", "opt_out", "spanish"]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


def _on_the_hour(at: datetime) -> datetime:
    if at.minute or at.second:
        raise ValueError("a window starts on a full hour")
    return at


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as exc:
        raise ValueError(f"no regular expression: {exc}") from exc
    return text


WindowStart = Annotated[AwareDatetime, AfterValidator(_on_the_hour)]
Pattern = Annotated[str, AfterValidator(_pattern)]
PhoneNumber = Annotated[str, Field(pattern=r"^\+[1-9]\d{6,14}$")]


class ExistingJob(Part):
    """A visit that stood before the call."""

    id: str
    customer: str
    phone: PhoneNumber
    window_start: WindowStart
    deposit_paid: bool = False


class Setup(Part):
    """What the call finds. `held`: windows that somebody else has."""

    held: tuple[WindowStart, ...] = ()
    existing_job: ExistingJob | None = None
    nobody_answers: bool = False  # when a person is rung
    line_type: str = "mobile"  # of the caller's number; a landline takes no texts


class ExpectedCall(Part):
    outcome: str
    business_hours: bool | None = None
    flags: tuple[str, ...] = ()


class ExpectedCustomer(Part):
    name: str
    phone: str
    email: str | None = None


class ExpectedJob(Part):
    """Amounts in dollars; a field that is left out, or null, is not looked at."""

    service_type: str | None = None
    window_start: WindowStart
    is_emergency: bool | None = None
    after_hours: bool | None = None
    priority: Literal["emergency", "urgent", "normal"] | None = None
    estimated_cost: float | None = None
    deposit_amount: float | None = None
    deposit_paid: bool | None = None
    address_contains: tuple[str, ...] = ()
    zip: str | None = None
    notes_contain: tuple[str, ...] = ()


class ExpectedEscalation(Part):
    mode: Literal["transfer", "callback", "notify_on_call"]
    reason: str = ""


class ExpectedSafety(Part):
    category: HazardCategory
    advice_given: bool = True


class Expected(Part):
    call: ExpectedCall
    customer: ExpectedCustomer | None = None
    job: ExpectedJob | None = None
    jobs_created: int = 0
    sms: tuple[str, ...] = ()
    escalation: ExpectedEscalation | None = None
    safety: ExpectedSafety | None = None


class Scenario(Part):
    """One call. `behaviours` are read by callers/behaviours.py; `agent_must` and `agent_must_not`
    are for people, but for the dollar figures in them. `says` and `never_says` are regular
    expressions held against what the caller heard."""

    id: Annotated[str, Field(pattern=r"^[\w.-]{1,40}$")]  # it names the page of a failure
    title: str
    kind: str = ""  # the class it is counted in; without one, the outcome
    needs: tuple[Need, ...] = ()
    persona: str = ""
    business: str
    now: AwareDatetime
    caller_id: PhoneNumber | None = None
    setup: Setup = Setup()
    opening: str
    facts: dict[str, str] = Field(default_factory=dict)
    behaviours: tuple[str, ...] = ()
    agent_must: tuple[str, ...] = ()
    agent_must_not: tuple[str, ...] = ()
    says: tuple[Pattern, ...] = ()
    never_says: tuple[Pattern, ...] = ()
    expected: Expected

    @model_validator(mode="after")
    def _known_phone(self) -> Self:
        """A phone among the facts is a number: it is read out digit by digit."""
        phone = self.facts.get("phone")
        if phone is not None and len(re.sub(r"\D", "", phone)) < 10:
            raise ValueError("facts.phone: ten digits are wanted")
        return self

    @property
    def counted_as(self) -> str:
        return self.kind or self.expected.call.outcome


def load(path: Path) -> list[Scenario]:
    """The scenarios of a file: a list, or an object with `scenarios`.

    Raises:
        BadFile: it cannot be read, or one of them has another shape.
    """
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as exc:
        raise BadFile(f"{path}: {getattr(exc, 'strerror', None) or f'no JSON: {exc}'}") from exc
    records = content.get("scenarios") if isinstance(content, dict) else content
    if not isinstance(records, list) or not records:
        raise BadFile(f"{path}: a list of scenarios is wanted, or an object with `scenarios`")
    found = [_scenario(path, at, record) for at, record in enumerate(records, 1)]
    ids = [each.id for each in found]
    if doubled := {each for each in ids if ids.count(each) > 1}:
        raise BadFile(f"{path}: the id {min(doubled)} stands more than once")
    return found


def _scenario(path: Path, at: int, record: object) -> Scenario:
    try:
        scenario = Scenario.model_validate(record)
    except ValidationError as exc:
        error = exc.errors()[0]
        name = record.get("id") if isinstance(record, dict) else None
        which = f"scenario {at}" + (f" (id {name})" if name else "")
        field = ".".join(map(str, error["loc"]))
        where = f"{which}, field {field}" if field else which
        raise BadFile(f"{path}: {where}: {error['msg'][:120]}") from exc
    if by_id(scenario.business) is None:
        raise BadFile(f"{path}: scenario {at} (id {scenario.id}): no business {scenario.business}")
    return scenario
