"""Every field a business file may have, as docs/business.md tells them: read from the models.

Types, bounds and defaults are the models' own. What a field means and an example stand in
`fields.toml` beside this module; a test holds both against each other.
"""

import tomllib
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from shared.domain.business import Business
from shared.domain.calendar.hours import OpenHours

TOLD = Path(__file__).with_name("fields.toml")
Place = Sequence[int | str]
_PLACE_OF_A_NAME = "NAME"


@dataclass(frozen=True, slots=True)
class FieldTold:
    """One line of the reference."""

    table: str  # "" for the file's own; "card.services.NAME"
    name: str
    meaning: str
    unit: str
    default: str  # "" where it must be given
    example: str


@cache
def _told() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = tomllib.loads(TOLD.read_text("utf-8"))
    return found


def fields() -> tuple[FieldTold, ...]:
    """All of them, the file's own first, then table after table."""
    return tuple(_of(Business, ""))


def fields_of(place: Place) -> tuple[str, ...]:
    """The names that may stand at that place of a file; none where names are the owner's own."""
    model = _model_at(place)
    return tuple(model.model_fields) if model else ()


def example_of(place: Place) -> str:
    """How the field of that place may be written; "" where nobody knows it."""
    model = _model_at(place[:-1])
    return _about(model, str(place[-1])).get("example", "") if model else ""


def _of(model: type[BaseModel], table: str) -> Iterator[FieldTold]:
    below: list[tuple[type[BaseModel], str]] = []
    for name, info in model.model_fields.items():
        inner, named = _inner(info.annotation)
        if inner is not None and inner is not OpenHours:
            where = f"{table}.{name}" if table else name
            below.append((inner, f"{where}.{_PLACE_OF_A_NAME}" if named else where))
        about = _about(model, name)
        yield FieldTold(
            table,
            name,
            about.get("meaning", ""),
            about.get("unit", ""),
            _default(info),
            about.get("example", ""),
        )
    for inner, where in below:
        yield from _of(inner, where)


def _about(model: type[BaseModel], name: str) -> Mapping[str, str]:
    return _told().get(f"{model.__name__}.{name}", {})


def unknown() -> tuple[str, ...]:
    """What `fields.toml` tells of that no model has."""
    known: list[type[BaseModel]] = [Business, *_below(Business)]
    models = {model.__name__: model for model in known}
    return tuple(
        key
        for key in _told()
        if key.split(".")[0] not in models
        or key.split(".")[1] not in models[key.split(".")[0]].model_fields
    )


def _below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for info in model.model_fields.values():
        inner, _ = _inner(info.annotation)
        if inner is not None and inner is not OpenHours:
            yield inner
            yield from _below(inner)


def _model_at(place: Place) -> type[BaseModel] | None:
    model: type[BaseModel] | None = Business
    names_follow = False
    for part in place:
        if isinstance(part, int):
            continue
        if names_follow:  # the owner's own name for one of several
            names_follow = False
            continue
        info = model.model_fields.get(part) if model else None
        model, names_follow = _inner(info.annotation) if info else (None, False)
    return None if names_follow else model


def _inner(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """The model within a type, and whether it stands under names of the owner's own."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Literal, None):
        return None, False
    if origin is Annotated:
        return _inner(arguments[0])
    if origin is dict:
        return _inner(arguments[1])[0], True
    if origin in (tuple, Union, types.UnionType):
        return next((found for each in arguments if (found := _inner(each))[0]), (None, False))
    return None, False


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return ""
    default = info.get_default(call_default_factory=True)
    if default is PydanticUndefined or isinstance(default, BaseModel):
        return "none"
    if default is None or default == () or default == {}:
        return "none"
    if isinstance(default, tuple):
        return "all of them"
    return f'"{default}"' if isinstance(default, str) else str(default).lower()
