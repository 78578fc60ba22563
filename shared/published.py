"""The text of every business's file, as this process knows it: published, or of the folder.

A stage's store holds the pointer, `current.json`: of every business the text in force and the one
before it. Who reads the store (`shared.adapters.business_store`) hands it to `use`; where nothing
was published, the files of the folder are in force. Standard library only, as
`shared.environment` is: the function that answers a ringing phone starts fast.

    current.json                   {"businesses": {"<id>": {"text": …, "before": …}}}
    versions/<id>/<version>.toml   every text that was ever published or drafted
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from shared import environment

POINTER = "current.json"
VERSIONS = "versions/"
DIGITS = 12
LARGEST = 1 << 20  # bytes of the pointer


class BadPointer(Exception):
    """What the store holds is no pointer."""


@dataclass(frozen=True, slots=True)
class BusinessFile:
    """What one business's file says, and what it said before."""

    business_id: str
    text: str
    before: str | None = None
    is_published: bool = False

    @property
    def version(self) -> str:
        return version_of(self.text)

    @property
    def versions(self) -> Iterator[tuple[str, str]]:
        """Version and text: the one in force, then the one before."""
        yield self.version, self.text
        if self.before is not None:
            yield version_of(self.before), self.before


Files = Mapping[str, BusinessFile]
Fetch = Callable[[str, str], str | None]  # business id, version -> the text; raises PortError


def version_of(text: str) -> str:
    """The version's name: the same text is the same version wherever it is."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def key_of(business_id: str, version: str) -> str:
    """Where the store keeps a version."""
    return f"{VERSIONS}{business_id}/{version}.toml"


def read_pointer(data: bytes) -> dict[str, BusinessFile]:
    """Raises BadPointer."""
    try:
        told = json.loads(data)["businesses"]
        return {
            str(business_id): BusinessFile(
                str(business_id),
                _text(entry["text"]),
                None if entry.get("before") is None else _text(entry["before"]),
                is_published=True,
            )
            for business_id, entry in told.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise BadPointer("the pointer is not of the shape it must have") from exc


def write_pointer(files: Files) -> bytes:
    told = {
        each.business_id: {"text": each.text, "before": each.before}
        for each in sorted(files.values(), key=lambda file: file.business_id)
    }
    return json.dumps({"businesses": told}, ensure_ascii=False, indent=1).encode()


def in_folder(folder: Path) -> dict[str, BusinessFile]:
    """The files of a folder, each by its name. One that is no text counts as empty."""
    return {
        path.stem: BusinessFile(path.stem, path.read_bytes().decode("utf-8", "replace"))
        for path in sorted(folder.glob("*.toml"))
        if path.is_file()
    }


class _Known:
    """What this process knows now; replaced as a whole, so that a reader sees one state."""

    published: Files = {}  # noqa: RUF012 - never changed, only replaced
    of_folder: tuple[Path, Files] | None = None
    merged: Files | None = None
    fetch: Fetch = staticmethod(lambda _business_id, _version: None)


def use(published: Files) -> None:
    """From now on these are in force; of none: nothing is published, the folder's are."""
    _Known.published, _Known.merged = published, None


def fetch_with(fetch: Fetch) -> None:
    """How a version is had that is neither in force nor the one before."""
    _Known.fetch = staticmethod(fetch)


def forget() -> None:
    """Know nothing, as at the start of a process."""
    use({})
    _Known.of_folder = None
    fetch_with(lambda _business_id, _version: None)


def files() -> Files:
    """Every business's file in force: what was published, and what the folder has of others.

    The same mapping as long as nothing changed.
    """
    folder = environment.businesses(os.environ)
    if _Known.of_folder is None or _Known.of_folder[0] != folder:
        _Known.of_folder, _Known.merged = (folder, in_folder(folder)), None
    merged = _Known.merged
    if merged is None:
        own, published = _Known.of_folder[1], _Known.published
        merged = {**published, **{key: own[key] for key in own if key not in published}}
        _Known.merged = merged
    return merged


def text_of(business_id: str, version: str) -> str | None:
    """The text of that version; None where it is not to be had. The store may be asked.

    Raises:
        PortError: the store did not answer.
    """
    file = files().get(business_id)
    known = dict(file.versions) if file else {}
    if version in known:
        return known[version]
    text = _Known.fetch(business_id, version)
    return text if text is not None and version_of(text) == version else None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is wanted")
    return value
