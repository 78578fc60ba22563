"""The businesses this process answers for: one TOML file each, published to the stage's store, in
this folder or in BUSINESSES_DIR.

The file's name is the business's id. What a file may say stands in `shared.domain.business`; which
text is in force, `shared.published` knows.
"""

import logging
import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from shared import environment, published
from shared.businesses import plain, syntax
from shared.domain.business import Business
from shared.domain.errors import PortError
from shared.published import version_of

logger = logging.getLogger(__name__)

MOST_VERSIONS = 50  # kept beside those in force


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
    return of_text(text, path.name)


def of_text(text: str, name: str) -> Business:
    """The business of a file of that name, which must be its id.

    Raises:
        BadBusiness: as `parse`, or the id is another one.
    """
    business = parse(text, name)
    if business.id != Path(name).stem:
        raise BadBusiness(f'{name}: id: "{business.id}" is not the file\'s name')
    return business


def parse(text: str, name: str) -> Business:
    """The business that a file's text tells of; `name` is the file's, for its faults.

    Raises:
        BadBusiness: it is no TOML, or a field is wrong.
    """
    try:
        # What Windows puts before a text is no part of it.
        read = tomllib.loads(text.removeprefix("\ufeff"))
        return Business.model_validate(read).of_version(version_of(text))
    except ValidationError as exc:
        told = plain.faults(exc, text)
        raise BadBusiness("\n".join(f"{name}: {fault}" for fault in told)) from exc
    except tomllib.TOMLDecodeError as exc:
        raise BadBusiness(f"{name}: {syntax.fault(exc, text)}") from exc


def load_all(folder: Path) -> dict[str, Business]:
    """Every business of a folder, by id.

    Raises:
        BadBusiness: a file is wrong, or two businesses answer one number.
    """
    found: dict[str, Business] = {}
    owner: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        business = load(path)
        _apart(business, owner, path.name)
        owner.update(dict.fromkeys(business.numbers, business.id))
        found[business.id] = business
    if not found:
        raise BadBusiness(f"{folder.name}: no business file in it")
    return found


def all_businesses() -> dict[str, Business]:
    """The businesses in force now: the same ones as long as nothing was published."""
    files = published.files()
    if _kept.files is not files:
        _kept.businesses, _kept.unusable = _in_force(files)
        _kept.files = files
    return _kept.businesses


def unusable() -> tuple[str, ...]:
    """Ids of those whose published text cannot be used; the one before it is, if there is one."""
    all_businesses()
    return _kept.unusable


def by_id(business_id: str, version: str | None = None) -> Business | None:
    """The business of that id; None when there is none.

    With a version, the business as that one says, if it is to be had and good, else as it is now.
    """
    business = all_businesses().get(business_id)
    if version is None or (business is not None and business.version == version):
        return business
    if (kept := _kept.versions.get((business_id, version))) is not None:
        return kept
    with suppress(BadBusiness, PortError):
        text = published.text_of(business_id, version)
        if text is not None:
            found = parse(text, f"{business_id}.toml")
            while len(_kept.versions) >= MOST_VERSIONS:
                _kept.versions.pop(next(iter(_kept.versions)), None)
            _kept.versions[business_id, version] = found
            return found
    logger.error("a version is not to be had", extra={"business_id": business_id})
    return business


@dataclass(slots=True)
class _BusinessesKept:
    """What was read of the files in force, and of versions that calls began with."""

    files: published.Files | None = None
    businesses: dict[str, Business] = field(default_factory=dict)
    unusable: tuple[str, ...] = ()
    versions: dict[tuple[str, str], Business] = field(default_factory=dict)


_kept = _BusinessesKept()


def _in_force(files: published.Files) -> tuple[dict[str, Business], tuple[str, ...]]:
    """Of a folder every file must be good; a published one that is not gives way to the one
    before it, for a call must be answered."""
    found, bad = dict[str, Business](), list[str]()
    owner: dict[str, str] = {}
    for file in files.values():
        name = f"{file.business_id}.toml"
        try:
            business = of_text(file.text, name)
        except BadBusiness:
            if not file.is_published:
                raise
            logger.error("a published version is unusable", extra={"business_id": file.business_id})
            bad.append(file.business_id)
            with suppress(BadBusiness):
                found[file.business_id] = of_text(file.before or "", name)
            continue
        if not file.is_published:
            _apart(business, owner, name)
        found[business.id] = business
        owner.update(dict.fromkeys(business.numbers, business.id))
    if not found and not bad:
        raise BadBusiness(f"{environment.businesses(os.environ).name}: no business file in it")
    return found, tuple(bad)


def _apart(business: Business, owner: Mapping[str, str], name: str) -> None:
    """Raises BadBusiness: another one answers one of its numbers."""
    for number in business.numbers:
        if number in owner:
            raise BadBusiness(f"{name}: numbers: {number} is {owner[number]}'s already")
