"""The shapes of labelled files, checked: which record and which field is wrong is said in a line.

Fields that are not named here may be there, and are left alone.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError, field_validator

from shared.domain.models import HazardCategory


class BadFile(Exception):
    """A labelled file that cannot be graded; the message is one line."""


class Case(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    id: str | int = ""


class DangerCase(Case):
    """`also_ok`: other answers that are right, null among them; `near`: what it sounds like."""

    text: str
    expected: HazardCategory | None
    also_ok: tuple[HazardCategory | None, ...] = ()
    near: str | None = None


class ToolUse(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    name: str
    args: dict[str, Any] | None = None
    result: dict[str, Any] | None = None  # null: it is still running


class ClaimCase(Case):
    now: AwareDatetime
    tools: tuple[ToolUse, ...]
    caller_last: str | None = None
    said: str
    expected: Literal["supported", "unsupported"]
    kind: str = ""


class AnswerCase(Case):
    agent: str
    caller: str
    expected: HazardCategory | None


class DateCase(Case):
    now: AwareDatetime
    tz: str
    said: str
    expected: dict[str, Any] | None

    @field_validator("tz")
    @classmethod
    def _zone(cls, tz: str) -> str:
        try:
            ZoneInfo(tz)
        except (LookupError, ValueError, OSError) as exc:
            raise ValueError("no time zone of that name") from exc
        return tz

    @field_validator("expected")
    @classmethod
    def _readings(cls, expected: dict[str, Any] | None) -> dict[str, Any] | None:
        if expected is None:
            return None
        several = expected.get("ambiguous", expected.get("any_of"))
        for reading in [expected] if several is None else several:
            for name in ("date", "date_to", "earliest", "latest"):
                if not isinstance(reading, dict) or name not in reading:
                    raise ValueError(f"a reading has no {name}")
            if reading["date"] is not None:
                datetime.fromisoformat(reading["date"])
        return expected


C = TypeVar("C", bound=Case)


def cases(path: Path, shape: type[C]) -> list[C]:
    """Every record of a file.

    Raises:
        BadFile: it cannot be read, or a record has another shape.
    """
    try:
        records = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as exc:
        raise BadFile(f"{path}: {getattr(exc, 'strerror', None) or f'no JSON: {exc}'}") from exc
    if not isinstance(records, list):
        raise BadFile(f"{path}: a list of records is wanted, this is {type(records).__name__}")
    if not records:
        raise BadFile(f"{path}: no record in it")
    return [_case(path, at, record, shape) for at, record in enumerate(records, 1)]


def _case(path: Path, at: int, record: object, shape: type[C]) -> C:
    try:
        return shape.model_validate(record)
    except ValidationError as exc:
        error = exc.errors()[0]
        name = record.get("id") if isinstance(record, dict) else None
        which = f"record {at}" + (f" (id {name})" if name else "")
        field = ".".join(map(str, error["loc"]))
        where = f"{which}, field {field}" if field else which
        raise BadFile(f"{path}: {where}: {error['msg'][:120]}") from exc
