"""The businesses this process answers for: one TOML file each, in this folder or BUSINESSES_DIR.

The file's name is the business's id. What a file may say stands in `shared.domain.business`.
"""

import os
import tomllib
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from shared import environment
from shared.businesses import plain
from shared.domain.business import Business


class BadBusiness(Exception):
    """A business file that cannot be used; the message names file, field and reason, a line for
    each fault."""


def load(path: Path) -> Business:
    """Read one file.

    Raises:
        BadBusiness: it is no TOML, or a field is wrong.
    """
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as exc:
        raise BadBusiness(f"{path.name}: not TOML: it is no text in UTF-8") from exc
    except OSError as exc:
        raise BadBusiness(f"{path.name}: cannot be read: {exc.strerror}") from exc
    business = parse(text, path.name)
    if business.id != path.stem:
        raise BadBusiness(f'{path.name}: id: "{business.id}" is not the file\'s name')
    return business


def parse(text: str, name: str) -> Business:
    """The business that a file's text tells of; `name` is the file's, for its faults.

    Raises:
        BadBusiness: it is no TOML, or a field is wrong.
    """
    try:
        return Business.model_validate(tomllib.loads(text))
    except ValidationError as exc:
        told = plain.faults(exc, text)
        raise BadBusiness("\n".join(f"{name}: {fault}" for fault in told)) from exc
    except tomllib.TOMLDecodeError as exc:
        raise BadBusiness(f"{name}: not TOML: {exc}") from exc


def load_all(folder: Path) -> dict[str, Business]:
    """Every business of a folder, by id.

    Raises:
        BadBusiness: a file is wrong, or two businesses answer one number.
    """
    found: dict[str, Business] = {}
    owner: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        business = load(path)
        for number in business.numbers:
            if number in owner:
                raise BadBusiness(f"{path.name}: numbers: {number} is {owner[number]}'s already")
            owner[number] = business.id
        found[business.id] = business
    if not found:
        raise BadBusiness(f"{folder.name}: no business file in it")
    return found


@cache
def all_businesses() -> dict[str, Business]:
    """The businesses this deployment answers for; read once, when first asked."""
    return load_all(environment.businesses(os.environ))


def by_id(business_id: str) -> Business | None:
    """The business of that id; None when there is none."""
    return all_businesses().get(business_id)
