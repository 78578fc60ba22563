"""Holds plain JSON to a TypedDict, keys nobody declared forbidden.

pydantic and the openai package let unknown keys through: a misspelt one would be found by the
server, in a call. Returns what is wrong, as sentences; an empty list is a value of that type.
"""

from collections.abc import Iterable
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import typing_extensions as te


def faults(value: Any, kind: Any, where: str = "$") -> list[str]:
    """What keeps `value` from being of type `kind`."""
    origin = get_origin(kind)
    if origin in (te.Required, te.NotRequired, te.Annotated):
        return faults(value, get_args(kind)[0], where)
    if kind is Any or kind is object:
        return []
    if origin in (Union, UnionType):
        return _one_of(value, get_args(kind), where)
    if origin in (Literal, te.Literal):
        return (
            [] if value in get_args(kind) else [f"{where}: {value!r} is none of {get_args(kind)}"]
        )
    if te.is_typeddict(kind):
        return _typed_dict(value, kind, where)
    if origin is dict:
        return _mapping(value, get_args(kind), where)
    if isinstance(origin, type) and issubclass(origin, Iterable):
        if not isinstance(value, list):
            return [f"{where}: no list"]
        (inner,) = get_args(kind)
        return [f for i, item in enumerate(value) for f in faults(item, inner, f"{where}[{i}]")]
    return _plain(value, kind, where)


def _plain(value: Any, kind: Any, where: str) -> list[str]:
    if kind in (None, NoneType):
        return [] if value is None else [f"{where}: not null"]
    if isinstance(kind, te.TypeAliasType):
        return faults(value, kind.__value__, where)
    accepted = (int, float) if kind is float else kind
    if isinstance(value, bool) and kind is not bool:
        return [f"{where}: {value!r} is no {kind}"]
    return [] if isinstance(value, accepted) else [f"{where}: {value!r} is no {kind}"]


def _mapping(value: Any, kinds: tuple[Any, ...], where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where}: no object"]
    inner = kinds[1] if len(kinds) == 2 else object
    return [f for key, item in value.items() for f in faults(item, inner, f"{where}.{key}")]


def _one_of(value: Any, kinds: tuple[Any, ...], where: str) -> list[str]:
    tried = [faults(value, kind, where) for kind in kinds]
    if any(not found for found in tried):
        return []
    # Of several shapes the one with the most in common tells most.
    return min(
        tried, key=lambda found: (any(f.startswith(f"{where}.type:") for f in found), len(found))
    )


def _typed_dict(value: Any, kind: Any, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where}: no object"]
    hints = get_type_hints(kind, include_extras=True)
    found = [f"{where}.{key}: missing" for key in kind.__required_keys__ - value.keys()]
    for key, item in value.items():
        if key in hints:
            found += faults(item, hints[key], f"{where}.{key}")
        else:
            found.append(f"{where}.{key}: unknown key")
    return found
