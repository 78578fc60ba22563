"""The typed attributes of a row of each table, told by the models.

Glue and DuckDB must both be told what an export may hold; a field added to a model is in both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel

from shared.domain.models import Call, Customer, Job, Payment, Turn
from shared.schema import AGENT_TURNS, CALLS, CUSTOMERS, JOBS, PAYMENTS, PK, SK

Kind = Literal["S", "N", "BOOL", "M", "L"]  # DynamoDB's names

ROWS: Mapping[str, type[BaseModel]] = {
    CALLS: Call,
    AGENT_TURNS: Turn,
    CUSTOMERS: Customer,
    JOBS: Job,
    PAYMENTS: Payment,
}
# Attributes that only the adapter writes.
_BESIDE: Mapping[str, tuple[str, ...]] = {JOBS: ("closed_at",)}


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: its name and DynamoDB type. `inside` are a map's, or a list's only one."""

    name: str
    kind: Kind
    inside: tuple["Attribute", ...] = ()


def attributes(table: str) -> tuple[Attribute, ...]:
    """Every attribute an exported row of `table` may have: its keys, then the model's fields."""
    keys = (Attribute(PK, "S"), Attribute(SK, "S"))
    beside = tuple(Attribute(name, "S") for name in _BESIDE.get(table, ()))
    return keys + _fields(ROWS[table]) + beside


def required(table: str) -> tuple[str, ...]:
    """The attributes without which a row cannot be one of `table`."""
    fields = ROWS[table].model_fields
    return tuple(name for name, field in fields.items() if field.is_required())


def _fields(model: type[BaseModel]) -> tuple[Attribute, ...]:
    return tuple(_attribute(name, field.annotation) for name, field in model.model_fields.items())


def _attribute(name: str, annotation: Any) -> Attribute:
    kind = _bare(annotation)
    if get_origin(kind) is tuple:
        return Attribute(name, "L", (_attribute("element", get_args(kind)[0]),))
    if get_origin(kind) is Literal or kind is AwareDatetime:
        return Attribute(name, "S")
    if issubclass(kind, BaseModel):
        return Attribute(name, "M", _fields(kind))
    if issubclass(kind, bool):
        return Attribute(name, "BOOL")
    if issubclass(kind, int):
        return Attribute(name, "N")
    if issubclass(kind, str | date):
        return Attribute(name, "S")
    raise TypeError(f"{name}: a row holds no {kind}")


def _bare(annotation: Any) -> Any:
    """The type without Optional, Annotated and NewType around it."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _bare(get_args(annotation)[0])
    if origin in (Union, UnionType):
        (given,) = (part for part in get_args(annotation) if part is not NoneType)
        return _bare(given)
    return _bare(annotation.__supertype__) if hasattr(annotation, "__supertype__") else annotation
